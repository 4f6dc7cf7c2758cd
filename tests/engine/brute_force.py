"""An evaluator that shares nothing with the engine: event by event, moment by moment.

A figure at a moment is computed from the plain list of events up to it. Where a stage changes
is found by trying: the moments of events, of events leaving windows and of pins are candidates, and
between two candidates every comparison is bisected to the microsecond at which it flips.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from tenure.clock import DAY_US
from tenure.definitions import Library, Metric
from tenure.definitions.expression.tree import (
    Arithmetic,
    Between,
    Case,
    Comparison,
    Constant,
    Function,
    Logic,
    Membership,
    Name,
    Negate,
    Node,
    Not,
    NullTest,
    children,
    walk,
)

END_US = 253_402_300_800_000_000


@dataclass(frozen=True)
class Happened:
    """One event as the evaluator sees it; ``fields`` has what the event type declares."""

    event_id: int
    customer_id: int
    type: str
    at_us: int
    fields: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Days:
    """A number with exact days in it: ``ages`` microseconds (exact) plus ``rest`` days."""

    ages: Fraction
    rest: float | None


@dataclass(frozen=True)
class World:
    """A customer's events under a lifecycle."""

    library: Library
    lifecycle_key: str
    events: tuple[Happened, ...]

    @cached_property
    def ordered(self) -> list[Happened]:
        return sorted(self.events, key=lambda event: (event.at_us, event.event_id))

    @cached_property
    def whens(self) -> dict[str, Node | None]:
        lifecycle = self.library.lifecycles[self.lifecycle_key]
        return {
            stage.code: None if stage.when is None else self.library.resolve(stage.when)
            for stage in lifecycle.stages
        }

    def stage_at(self, at_us: int) -> str:
        return self.pinned_at(at_us) or self.computed_at(at_us)

    def computed_at(self, at_us: int) -> str:
        moment = Moment(self, at_us)
        for code in self.library.lifecycles[self.lifecycle_key].check:
            when = self.whens[code]
            if when is None or moment.value(when) is True:
                return code
        raise AssertionError("the last stage has no condition")

    @cached_property
    def pin_statements(self) -> list[Happened]:
        return [
            event
            for event in self.ordered
            if event.type in ("stage.pinned", "stage.unpinned")
            and event.fields.get("lifecycle") == self.lifecycle_key
            and (event.type == "stage.unpinned" or event.fields.get("stage") in self.whens)
        ]

    def pinned_at(self, at_us: int) -> str | None:
        said = [event for event in self.pin_statements if event.at_us <= at_us]
        if not said or said[-1].type == "stage.unpinned":
            return None
        until = until_us(said[-1])
        if until is not None and at_us >= until:
            return None
        return str(said[-1].fields["stage"])

    def history(self) -> list[tuple[str, int, int | None]]:
        """Stage, entered, left of every interval."""
        starts: list[tuple[int, str]] = []
        for at_us in self.breakpoints():
            stage = self.stage_at(at_us)
            if not starts or starts[-1][1] != stage:
                starts.append((at_us, stage))
        ends: list[int | None] = [at_us for at_us, _ in starts[1:]]
        return [
            (stage, at_us, left) for (at_us, stage), left in zip(starts, [*ends, None], strict=True)
        ]

    def breakpoints(self) -> list[int]:
        """Every moment at which anything at all may change, from the first event on."""
        first = self.ordered[0].at_us
        points = {event.at_us for event in self.events}
        windows = {m.window_us for m in self.library.metrics.values() if m.window_us}
        points |= {event.at_us + window for event in self.events for window in windows}
        points |= {until for event in self.pin_statements if (until := until_us(event))}
        points = {point for point in points if first <= point < END_US}
        for splitter in self.splitters():
            points |= set(self.flips(splitter, sorted(points)))
        return sorted(points)

    def splitters(self) -> list[Node]:
        """Comparisons that are monotone between the flips of those before them."""
        found: list[Node] = []
        for when in self.whens.values():
            if when is not None:
                found.extend(splitters_of(when))
        unique: list[Node] = []
        for node in found:
            if node not in unique and self.has_ages(node):
                unique.append(node)
        return unique

    def has_ages(self, node: Node) -> bool:
        return any(
            isinstance(part, Name)
            and str(self.library.metrics[part.key].agg).startswith("days_since")
            for part in walk(node)
        )

    def flips(self, condition: Node, points: list[int]) -> Iterator[int]:
        for start, end in zip(points, [*points[1:], END_US], strict=True):
            low, high = start, end - 1
            before = Moment(self, low).value(condition)
            if before == Moment(self, high).value(condition):
                continue
            while high - low > 1:
                middle = (low + high) // 2
                if Moment(self, middle).value(condition) == before:
                    low = middle
                else:
                    high = middle
            yield high


def splitters_of(node: Node) -> list[Node]:
    found = [part for child in children(node) for part in splitters_of(child)]
    match node:
        case Comparison():
            found.append(node)
        case Between(operand, low, high):
            found += [Comparison("<", operand, low), Comparison("<=", operand, high)]
        case Function("abs", arguments):
            found.append(Comparison("<", arguments[0], Constant(0.0, "number")))
        case Function("greatest" | "least", arguments):
            found += [Comparison("<=", a, b) for a in arguments for b in arguments if a != b]
    return found


def until_us(event: Happened) -> int | None:
    until = event.fields.get("until")
    if not isinstance(until, date):
        return None
    return (until - date(1970, 1, 1)).days * DAY_US


@dataclass
class Moment:
    """Everything that is known of a customer at one moment."""

    world: World
    at_us: int
    figures: dict[str, object] = field(default_factory=dict)

    def metric(self, key: str) -> object:
        if key not in self.figures:
            self.figures[key] = figure(self.world, self.world.library.metrics[key], self.at_us)
        return self.figures[key]

    def value(self, node: Node) -> object:
        return evaluate(node, self.metric)


def figure(world: World, metric: Metric, at_us: int) -> object:
    """A metric from the events up to a moment."""
    events = [
        event
        for event in world.ordered
        if event.at_us <= at_us
        and (metric.window_us is None or event.at_us > at_us - metric.window_us)
        and event.type in metric.of
        and (metric.where is None or evaluate(metric.where, fields_of(event)) is True)
    ]
    times = [event.at_us for event in events]
    values = [
        event.fields[metric.field] for event in events if event.fields.get(metric.field or "")
        is not None
    ]  # fmt: skip
    match metric.agg:
        case "count":
            return float(len(events))
        case "distinct":
            return float(len(set(values)))
        case "first":
            return as_number(values[0]) if values else None
        case "last":
            return as_number(values[-1]) if values else None
        case "days_since_first":
            return Days(Fraction(at_us - times[0]), 0.0) if times else None
        case "days_since_last":
            return Days(Fraction(at_us - times[-1]), 0.0) if times else None
        case "gap_last" | "gap_max" | "gap_median":
            return gap(str(metric.agg), sorted(set(times)))
    return amount(world, metric, [float(value) for value in values])  # type: ignore[arg-type]


def gap(agg: str, times: list[int]) -> float | None:
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    if not gaps:
        return None
    match agg:
        case "gap_last":
            return float(gaps[-1]) / DAY_US
        case "gap_max":
            return float(max(gaps)) / DAY_US
    return float(statistics.median(gaps)) / DAY_US


def amount(world: World, metric: Metric, values: list[float]) -> float | None:
    field_type = world.library.fields_of(metric.of)[metric.field or ""].type
    scale = {"money": 10_000.0, "integer": 1.0}.get(field_type, 1_000_000.0)
    match metric.agg:
        case "sum":
            return float(sum(round(value * scale) for value in values)) / scale
        case "min":
            return min(values) if values else None
        case "max":
            return max(values) if values else None
    if not values:
        return None
    return float(sum(round(value * scale) for value in values)) / scale / len(values)


def as_number(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def fields_of(event: Happened):  # type: ignore[no-untyped-def]
    return lambda key: as_number(event.fields.get(key))


def evaluate(node: Node, names) -> object:  # type: ignore[no-untyped-def]
    """The value of ``node``: None is NULL; three-valued logic as SQL has it."""

    def go(part: Node) -> object:
        return evaluate(part, names)

    match node:
        case Constant(value):
            return as_number(value)
        case Name(key):
            return names(key)
        case Arithmetic(op, left, right):
            return calculate(op, go(left), go(right))
        case Negate(operand):
            return calculate("-", 0.0, go(operand))
        case Comparison(op, left, right):
            return compare(op, go(left), go(right))
        case Between(operand, low, high, negated):
            inside = conjunction(
                [compare(">=", go(operand), go(low)), compare("<=", go(operand), go(high))]
            )
            return negation(inside) if negated else inside
        case Membership(operand, options, negated):
            among = disjunction([compare("=", go(operand), go(option)) for option in options])
            return negation(among) if negated else among
        case NullTest(operand, negated):
            return (go(operand) is None) != negated
        case Logic("and", operands):
            return conjunction([go(part) for part in operands])
        case Logic(_, operands):
            return disjunction([go(part) for part in operands])
        case Not(operand):
            return negation(go(operand))
        case Case(branches, otherwise):
            for when, then in branches:
                if go(when) is True:
                    return go(then)
            return None if otherwise is None else go(otherwise)
        case Function(name, arguments):
            return apply(name, [go(part) for part in arguments])
    raise AssertionError(node)


def apply(name: str, arguments: list[object]) -> object:
    known = [argument for argument in arguments if argument is not None]
    if name == "lower":
        return str(arguments[0]).lower() if known else None
    if not known:
        return None
    match name:
        case "coalesce":
            return known[0]
        case "abs":
            negative = compare("<", known[0], 0.0)
            return calculate("-", 0.0, known[0]) if negative else known[0]
    best = known[0]
    for other in known[1:]:
        if compare(">" if name == "greatest" else "<", other, best):
            best = other
    return best


def parts(value: object) -> tuple[Fraction, float]:
    if isinstance(value, Days):
        return value.ages, value.rest or 0.0
    assert isinstance(value, float)
    return Fraction(0), value


def calculate(op: str, left: object, right: object) -> object:
    if left is None or right is None:
        return None
    (left_ages, left_rest), (right_ages, right_rest) = parts(left), parts(right)
    match op:
        case "+":
            ages, rest = left_ages + right_ages, left_rest + right_rest
        case "-":
            ages, rest = left_ages - right_ages, left_rest - right_rest
        case "*":
            ages = left_ages * Fraction(right_rest) + right_ages * Fraction(left_rest)
            rest = left_rest * right_rest
        case _:
            if right_rest == 0:
                return None
            ages, rest = left_ages / Fraction(right_rest), left_rest / right_rest
    timely = isinstance(left, Days) or isinstance(right, Days)
    return Days(ages, rest) if timely else rest


OPERATORS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}


def compare(op: str, left: object, right: object) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, Days) or isinstance(right, Days):
        (left_ages, left_rest), (right_ages, right_rest) = parts(left), parts(right)
        # Days are compared in microseconds: exactly, with the limit as a double.
        limit = right_rest - left_rest
        return OPERATORS[op](left_ages - right_ages, Fraction(limit * DAY_US))
    return OPERATORS[op](left, right)


def conjunction(values: list[object]) -> bool | None:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def disjunction(values: list[object]) -> bool | None:
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def negation(value: object) -> bool | None:
    return None if value is None else not value
