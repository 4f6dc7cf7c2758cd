"""Random libraries and histories, small and full of ties."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import pyarrow as pa
from hypothesis import strategies as st

from tenure.clock import DAY_US, EPOCH
from tenure.definitions import (
    EventType,
    Field,
    Library,
    Lifecycle,
    Metric,
    PartyType,
    Stage,
)
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
)
from tenure.words import Words

from .brute_force import Happened

NAME = Words("名", "name")
START_US = 1_700_006_400_000_000
"""Midnight UTC, so that pins' dates meet events."""
TYPES = ("order.placed", "order.cancelled", "page.viewed")
AMOUNTS = (None, 0.0, 1.5, 10.0, 12.3456, 99.999, -3.0)
NUMBERS = (None, 0.0, 0.5, 1.0, 2.25, 100.0)
INTEGERS = (None, 0, 1, 2, 5)
TEXTS = (None, "web", "store", "Gift")
DATES = (None, date(2023, 11, 15), date(2024, 1, 1))

FIELDS = {
    "order.placed": (
        Field("amount", "money"),
        Field("quantity", "integer"),
        Field("channel", "string"),
        Field("gift", "boolean"),
    ),
    "order.cancelled": (Field("amount", "money"), Field("quantity", "integer")),
    "page.viewed": (
        Field("score", "number"),
        Field("channel", "string"),
        Field("due", "date"),
        Field("gift", "boolean"),
    ),
    "stage.pinned": (
        Field("lifecycle", "string"),
        Field("stage", "string"),
        Field("until", "date"),
    ),
    "stage.unpinned": (Field("lifecycle", "string"),),
    "other.noted": (),
}
VALUES = {
    "amount": AMOUNTS,
    "quantity": INTEGERS,
    "score": NUMBERS,
    "channel": TEXTS,
    "gift": (None, True, False),
    "due": DATES,
}
VALUE_TYPES = {
    "amount": "number", "quantity": "number", "score": "number",
    "channel": "text", "gift": "boolean", "due": "date",
}  # fmt: skip


def number(value: float) -> Constant:
    return Constant(float(value), "number")


@st.composite
def wheres(draw: st.DrawFn, of: tuple[str, ...]) -> Node | None:
    fields = sorted({f.key for one in of for f in FIELDS[one]})
    options: list[Node] = []
    for key in fields:
        kind = VALUE_TYPES[key]
        name = Name(key, kind)  # type: ignore[arg-type]
        match kind:
            case "number":
                options.append(Comparison(draw(operators), name, number(draw(small))))
            case "text":
                options.append(Comparison("<>", name, Constant("store", "text")))
                options.append(
                    Comparison("=", Function("lower", (name,)), Constant("gift", "text"))
                )
            case "boolean":
                options.append(Not(name))
            case "date":
                options.append(Comparison(">=", name, Constant(DATES[2], "date")))
        options.append(NullTest(name))
    return draw(st.sampled_from(options)) if options and draw(st.booleans()) else None


operators = st.sampled_from(["<", "<=", ">", ">=", "=", "<>"])
orders = st.sampled_from(["<", "<=", ">", ">="])
small = st.sampled_from([0, 0.5, 1, 2, 3, 5, 10])
days = st.sampled_from([0, 0.5, 1, 1.5, 2, 3, 7, 30, 100])
windows = st.sampled_from([DAY_US // 2, DAY_US, 2 * DAY_US, 3 * DAY_US, 7 * DAY_US])


@st.composite
def metrics(draw: st.DrawFn, index: int) -> Metric:
    of = tuple(draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=2, unique=True)))
    agg = draw(
        st.sampled_from(
            [
                "count", "count", "count", "sum", "mean", "min", "max", "first", "last",
                "distinct", "days_since_first", "days_since_last", "days_since_last",
                "gap_median", "gap_max", "gap_last",
            ]
        )
    )  # fmt: skip
    field = None
    if agg in ("sum", "mean", "min", "max", "first", "last", "distinct"):
        numeric = agg in ("sum", "mean", "min", "max")
        keys = sorted({f.key for one in of for f in FIELDS[one]})
        keys = [key for key in keys if not numeric or VALUE_TYPES[key] == "number"]
        field = draw(st.sampled_from(keys))
    window = None
    if agg in ("count", "sum", "mean", "min", "max"):
        window = draw(st.one_of(st.none(), windows))
    return Metric(
        f"m{index}_{agg}", NAME, of=of, where=draw(wheres(of)), agg=agg, field=field,
        window_us=window,
    )  # fmt: skip


def type_of_metric(metric: Metric) -> str:
    if metric.agg in ("first", "last"):
        return VALUE_TYPES[str(metric.field)]
    return "number"


class Conditions:
    """Random conditions over given metrics, within what the engine promises to compute."""

    def __init__(self, found: list[Metric]) -> None:
        typed = [(metric, type_of_metric(metric)) for metric in found]
        self.ages = [m.key for m in found if str(m.agg).startswith("days_since")]
        self.numbers = [m.key for m, kind in typed if kind == "number" and m.key not in self.ages]
        self.others = [(m.key, kind) for m, kind in typed if kind != "number"]

    @st.composite
    @staticmethod
    def of(draw: st.DrawFn, self: Conditions, depth: int = 2) -> Node:
        if depth and draw(st.integers(0, 2)) == 0:
            return draw(Conditions.joined(self, depth))
        kinds = ["number"] * (1 + bool(self.numbers)) + ["age"] * (3 * bool(self.ages))
        kinds += ["other"] * bool(self.others) + ["null"]
        match draw(st.sampled_from(kinds)):
            case "age":
                return draw(Conditions.timely(self))
            case "other":
                return draw(Conditions.chosen(self))
            case "null":
                return draw(Conditions.known(self))
        op = draw(operators)
        if self.numbers and draw(st.booleans()):
            # The plain form, which windowed counts take to their deadlines.
            name = Name(draw(st.sampled_from(self.numbers)), "number")
            limit = number(draw(small))
            match draw(st.integers(0, 3)):
                case 0:
                    return Between(name, limit, number(draw(small)), draw(st.booleans()))
                case 1:
                    return Membership(name, (limit, number(draw(small))), draw(st.booleans()))
                case 2:
                    return Comparison(op, limit, name)
            return Comparison(op, name, limit)
        return Comparison(op, draw(Conditions.number(self, 2)), draw(Conditions.number(self, 1)))

    @st.composite
    @staticmethod
    def joined(draw: st.DrawFn, self: Conditions, depth: int) -> Node:
        inner = Conditions.of(self, depth - 1)
        match draw(st.integers(0, 5)):
            case 0:
                return Not(draw(inner))
            case 1:
                return Case(((draw(inner), draw(inner)),), draw(st.none() | inner))
            case 2:
                return Function("coalesce", (draw(inner), Constant(False, "boolean")))
            case 3:
                return NullTest(draw(inner), draw(st.booleans()))
        op = draw(st.sampled_from(["and", "or"]))
        return Logic(op, tuple(draw(st.lists(inner, min_size=2, max_size=3))))

    @st.composite
    @staticmethod
    def number(draw: st.DrawFn, self: Conditions, depth: int) -> Node:
        if depth == 0 or draw(st.booleans()):
            if self.numbers and draw(st.booleans()):
                return Name(draw(st.sampled_from(self.numbers)), "number")
            return number(draw(small))
        inner = Conditions.number(self, depth - 1)
        match draw(st.integers(0, 4)):
            case 0:
                return Negate(draw(inner))
            case 1:
                name = draw(st.sampled_from(["coalesce", "greatest", "least"]))
                return Function(name, (draw(inner), draw(inner)))
            case 2:
                return Function("abs", (draw(inner),))
            case 3:
                when = Comparison("<", draw(inner), draw(inner))
                return Case(((when, draw(inner)),), draw(inner))
        return Arithmetic(draw(st.sampled_from("+-*/")), draw(inner), draw(inner))

    @st.composite
    @staticmethod
    def timely(draw: st.DrawFn, self: Conditions) -> Node:
        left, right = draw(Conditions.days(self, 2)), draw(Conditions.limit(self))
        if draw(st.integers(0, 3)) == 0:
            left, right = right, left
        if draw(st.integers(0, 5)) == 0:
            return Between(left, right, draw(Conditions.limit(self)), draw(st.booleans()))
        return Comparison(draw(orders), left, right)

    @st.composite
    @staticmethod
    def limit(draw: st.DrawFn, self: Conditions) -> Node:
        match draw(st.integers(0, 3)):
            case 0:
                return Name(draw(st.sampled_from(self.ages)), "number")
            case 1:
                return draw(Conditions.number(self, 1))
        return number(draw(days))

    @st.composite
    @staticmethod
    def days(draw: st.DrawFn, self: Conditions, depth: int) -> Node:
        age = Name(draw(st.sampled_from(self.ages)), "number")
        if depth == 0 or draw(st.booleans()):
            return age
        inner = Conditions.days(self, depth - 1)
        match draw(st.integers(0, 6)):
            case 0:
                return Arithmetic("*", number(draw(st.sampled_from([2, 0.5, -1]))), draw(inner))
            case 1:
                return Arithmetic("/", draw(inner), number(2))
            case 2:
                return Arithmetic(draw(st.sampled_from("+-")), draw(inner), draw(inner))
            case 3:
                op = draw(st.sampled_from("+-"))
                return Arithmetic(op, draw(inner), draw(Conditions.number(self, 1)))
            case 4:
                name = draw(st.sampled_from(["coalesce", "greatest", "least"]))
                return Function(name, (draw(inner), draw(Conditions.limit(self))))
            case 5:
                return Function("abs", (draw(inner),))
        when = Comparison(draw(orders), age, number(draw(days)))
        return Case(((when, draw(inner)),), draw(Conditions.limit(self)))

    @st.composite
    @staticmethod
    def chosen(draw: st.DrawFn, self: Conditions) -> Node:
        key, kind = draw(st.sampled_from(self.others))
        name = Name(key, kind)  # type: ignore[arg-type]
        match kind:
            case "boolean":
                return name
            case "date":
                return Comparison(draw(operators), name, Constant(DATES[1], "date"))
        option = Constant("web", "text")
        if draw(st.booleans()):
            return Membership(name, (option, Constant("Gift", "text")), draw(st.booleans()))
        return Comparison(draw(st.sampled_from(["=", "<>"])), name, option)

    @st.composite
    @staticmethod
    def known(draw: st.DrawFn, self: Conditions) -> Node:
        keys = [*self.numbers, *self.ages]
        key = draw(st.sampled_from(keys)) if keys else None
        node: Node = Name(key, "number") if key else number(1)
        return NullTest(node, draw(st.booleans()))


def library_of(found: list[Metric], stages: list[Node | None], check: list[int]) -> Library:
    """A library with one lifecycle, ``path``, whose stages are checked in the order given."""
    return library_with(found, [path_of("path", stages, check)])


def library_with(found: list[Metric], lifecycles: list[Lifecycle]) -> Library:
    """A library with these metrics and lifecycles over the events of the worlds."""
    types = [EventType(key, NAME, fields=fields) for key, fields in FIELDS.items()]
    return Library.of([*types, *found, PartyType("person", NAME, identifiers=()), *lifecycles])


def path_of(key: str, stages: list[Node | None], check: list[int]) -> Lifecycle:
    """A lifecycle of persons with these conditions."""
    return Lifecycle(
        key,
        NAME,
        party="person",
        stages=tuple(
            Stage(f"stage{i}", NAME, "active", when=node) for i, node in enumerate(stages)
        ),
        check=tuple(f"stage{i}" for i in check),
    )


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    found = [draw(metrics(i)) for i in range(draw(st.integers(1, 4)))]
    conditions = Conditions(found)
    many = draw(st.integers(1, 4))
    stages: list[Node | None] = [draw(Conditions.of(conditions)) for _ in range(many)]
    return library_of(found, [*stages, None], list(range(many + 1)))


@st.composite
def several(draw: st.DrawFn) -> Library:
    """Lifecycles that share metrics, or have some of their own."""
    found = [draw(metrics(i)) for i in range(draw(st.integers(1, 5)))]
    lifecycles = []
    for index in range(draw(st.integers(1, 3))):
        own = draw(st.lists(st.sampled_from(found), min_size=1, unique_by=lambda m: m.key))
        many = draw(st.integers(0, 3))
        stages: list[Node | None] = [draw(Conditions.of(Conditions(own))) for _ in range(many)]
        lifecycles.append(path_of(f"path{index}", [*stages, None], list(range(many + 1))))
    return library_with(found, lifecycles)


@st.composite
def events(draw: st.DrawFn, customers: int = 3, most: int = 7) -> list[Happened]:
    found: list[Happened] = []
    for customer in range(1, customers + 1):
        for _ in range(draw(st.integers(1, most))):
            kind = draw(
                st.sampled_from([*TYPES * 3, "stage.pinned", "stage.unpinned", "other.noted"])
            )
            at_us = START_US + draw(st.integers(0, 24)) * DAY_US // 4
            fields = {
                f.key: draw(st.sampled_from(VALUES[f.key])) for f in FIELDS[kind] if f.key in VALUES
            }
            if kind.startswith("stage."):
                fields["lifecycle"] = draw(st.sampled_from(["path", "path", "another"]))
            if kind == "stage.pinned":
                fields["stage"] = draw(st.sampled_from(["stage0", "stage1", "nowhere"]))
                later = draw(st.one_of(st.none(), st.integers(0, 8)))
                fields["until"] = None if later is None else day_of(START_US) + timedelta(later)
            found.append(Happened(0, customer, kind, at_us, fields))
    ids = draw(st.permutations(range(1, len(found) + 1)))
    return [
        Happened(event_id, e.customer_id, e.type, e.at_us, e.fields)
        for event_id, e in zip(ids, found, strict=True)
    ]


def day_of(moment_us: int) -> date:
    return (EPOCH + timedelta(microseconds=moment_us)).date()


SCHEMA = {
    "customer_id": "int64", "event_id": "int64", "type": "string", "occurred_us": "int64",
    "recorded_us": "int64", "amount_e4": "int64", "currency": "string", "source": "string",
    "batch_id": "int64", "f_quantity": "int64", "f_score": "float64", "f_channel": "string",
    "f_gift": "boolean", "f_due": "date", "f_lifecycle": "string", "f_stage": "string",
    "f_until": "date",
}  # fmt: skip
ARROW = {
    "int64": pa.int64(), "string": pa.string(), "float64": pa.float64(), "boolean": pa.bool_(),
    "date": pa.date32(),
}  # fmt: skip


def unbound() -> ibis.Table:
    """The events of customers, without rows."""
    return ibis.table(SCHEMA, name="events")


def arrow_of(found: list[Happened]) -> pa.Table:
    """Events as the lake has them, with ``customer_id``."""
    rows = []
    for event in found:
        row = {
            "customer_id": event.customer_id,
            "event_id": event.event_id,
            "type": event.type,
            "occurred_us": event.at_us,
            "recorded_us": event.at_us,
            "source": "test",
        }
        for key, value in event.fields.items():
            if key == "amount":
                row["amount_e4"] = None if value is None else round(float(str(value)) * 10_000)
            else:
                row[f"f_{key}"] = value
        rows.append(row)
    schema = pa.schema([(name, ARROW[kind]) for name, kind in SCHEMA.items()])
    return pa.Table.from_pylist(rows, schema=schema)
