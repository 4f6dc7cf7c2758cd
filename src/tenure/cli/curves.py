"""Survival curves of the time in a stage, as a table and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.cli import screen
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.science.survival import SurvivalCurve

_MARKS = (30, 90, 365)
_STAGE = Words(zh="阶段", en="Stage")


def curve_data(curve: SurvivalCurve | None) -> dict[str, object] | None:
    """A curve for programs: its median with limits, and the shares still there."""
    if curve is None:
        return None
    return {
        "stays": curve.stays,
        "censored": curve.censored,
        "median_days": curve.median,
        "median_low": curve.median_low,
        "median_high": curve.median_high,
        "staying": {str(mark): curve.at(mark) for mark in _MARKS},
    }


def show_curves(curves: dict[str, SurvivalCurve | None]) -> None:
    """Print a row per stage: stays, median with limits, shares still there later on."""
    columns: list[screen.Column] = [
        (_STAGE, "left"),
        (Words(zh="次数", en="Stays"), "right"),
        (Words(zh="仍在", en="Go on"), "right"),
        (Words(zh="中位天数（95%）", en="Median (95%)"), "right"),
        *((Words(zh=f">{mark}天", en=f">{mark}d"), "right") for mark in _MARKS),
    ]
    rows = []
    for name, curve in curves.items():
        if curve is None:
            rows.append([name, *[screen.UNKNOWN] * (len(columns) - 1)])
            continue
        staying = [f"{curve.at(mark):.0%}" for mark in _MARKS]
        counts = [screen.count(curve.stays), screen.count(curve.censored)]
        rows.append([name, *counts, _median(curve), *staying])
    screen.table(columns, rows)


def _median(curve: SurvivalCurve) -> str:
    if curve.median is None:
        return screen.UNKNOWN
    limits = [
        "∞" if limit is None else f"{limit:,.0f}" for limit in (curve.median_low, curve.median_high)
    ]
    return f"{curve.median:,.1f} ({limits[0]}–{limits[1]})"
