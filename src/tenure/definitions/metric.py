"""Metrics: named numbers (and other values) per customer, as of a moment."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from tenure.clock import DAY_US
from tenure.definitions.base import Definition
from tenure.definitions.body import Body
from tenure.definitions.document import EVENT_KEY
from tenure.definitions.expression import Node, SourceText
from tenure.definitions.expression.tokens import KEYWORDS
from tenure.words import Words

Aggregate = Literal[
    "count", "sum", "mean", "min", "max", "first", "last", "distinct",
    "days_since_first", "days_since_last", "gap_median", "gap_max", "gap_last",
]  # fmt: skip
Unit = Literal["count", "money", "days", "ratio"]
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
UNITS: tuple[Unit, ...] = get_args(Unit)
OF_A_FIELD = frozenset({"sum", "mean", "min", "max", "first", "last", "distinct"})
WINDOWED = frozenset({"count", "sum", "mean", "min", "max"})
IN_DAYS = frozenset({"days_since_first", "days_since_last", "gap_median", "gap_max", "gap_last"})
_UNIT_US = {"h": DAY_US // 24, "d": DAY_US, "w": 7 * DAY_US}
_WINDOW = re.compile(r"([1-9][0-9]{0,5})([hdw])")


@dataclass(frozen=True, slots=True)
class Metric(Definition):
    """A named value per customer: an aggregate over events, or an expression over metrics.

    Attributes:
        of: event types aggregated; empty in the derived form.
        where: condition over the fields of those events, and ``source`` and ``currency``.
        agg: how they are aggregated; None in the derived form.
        field: the field aggregated, for the aggregates that need one.
        window_us: only events in ``(t - window, t]``, in microseconds; None for all events.
        expression: the derived form.
        unit: how to show the value.
    """

    kind: ClassVar[str] = "metric"

    of: tuple[str, ...] = ()
    where: Node | None = None
    agg: Aggregate | None = None
    field: str | None = None
    window_us: int | None = None
    expression: Node | None = None
    unit: Unit | None = None
    where_source: SourceText | None = dataclasses.field(
        default=None, kw_only=True, compare=False, repr=False
    )
    expression_source: SourceText | None = dataclasses.field(
        default=None, kw_only=True, compare=False, repr=False
    )

    @property
    def derived(self) -> bool:
        """Whether the metric is an expression over other metrics."""
        return self.expression is not None


def read_metric(body: Body) -> Metric:
    """A metric from its document."""
    where, where_source = body.expression("where")
    expression, expression_source = body.expression("expression")
    agg = body.choice("agg", AGGREGATES, required=False)
    unit = body.choice("unit", UNITS, required=False)
    metric = Metric(
        key=body.key("key"),
        name=body.words("name"),
        description=body.optional_words("description"),
        of=body.keys("of", pattern=EVENT_KEY),
        where=where,
        agg=next((known for known in AGGREGATES if known == agg), None),
        field=body.key("field", required=False) or None,
        window_us=_read_window(body),
        expression=expression,
        unit=next((known for known in UNITS if known == unit), None),
        where_source=where_source,
        expression_source=expression_source,
        origin=body.document.origin(),
    )
    refuse_reserved(body, metric.key)
    if body.has("expression"):
        _check_derived(body)
    else:
        _check_aggregate(body, metric)
    return metric


def refuse_reserved(body: Body, key: str) -> None:
    """Refuse a key that expressions could never name."""
    if key in KEYWORDS:
        cause = Words(
            f"{key} 是条件语言的保留词，换一个名称",
            f"{key} is a word of the condition language; choose another name",
        )
        body.refuse("key", cause)


def window_text(window_us: int) -> str:
    """A window as written in a definition: ``90d``, or hours where days do not do."""
    if window_us % DAY_US == 0:
        return f"{window_us // DAY_US}d"
    return f"{window_us // _UNIT_US['h']}h"


def _read_window(body: Body) -> int | None:
    text = body.optional("window")
    if text is None:
        return None
    found = _WINDOW.fullmatch(text)
    if found is None:
        cause = Words(
            "时间窗口写作整数加单位：12h、90d、2w",
            "a window is a whole number and a unit: 12h, 90d, 2w",
        )
        body.refuse("window", cause)
        return None
    return int(found[1]) * _UNIT_US[found[2]]


def _check_derived(body: Body) -> None:
    for key in ("of", "where", "agg", "field", "window"):
        if body.has(key):
            cause = Words(
                f"指标要么由 expression 得出，要么由事件汇总；两者不能同写，去掉 {key}",
                f"a metric is an expression or an aggregate, not both; leave out {key}",
            )
            body.refuse(key, cause)


def _check_aggregate(body: Body, metric: Metric) -> None:
    for key in ("of", "agg"):
        if not body.has(key):
            cause = Words(
                f"缺少 {key}（由其他指标得出的指标写 expression）",
                f"{key} is missing (a metric made of other metrics has an expression)",
            )
            body.refuse(key, cause)
    for index, key in enumerate(metric.of):
        if key in metric.of[:index]:
            cause = Words(f"{key} 重复", f"{key} is written twice")
            body.refuse_at(f"of[{index}]", cause)
    agg = metric.agg
    if agg is None:
        return
    if agg in OF_A_FIELD and not body.has("field"):
        body.refuse("agg", Words(f"{agg} 需要 field", f"{agg} needs a field"))
    if agg not in OF_A_FIELD and body.has("field"):
        cause = Words(f"{agg} 不看字段，去掉 field", f"{agg} looks at no field; leave it out")
        body.refuse("field", cause)
    if agg not in WINDOWED and body.has("window"):
        allowed = ", ".join(known for known in AGGREGATES if known in WINDOWED)
        cause = Words(
            f"{agg} 不能带时间窗口；可带的有 {allowed}",
            f"{agg} takes no window; those that do are {allowed}",
        )
        body.refuse("window", cause)
