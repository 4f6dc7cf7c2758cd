"""What every tab of a lifecycle shows around its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.definitions import explain_words
from tenure.derive.lifecycles.queries import following
from tenure.guard.access.queries import colleagues
from tenure.web.lifecycle.asking import Asked, Who
from tenure.web.viewer import rights_on
from tenure.words import Words

TABS: Mapping[str, Words] = {
    "stages": Words("阶段", "Stages"),
    "flows": Words("流向", "Flows"),
    "conversion": Words("转化", "Conversion"),
    "time": Words("停留时间", "Time in stage"),
    "paths": Words("路径", "Paths"),
    "coming": Words("即将变化", "Coming changes"),
}


def show_tab(
    request: HttpRequest, asked: Asked, tab: str, context: Mapping[str, Any]
) -> HttpResponse:
    """The page of a tab."""
    return render(request, f"lifecycle/{tab}.html", {**frame(asked, tab), **context})


def frame(asked: Asked, tab: str) -> dict[str, Any]:
    """Context of the frame around a tab."""
    return {
        "asked": asked,
        "lifecycle": asked.lifecycle,
        "names": {stage.code: stage for stage in asked.lifecycle.stages},
        "as_of": asked.moment,
        "tab": tab,
        "tabs": [
            {"words": words, "address": asked.address(name), "here": name == tab, "count": None}
            for name, words in TABS.items()
        ],
        "others": sorted(asked.library.lifecycles.values(), key=lambda one: (one.name.zh, one.key)),
        "following": following(asked.lifecycle.key),
        "explanation": explain_words(asked.lifecycle, asked.library),
        "chips": chips(asked),
        "may_define": rights_on(asked.request).may("definition.view"),
    }


def chips(asked: Asked) -> list[dict[str, object]]:
    """The filters in force, each with the address without it."""
    found = []
    for name, value, words in _parts(asked.who, ""):
        found.append({"label": words, "remove": _without(asked, name), "value": value})
    for name, value, words in _parts(asked.beside, "vs_"):
        label = Words(f"对比：{words.zh}", f"compared with {words.en}")
        found.append({"label": label, "remove": _without(asked, name), "value": value})
    return found


def _parts(who: Who, prefix: str) -> list[tuple[str, object, Words]]:
    parts: list[tuple[str, object, Words]] = []
    if who.owner is not None:
        name = colleagues().get(who.owner, f"#{who.owner}")
        parts.append((f"{prefix}owner", who.owner, Words(f"负责人 {name}", f"owner {name}")))
    if who.channel:
        channel = Words(f"首次渠道 {who.channel}", f"first channel {who.channel}")
        parts.append((f"{prefix}channel", who.channel, channel))
    if who.where:
        parts.append((f"{prefix}where", who.where, Words(who.where, who.where)))
    return parts


def _without(asked: Asked, name: str) -> str:
    query = asked.request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    rest = query.urlencode()
    return f"{asked.request.path}?{rest}" if rest else asked.request.path
