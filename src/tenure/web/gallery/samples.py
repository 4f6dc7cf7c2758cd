"""Made-up contents of the components."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tenure.definitions import CANONICAL_STAGES
from tenure.web.language import told
from tenure.words import Words

STAGE_NAMES = {
    "prospect": Words("潜在", "Prospect"),
    "engaged": Words("接触", "Engaged"),
    "new": Words("新客", "New"),
    "active": Words("活跃", "Active"),
    "loyal": Words("忠诚", "Loyal"),
    "at_risk": Words("有流失风险", "At risk"),
    "lost": Words("流失", "Lost"),
    "won_back": Words("赢回", "Won back"),
    "ended": Words("结束", "Ended"),
}


def stages() -> list[tuple[str, Words]]:
    """All canonical stages with a name."""
    return [(key, STAGE_NAMES[key]) for key in CANONICAL_STAGES]


def rows() -> list[dict[str, Any]]:
    """A few customers that do not exist."""
    names = ("林知夏", "欧阳若兰", "Grace Hopper", "王五")
    kinds = ("active", "loyal", "at_risk", "new")
    return [
        {"name": name, "stage": kind, "words": STAGE_NAMES[kind], "orders": 3 * place + 1,
         "spent": 1234.5 * (place + 1) ** 5, "share": 0.123 * place}
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]  # fmt: skip


def moments(now: datetime) -> list[dict[str, Any]]:
    """A short life."""
    told_of = (
        ("shopping-cart", Words("下单 ¥328.00", "Placed an order, ¥328.00"), 2),
        ("message-circle", Words("咨询尺码", "Asked about sizes"), 3),
        ("user-plus", Words("注册会员", "Became a member"), 49),
    )
    return [
        {"at": now - timedelta(hours=hours), "icon": icon, "title": told(words)}
        for icon, words, hours in told_of
    ]


def bars() -> dict[str, Any]:
    """Heads per stage, each in its colour."""
    return {
        "tooltip": {"valueFormatter": "@number"},
        "grid": {"left": 48, "right": 16, "top": 16, "bottom": 32},
        "xAxis": {"type": "category", "data": [told(words) for _, words in stages()]},
        "yAxis": {"type": "value", "axisLabel": {"formatter": "@compact"}},
        "series": [
            {
                "type": "bar",
                "data": [
                    {"value": 900 * (9 - place) + 40, "itemStyle": {"color": f"var(--stage-{key})"}}
                    for place, (key, _) in enumerate(stages())
                ],
            }
        ],
    }


def flow() -> dict[str, Any]:
    """Who went where."""
    links = (("new", "active", 320), ("active", "loyal", 120), ("active", "at_risk", 90),
             ("at_risk", "lost", 60), ("loyal", "at_risk", 15))  # fmt: skip
    depth = sorted({key for link in links for key in link[:2]})
    return {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey",
                "data": [
                    {"name": told(STAGE_NAMES[key]), "itemStyle": {"color": f"var(--stage-{key})"}}
                    for key in depth
                ],
                "links": [
                    {"source": told(STAGE_NAMES[a]), "target": told(STAGE_NAMES[b]), "value": heads}
                    for a, b, heads in links
                ],
                "lineStyle": {"color": "gradient", "opacity": 0.35},
            }
        ],
    }
