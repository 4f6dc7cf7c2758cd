"""The latest events of a source as they were understood, refreshed while one looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.definitions import Library
from tenure.record.events.queries import EventView, IdentifierView, identifiers
from tenure.record.library.queries import current_library
from tenure.record.sources.queries import sample_types, samples
from tenure.record.vault.queries import reveal
from tenure.web.language import told
from tenure.web.settings.asking import typed
from tenure.web.sources.frame import seen, source_found, source_tabs
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

SHOWN = 20
_LONGEST = 200
_NOTHING_NEW = 204


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as a line of the page: personal values as the viewer may see them.

    Attributes:
        who: the identifier it came with; empty for none.
        parts: name and value of every field.
        body: all of it as JSON.
    """

    id: int
    type: str
    name: Words | None
    at: datetime
    recorded_at: datetime
    amount: Decimal | None
    who: str
    parts: tuple[tuple[str, str], ...]
    body: str


@page("health.view")
def of_source(request: HttpRequest, source_id: int) -> HttpResponse:
    """The page; asked by itself with the newest event it shows, nothing where that still is."""
    found = source_found(request, source_id)
    viewer, type_key = viewer_of(request), typed(request.GET, "type")
    events = samples(viewer, source_id=source_id, type_key=type_key or None, limit=SHOWN)
    newest = str(events[0].id if events else 0)
    if request.headers.get("HX-Request") == "true" and request.GET.get("newest") == newest:
        return HttpResponse(status=_NOTHING_NEW)
    library, _ = current_library()
    kinds = library.event_types
    context = {
        "source": found,
        "tabs": source_tabs(source_id, "samples"),
        "rows": shown_events(request, events, library),
        "type": type_key,
        "types": [
            (key, kinds[key].name if key in kinds else None)
            for key in sample_types(viewer, source_id=source_id)
        ],
        "newest": newest,
        "live": request.GET.get("live") != "off",
    }
    return render(request, "sources/samples.html", context)


def shown_events(request: HttpRequest, events: list[EventView], library: Library) -> list[Shown]:
    """Events for the eyes of whoever asks."""
    secrets = reveal("event", [event.id for event in events]) if events else {}
    known = identifiers(
        {event.identifier_id for event in events if event.identifier_id is not None},
        with_personal=True,
    )
    rows = []
    for event in events:
        one = known.get(event.identifier_id) if event.identifier_id is not None else None
        who = "" if one is None else f"{one.type}: {_identified(request, one)}"
        rows.append(_line(request, event, secrets.get(event.id, {}), who, library))
    return rows


def _identified(request: HttpRequest, one: IdentifierView) -> str:
    value = one.value or ""
    return seen(request, one.type, value) if one.personal else value


def _line(
    request: HttpRequest, event: EventView, secrets: Mapping[str, str], who: str, library: Library
) -> Shown:
    kind = library.event_types.get(event.type)
    names = {field.key: field.name for field in kind.fields} if kind else {}
    masked = {
        key: seen(request, key, value)
        for key, value in secrets.items()
        if not key.startswith("tenure:")
    }
    plain = {**event.properties, **masked}
    body = {
        "type": event.type,
        "occurred_at": event.occurred_at.isoformat(),
        "recorded_at": event.recorded_at.isoformat(),
        "identifier": who,
        "amount": None if event.amount is None else str(event.amount),
        "currency": event.currency,
        "fields": plain,
    }
    return Shown(
        id=event.id,
        type=event.type,
        name=kind.name if kind else None,
        at=event.occurred_at,
        recorded_at=event.recorded_at,
        amount=event.amount,
        who=who,
        parts=tuple(
            (told(name) if (name := names.get(key)) else key, _text(value))
            for key, value in plain.items()
            if not key.startswith("tenure:") and key != "context"
        ),
        body=msgspec.json.format(msgspec.json.encode(body)).decode(),
    )


def _text(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
