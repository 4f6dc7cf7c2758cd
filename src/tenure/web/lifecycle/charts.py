"""Charts of lifecycles as plain options of ECharts; the page's script gives them its colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from tenure.definitions import Lifecycle
from tenure.derive.lifecycles.queries import CohortConversion, Passage
from tenure.science.survival import SurvivalCurve
from tenure.web.language import told
from tenure.words import Words

MOST_POINTS = 200
NOT_YET = Words("尚非客户", "Not yet")
_GRID = {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True}
_DAYS = Words("天", "days")
_LASTING = Words("仍在该阶段的比例", "Still in the stage")


def sankey(
    lifecycle: Lifecycle, passages: Sequence[Passage], addresses: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    """Where customers stood at one date, and where at another."""
    stages = {stage.code: stage for stage in lifecycle.stages}

    def named(code: str) -> str:
        return told(stages[code].name if code in stages else NOT_YET)

    def node(side: str, code: str) -> dict[str, Any]:
        stage = stages.get(code)
        colour = f"var(--stage-{stage.canonical})" if stage else "var(--text-quiet)"
        label = named(code)
        position = "right" if side == "a" else "left"
        return {
            "name": f"{side}:{code}",
            "itemStyle": {"color": colour},
            "label": {"formatter": label, "position": position},
            "tooltip": {"formatter": escape(label)},
            "depth": 0 if side == "a" else 1,
        }

    names = list(dict.fromkeys(("a", one.from_stage) for one in passages))
    order = [*stages, ""]
    names.sort(key=lambda one: order.index(one[1]))
    after = sorted({one.to_stage for one in passages}, key=order.index)
    nodes = [node(*name) for name in names] + [node("b", code) for code in after]
    links = [
        {
            "source": f"a:{one.from_stage}",
            "target": f"b:{one.to_stage}",
            "value": one.customers,
            "url": addresses.get((one.from_stage, one.to_stage), ""),
            "lineStyle": {"color": "source", "opacity": 0.35 if one.from_stage else 0.15},
            "tooltip": {
                "formatter": escape(
                    f"{named(one.from_stage)} → {named(one.to_stage)}: {one.customers:,}"
                )
            },
        }
        for one in passages
    ]
    series = {
        "type": "sankey",
        "data": nodes,
        "links": links,
        "nodeAlign": "justify",
        "layoutIterations": 0,
        "nodeGap": 14,
        "left": 8,
        "right": 8,
        "top": 8,
        "bottom": 8,
        "emphasis": {"focus": "adjacency"},
        "label": {"fontSize": 12},
    }
    return {"tooltip": {"trigger": "item", "valueFormatter": "@number"}, "series": [series]}


def survival(curves: Sequence[tuple[str, str, SurvivalCurve]], *, band: bool) -> dict[str, Any]:
    """Curves of how many are still in a stage after so many days.

    Args:
        curves: name, colour and curve of each.
        band: draw the confidence band of each.
    """
    series: list[dict[str, Any]] = []
    for name, colour, curve in curves:
        times, values, low, high = _thinned(curve)
        if band:
            series += _band(name, colour, times, low, high, first=not series)
        series.append(
            {
                "type": "line",
                "name": name,
                "step": "end",
                "showSymbol": False,
                "lineStyle": {"width": 2},
                "color": colour,
                "data": [[time, value] for time, value in zip(times, values, strict=True)],
            }
        )
    return {
        "legend": {"data": [name for name, _, _ in curves], "type": "scroll", "top": 0},
        "tooltip": {"trigger": "axis", "valueFormatter": "@percent"},
        "grid": _GRID,
        "xAxis": {"type": "value", "name": told(_DAYS), "nameLocation": "end", "min": 0},
        "yAxis": {
            "type": "value",
            "min": 0,
            "max": 1,
            "axisLabel": {"formatter": "@percent"},
            "name": told(_LASTING),
            "nameTextStyle": {"align": "left"},
        },
        "series": series,
    }


def conversions(rows: Sequence[CohortConversion]) -> dict[str, Any]:
    """The share converted of each cohort; a gap where nobody is observed for the whole time."""
    return {
        "tooltip": {"trigger": "axis", "valueFormatter": "@percent"},
        "grid": {**_GRID, "top": 16},
        "xAxis": {"type": "category", "data": [row.cohort for row in rows]},
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "@percent"}},
        "series": [
            {
                "type": "line",
                "symbolSize": 8,
                "data": [None if row.share is None else round(row.share, 4) for row in rows],
            }
        ],
    }


def _band(
    name: str,
    colour: str,
    times: list[float],
    low: list[float],
    high: list[float],
    *,
    first: bool,
) -> list[dict[str, Any]]:
    """Two stacked lines: the lower limit unseen, and the width above it filled.

    The first curve is of everybody; bands of cohorts over it are fainter.
    """
    common = {
        "type": "line",
        "step": "end",
        "stack": f"band {name}",
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"opacity": 0},
        "color": colour,
        "tooltip": {"show": False},
    }
    width = [round(top - bottom, 4) for bottom, top in zip(low, high, strict=True)]
    return [
        {**common, "data": [[time, value] for time, value in zip(times, low, strict=True)]},
        {
            **common,
            "areaStyle": {"color": colour, "opacity": 0.18 if first else 0.06},
            "data": [[time, value] for time, value in zip(times, width, strict=True)],
        },
    ]


def _thinned(
    curve: SurvivalCurve,
) -> tuple[list[float], list[float], list[float], list[float]]:
    """The curve from 1 at day 0, at no more points than a screen shows."""
    count = len(curve.times)
    chosen = np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).round().astype(int))
    times = [0.0, *(round(float(time), 2) for time in curve.times[chosen])]
    sides = (curve.survival, curve.low, curve.high)
    survival_, low, high = (
        [1.0, *(round(float(value), 4) for value in side[chosen])] for side in sides
    )
    return times, survival_, low, high
