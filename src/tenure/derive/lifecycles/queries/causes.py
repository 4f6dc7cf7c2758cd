"""Why a customer entered a stage, in words with the values that counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenure.definitions import Library, Metric
from tenure.definitions.expression.tree import (
    Arithmetic,
    Comparison,
    Constant,
    Function,
    Name,
    Node,
    names_in,
)
from tenure.derive.lifecycles.queries.numbers import number, with_unit
from tenure.words import Words

Value = float | int | str | bool | None
Values = Mapping[str, Value]

_RELATIONS = {
    ">": Words(zh="超过", en="more than"),
    ">=": Words(zh="达到", en="at least"),
    "<": Words(zh="少于", en="less than"),
    "<=": Words(zh="降到不超过", en="at most"),
}
# Ages only grow, so a comparison with one ends on the upper side of its limit.
_GROWN = {"<=": ">", ">": ">", "<": ">=", ">=": ">="}
# Counts in a rolling window only fall while nothing happens.
_FALLEN = {">=": "<", "<": "<", ">": "<=", "<=": "<="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
# A stage may look at a dozen metrics; what never happened says least.
_VALUES_SHOWN = 4
_AGES = ("days_since_first", "days_since_last")


def event_words(library: Library, event_type: str) -> Words:
    """The name of an event type, or its key where the library does not know it."""
    known = library.event_types.get(event_type)
    return known.name if known else Words(zh=f"事件 {event_type}", en=event_type)


def event_cause(library: Library, event_type: str, names: Sequence[str], values: Values) -> Words:
    """An event made the stage: its name and the values of the metrics the stage looks at.

    Args:
        library: names and units of metrics.
        event_type: what happened.
        names: base metrics of the stage's condition, in the order to show them.
        values: their values right after the event.
    """
    event = event_words(library, event_type)
    known = [key for key in names if values.get(key) is not None]
    if len(known) > _VALUES_SHOWN:
        known = [key for key in known if values[key] != 0] or known
    shown = [_named(library, key, values[key]) for key in known[:_VALUES_SHOWN]]
    if not shown:
        return event
    return Words(
        zh=f"{event.zh}（{'，'.join(words.zh for words in shown)}）",
        en=f"{event.en} ({', '.join(words.en for words in shown)})",
    )


def time_cause(library: Library, node: Node, values: Values, limit: float | None) -> Words:
    """Time passed a limit: the comparison that turned, with the values at that moment.

    Args:
        library: names and units of metrics.
        node: the comparison, over base metrics.
        values: metric values at the moment of crossing.
        limit: the value of the limit, in the unit of the comparison.
    """
    if not isinstance(node, Comparison):
        return _renewed(library, node, values)
    left, op, right = node.left, str(node.op), node.right
    if _moves(library, right) and not _moves(library, left):
        left, op, right = right, _MIRRORED[op], left
    turned = (_GROWN if _has_age(library, left) else _FALLEN).get(op)
    if turned is None or not isinstance(left, Name):
        return _renewed(library, node, values)
    crossing = _Crossing(library, library.metrics[left.key], _RELATIONS[turned], right)
    return crossing.words(values, limit)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """A metric that time moved past a limit."""

    library: Library
    metric: Metric
    relation: Words
    bound: Node

    def words(self, values: Values, limit: float | None) -> Words:
        """The crossing with the values at its moment."""
        days = _unit(self.metric) == "days"
        phrase, relation = _phrase(self.metric), self.relation
        if isinstance(self.bound, Constant):
            bound = with_unit(self.bound.value, _unit(self.metric))
            zh = f"{phrase.zh}{relation.zh} {bound.zh}"
            if days:
                return Words(zh=zh, en=f"{relation.en} {bound.en} {phrase.en}")
            counted = self.metric.agg in ("count", "distinct")
            en = relation.en.replace("less than", "fewer than") if counted else relation.en
            return Words(zh=zh, en=f"{phrase.en}: {en} {bound.en}")
        value = values.get(self.metric.key)
        now = with_unit(limit if value is None else value, _unit(self.metric))
        text = _side(self.library, self.bound, values, _unit(self.metric))
        zh = f"{phrase.zh} {now.zh}，{relation.zh} {text.zh}"
        if days:
            return Words(zh=zh, en=f"{now.en} {phrase.en}: {relation.en} {text.en}")
        return Words(zh=zh, en=f"{phrase.en} {now.en}: {relation.en} {text.en}")


def _renewed(library: Library, node: Node, values: Values) -> Words:
    """Any other comparison: the values of its metrics at that moment."""
    shown = [_named(library, key, values[key]) for key in names_in(node) if key in values]
    return Words(
        zh="时间推移：" + "，".join(words.zh for words in shown),
        en="time passed: " + ", ".join(words.en for words in shown),
    )


def _has_age(library: Library, node: Node) -> bool:
    return any(library.metrics[key].agg in _AGES for key in names_in(node))


def _moves(library: Library, node: Node) -> bool:
    metrics = [library.metrics[key] for key in names_in(node)]
    return any(metric.agg in _AGES or metric.window_us is not None for metric in metrics)


def _unit(metric: Metric) -> str:
    return metric.unit or ("days" if metric.agg in _AGES else "")


def _phrase(metric: Metric) -> Words:
    """A metric's name as a part of a sentence: “距上次下单”, “since last order”."""
    en = metric.name.en
    if len(en) > 1 and en[1].islower():
        en = en[0].lower() + en[1:]
    if _unit(metric) == "days":
        en = en.removeprefix("days ") if en.startswith("days since") else en
        return Words(zh=metric.name.zh.removesuffix("天数"), en=en)
    return Words(zh=metric.name.zh, en=en)


def _named(library: Library, key: str, value: Value) -> Words:
    metric = library.metrics[key]
    shown = with_unit(value, _unit(metric))
    phrase = _phrase(metric)
    en = f"{phrase.en} {shown.en}"
    if _unit(metric) == "days":
        if phrase.en.startswith("since"):
            en = f"{shown.en} {phrase.en}"
        elif "days" in phrase.en.split():
            en = f"{phrase.en} {number(value)}"
        else:
            en = f"{phrase.en} of {shown.en}"
    return Words(zh=f"{phrase.zh} {shown.zh}", en=en)


def _side(library: Library, node: Node, values: Values, unit: str = "") -> Words:
    """The limit as it is written, each metric with its value, a bare number in ``unit``."""
    match node:
        case Constant():
            return with_unit(node.value, unit)
        case Name():
            return _named(library, node.key, values.get(node.key))
        case Arithmetic():
            sign = {"*": "×", "/": "÷", "-": "−"}.get(str(node.op), str(node.op))
            left, right = (_side(library, side, values) for side in (node.left, node.right))
            return Words(zh=f"{left.zh} {sign} {right.zh}", en=f"{left.en} {sign} {right.en}")
        case Function(name="coalesce"):
            chosen = next((a for a in node.arguments if _known(a, values)), node.arguments[-1])
            return _side(library, chosen, values, unit)
        case Function(name="greatest" | "least"):
            return _extreme(library, node, values, unit)
        case _:
            shown = [_named(library, key, values.get(key)) for key in names_in(node)]
            return Words(zh="，".join(w.zh for w in shown), en=", ".join(w.en for w in shown))


def _extreme(library: Library, node: Function, values: Values, unit: str) -> Words:
    parts = [_side(library, argument, values, unit) for argument in node.arguments]
    larger = node.name == "greatest"
    zh = f"{'、'.join(part.zh for part in parts[:-1])}与{_spaced(parts[-1].zh)}"
    en = ", ".join(part.en for part in parts[:-1]) + f" and {parts[-1].en}"
    return Words(
        zh=f"{zh}中的较{'大' if larger else '小'}者",
        en=f"the {'larger' if larger else 'smaller'} of {en}",
    )


def _spaced(text: str) -> str:
    """With a space before it where it begins with a figure or a letter, as after Chinese text."""
    return f" {text}" if text[:1].isascii() else text


def _known(node: Node, values: Values) -> bool:
    return all(values.get(key) is not None for key in names_in(node))
