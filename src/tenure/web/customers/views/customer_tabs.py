"""What the tabs of a customer's page show: timeline, stages, metrics, notes, identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.definitions import Library, Metric
from tenure.derive.customers.operations.noting import may_change
from tenure.derive.customers.queries import merges, refused_links
from tenure.derive.customers.queries.notes import files_in, notes_in
from tenure.derive.lifecycles.queries.biography import Life, Standing, Trend, trends
from tenure.record.events.queries import identifiers, timeline_page
from tenure.web.components import figures
from tenure.web.customers.views.customer_frame import Opened, open_customer
from tenure.web.customers.views.customer_told import event_name, size, tell
from tenure.web.language import told
from tenure.web.viewer import page
from tenure.words import Words

Context = dict[str, Any]
TIMELINE = "timeline"
TABS: Mapping[str, Words] = {
    TIMELINE: Words("时间线", "Timeline"),
    "stages": Words("阶段历史", "Stages"),
    "metrics": Words("指标", "Metrics"),
    "notes": Words("备注与附件", "Notes and files"),
    "identity": Words("身份与合并", "Identity"),
}
PAGE = 50
_MONTHS = 12
_BAR = 1000
"""Width of a bar of stages in its own units."""
_MOST_METRICS = 24


def tab_context(opened: Opened, tab: str, found: Sequence[Standing], chosen: str | None) -> Context:
    """What the template of a tab needs."""
    match tab:
        case "stages":
            return _stages(opened, found, chosen)
        case "metrics":
            return _metrics(opened, chosen)
        case "notes":
            return _notes(opened)
        case "identity":
            return _identity(opened)
    return _timeline(opened)


@page("customer.view")
def life(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """One lifecycle of a customer as a picture and a list, for a part of the page."""
    opened = open_customer(request, customer_id)
    found = opened.lives([key])
    context = {"opened": opened, "life": _picture(found[0], opened.moment.at) if found else None}
    return render(request, "customers/customer_life.html", context)


def _timeline(opened: Opened) -> Context:
    asked = opened.request.GET
    types = [one for one in asked.getlist("type") if one in opened.extent.types]
    sources = [one for one in asked.getlist("source") if one in opened.extent.sources]
    after = asked.get("after", "")
    found = timeline_page(
        opened.own,
        occurred_to=opened.moment.at if opened.moment.is_past else None,
        known_at=opened.moment.known_at,
        types=types,
        sources=sources,
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
        limit=PAGE,
    )
    return {
        "lines": tell(opened, found.events),
        "older": found.older,
        "type_choices": [
            (key, event_name(opened, key), count, key in types)
            for key, count in opened.extent.types.items()
        ],
        "source_choices": [
            (key, count, key in sources) for key, count in opened.extent.sources.items()
        ],
        "filtered": len(types) + len(sources),
    }


def _stages(opened: Opened, found: Sequence[Standing], chosen: str | None) -> Context:
    first = opened.lives([chosen]) if chosen else []
    # where a customer stands today says nothing of the past
    names = {} if opened.moment.is_past else {one.lifecycle.key: one for one in found}
    others = [
        {"lifecycle": lifecycle, "standing": names.get(key)}
        for key, lifecycle in opened.library.lifecycles.items()
        if key != chosen and (key in names or opened.moment.is_past)
    ]
    return {"life": _picture(first[0], opened.moment.at) if first else None, "other_lives": others}


def _picture(one: Life, at: datetime) -> Context:
    """The stays up to a moment as parts of one bar, and as a list, the newest first."""
    begin = one.history[0].entered_at
    open_end = max(at, begin + timedelta(minutes=1))
    stays = []
    for stay in one.history:
        left = stay.left_at or open_end
        share = (left - stay.entered_at) / (open_end - begin)
        stays.append(
            {
                "stay": stay,
                "begins": f"{(stay.entered_at - begin) / (open_end - begin) * _BAR:.1f}",
                "width": f"{max(share * _BAR - 1, 2):.1f}",
                "days": (left - stay.entered_at).days,
            }
        )
    return {"is": one, "stays": stays, "newest_first": stays[::-1], "begin": begin}


def _metrics(opened: Opened, chosen: str | None) -> Context:
    library = opened.library
    asked = [key for key in opened.request.GET.getlist("metric") if key in library.metrics]
    keys = asked or _usual_metrics(library, chosen)
    moments = _months(opened.moment.at)
    month_ago = opened.moment.at - timedelta(days=30)
    found = trends(
        opened.customer_id,
        keys[:_MOST_METRICS],
        [*moments, month_ago],
        viewer=opened.viewer,
        known_at=opened.moment.known_at,
    )
    return {
        "figures": [_figure(one) for one in found],
        "metric_choices": [
            (key, metric.name, key in keys) for key, metric in library.metrics.items()
        ],
        "asked_metrics": bool(asked),
        "most_metrics": _MOST_METRICS,
    }


def _usual_metrics(library: Library, chosen: str | None) -> list[str]:
    """Those the chosen lifecycle looks at."""
    if chosen is None:
        return list(library.metrics)[:12]
    return [metric.key for metric in library.lifecycle_metrics(chosen)]


def _months(at: datetime) -> list[datetime]:
    """The moment and those of the eleven months and the year before, oldest first."""
    return [at - timedelta(days=365 * step / _MONTHS) for step in range(_MONTHS, -1, -1)]


def _figure(trend: Trend) -> Context:
    *line, before = trend.values
    value = line[-1]
    change = None
    if _is_number(value) and _is_number(before):
        change = round(value - before, 4)  # type: ignore[operator]
    return {
        "metric": trend.metric,
        "value": metric_shown(trend.metric, value),
        "change": change,
        "change_shown": metric_shown(trend.metric, abs(change)) if change else "",
        "points": _points(line),
        "first": metric_shown(trend.metric, next((one for one in line if one is not None), None)),
    }


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def metric_shown(metric: Metric, value: object) -> str:
    """A value of a metric as people read it."""
    if isinstance(value, bool):
        return told(Words("是", "yes") if value else Words("否", "no"))
    if not isinstance(value, int | float):
        return figures.ABSENT if value is None else str(value)
    if metric.unit == "money":
        return figures.money(value)
    unit = metric.unit or ("days" if (metric.agg or "").startswith("days_since") else "")
    text = figures.number(value)
    return told(Words(zh=f"{text} 天", en=f"{text} d")) if unit == "days" else text


def _points(values: Sequence[object]) -> str:
    """A line of an SVG 100 wide and 24 high; empty where there is nothing to draw."""
    known = [(n, float(v)) for n, v in enumerate(values) if _is_number(v)]  # type: ignore[arg-type]
    if len(known) < 2:
        return ""
    low, high = min(v for _, v in known), max(v for _, v in known)
    spread, last = (high - low) or 1.0, max(len(values) - 1, 1)
    return " ".join(f"{n / last * 100:.1f},{22 - (v - low) / spread * 20:.1f}" for n, v in known)


def _notes(opened: Opened) -> Context:
    notes = notes_in(
        opened.log, rights=opened.rights, viewer=opened.viewer, revealing=opened.revealing
    )
    files = files_in(opened.log)
    opened.learn_names({one.written_by for one in notes} | {one.attached_by for one in files})
    editing = opened.request.GET.get("note", "")
    return {
        "notes": [
            {
                "is": one,
                "by": opened.name_of(one.written_by),
                "mine": opened.allowed["edit"] and may_change(one, by=opened.viewer),
                "editing": str(one.id) == editing and not one.hidden,
            }
            for one in notes
        ],
        "files": [
            {"is": one, "by": opened.name_of(one.attached_by), "size": size(one.size)}
            for one in files
        ],
    }


def _identity(opened: Opened) -> Context:
    said = merges(viewer=opened.viewer, customer_id=opened.customer_id)
    if opened.moment.is_past:
        said = [one for one in said if one.at <= opened.moment.at]
    opened.learn_names({one.by for one in said})
    kinds = identifiers({side for one in said for side in (one.left, one.right)})
    standing: set[tuple[int, int]] = set()
    rows = []
    for one in said:  # newest first: only the last word about a pair can be taken back
        pair = (one.left, one.right)
        rows.append(
            {
                "is": one,
                "by": opened.name_of(one.by),
                "left": kinds.get(one.left),
                "right": kinds.get(one.right),
                "stands": one.merged and pair not in standing,
            }
        )
        standing.add(pair)
    refused = refused_links(viewer=opened.viewer, customer_id=opened.customer_id, limit=20)
    return {"merges": rows, "refused": refused}
