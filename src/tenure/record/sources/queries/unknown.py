"""What arrived that no definition describes: event types, and fields of types that are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Sum

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.record.events.queries import oddities
from tenure.record.library.queries import current_library
from tenure.record.sources.models import Arrival, Source, UnknownField

MOST_UNKNOWN = 200


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event type that is not declared, or a field that its event type does not declare.

    Attributes:
        type: key of the event type.
        field: empty where it is the type itself that is not known.
        count: events of the type, or with the field.
        sources: names of the sources it came from; empty where it came by other doors only.
    """

    type: str
    field: str
    count: int
    first_at: datetime
    last_at: datetime
    sources: tuple[str, ...]


def unknown_types(viewer: Actor, *, source_id: int | None = None) -> list[Unknown]:
    """Event types that came and are not declared now, the most frequent first.

    Args:
        viewer: who asks.
        source_id: only from this source; else from everywhere, files and programs too.
    """
    known = current_library()[0].event_types
    rows = Arrival.objects.filter(accepted__gt=0).exclude(type="")
    names = _names()
    if source_id is not None:
        sums = rows.filter(source_id=source_id).values("type").order_by()
        found = [
            Unknown(row["type"], "", row["count"], *_moments(row), (names.get(source_id, ""),))
            for row in sums.annotate(
                count=Sum("accepted"), first=Min("hour_us"), last=Max("last_us")
            )
            if row["type"] not in known
        ]
        return sorted(found, key=_rank)[:MOST_UNKNOWN]
    odd = [one for one in oddities(kind="unknown_type") if one.type not in known][:MOST_UNKNOWN]
    senders: dict[str, list[str]] = {}
    of_these = rows.filter(type__in=[one.type for one in odd])
    for type_, number in of_these.order_by().values_list("type", "source_id").distinct():
        senders.setdefault(type_, []).append(names[number])
    return [
        Unknown(
            one.type, "", one.count, one.first_at, one.last_at,
            tuple(sorted(senders.get(one.type, ()))),
        )
        for one in odd
    ]  # fmt: skip


def unknown_fields(
    viewer: Actor, *, source_id: int | None = None, type_key: str | None = None
) -> list[Unknown]:
    """Fields that came and that their (known) event type does not declare; arguments as above.

    Args:
        viewer: who asks.
        source_id: only from this source; else from everywhere.
        type_key: only of this event type.
    """
    rows = UnknownField.objects.all()
    if source_id is not None:
        rows = rows.filter(source_id=source_id)
    if type_key is not None:
        rows = rows.filter(type=type_key)
    names = _names()
    of_source = list(rows.values_list("type", "field", "count", "first_us", "last_us", "source_id"))
    senders: dict[tuple[str, str], list[str]] = {}
    for type_, field, *_, number in of_source:
        senders.setdefault((type_, field), []).append(names[number])
    if source_id is not None:
        found = [
            Unknown(
                type_, field, count, from_microseconds(first), from_microseconds(last),
                tuple(senders[type_, field]),
            )
            for type_, field, count, first, last, _ in of_source
        ]  # fmt: skip
    else:
        found = [
            Unknown(
                one.type, one.detail, one.count, one.first_at, one.last_at,
                tuple(sorted(senders.get((one.type, one.detail), ()))),
            )
            for one in oddities(kind="unknown_field")
            if type_key in (None, one.type)
        ]  # fmt: skip
    return sorted(_undeclared(found), key=_rank)[:MOST_UNKNOWN]


def _undeclared(found: list[Unknown]) -> Iterator[Unknown]:
    known = current_library()[0].event_types
    for one in found:
        kind = known.get(one.type)
        if kind is not None and all(field.key != one.field for field in kind.fields):
            yield one


def _names() -> dict[int, str]:
    return dict(Source.objects.values_list("id", "name"))


def _moments(row: Any) -> tuple[datetime, datetime]:
    return from_microseconds(row["first"]), from_microseconds(row["last"])


def _rank(one: Unknown) -> tuple[int, str, str]:
    return (-one.count, one.type, one.field)
