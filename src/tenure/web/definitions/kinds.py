"""What kinds of definitions are called, and what of them a page shows."""

from __future__ import annotations

from collections.abc import Mapping

from tenure.definitions import CANONICAL_STAGES
from tenure.words import Words

KINDS: Mapping[str, Words] = {
    "lifecycle": Words("生命周期", "Lifecycles"),
    "metric": Words("指标", "Metrics"),
    "expression": Words("条件", "Conditions"),
    "event_type": Words("事件类型", "Event types"),
    "party_type": Words("客户类型", "Party types"),
    "form": Words("表单", "Forms"),
    "pack": Words("行业包", "Packs"),
}
EDITED = ("lifecycle", "metric", "expression", "event_type", "party_type", "form")
"""Kinds that can be edited here; packs come with Tenure."""
WITH_FORM = ("lifecycle", "metric")
"""Kinds that have a form; the others are edited as YAML."""
CANONICAL: Mapping[str, Words] = dict(
    zip(
        CANONICAL_STAGES,
        (
            Words("潜在", "prospect"),
            Words("互动", "engaged"),
            Words("新客", "new"),
            Words("活跃", "active"),
            Words("忠诚", "loyal"),
            Words("有风险", "at risk"),
            Words("流失", "lost"),
            Words("赢回", "won back"),
            Words("结束", "ended"),
        ),
        strict=True,
    )
)
AGGREGATES: Mapping[str, Words] = {
    "count": Words("次数", "count"),
    "sum": Words("合计", "sum"),
    "mean": Words("平均", "mean"),
    "min": Words("最小", "smallest"),
    "max": Words("最大", "largest"),
    "first": Words("首次的值", "first value"),
    "last": Words("最近的值", "latest value"),
    "distinct": Words("不同值的个数", "different values"),
    "days_since_first": Words("距首次天数", "days since the first"),
    "days_since_last": Words("距最近天数", "days since the latest"),
    "gap_median": Words("间隔中位数", "median gap"),
    "gap_max": Words("最大间隔", "largest gap"),
    "gap_last": Words("最近间隔", "latest gap"),
}
UNITS: Mapping[str, Words] = {
    "count": Words("次", "count"),
    "money": Words("金额", "money"),
    "days": Words("天", "days"),
    "ratio": Words("比率", "ratio"),
}
