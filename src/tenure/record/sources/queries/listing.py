"""Sources and what arrived from them, as doors list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import OuterRef, Subquery, Sum

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.record.sources.models import Arrival, ArrivalTotal, Source

_LATEST = Subquery(
    Arrival.objects.filter(source_id=OuterRef("id"))
    .order_by("-hour_us", "-last_us")
    .values("last_us")[:1]
)
"""When anything last came from a source: by its newest hour, however many hours there are."""


@dataclass(frozen=True, slots=True)
class KeyView:
    """A write key as it can be shown: its last characters; when it ends or ended, was last used."""

    id: int
    hint: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    last_used_at: datetime | None = None

    def is_good(self, at: datetime) -> bool:
        """Whether it lets anybody in at a moment."""
        return self.revoked_at is None or at < self.revoked_at


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its keys, the newest first, and the latest moment anything arrived."""

    id: int
    key: str
    name: str
    kind: str
    settings: Mapping[str, object]
    created_at: datetime
    created_by: str
    paused_at: datetime | None
    keys: tuple[KeyView, ...]
    last_at: datetime | None


def sources(viewer: Actor) -> list[SourceView]:
    """All sources by name. Sources are no customers: who may see one sees all (doors ask)."""
    rows = Source.objects.prefetch_related("keys").annotate(last_us=_LATEST)
    return [_view(row, row.last_us) for row in rows.order_by("name", "id")]


def source(source_id: int, viewer: Actor) -> SourceView | None:
    """One source by its number."""
    row = Source.objects.filter(id=source_id).annotate(last_us=_LATEST).first()
    return None if row is None else _view(row, row.last_us)


def source_named(key: str, viewer: Actor) -> SourceView | None:
    """One source by its key."""
    number = Source.objects.filter(key=key).values_list("id", flat=True).first()
    return None if number is None else source(number, viewer)


def events_arrived() -> dict[str, int]:
    """How many events ever came from all sources, by result: accepted, repeated, refused."""
    names = ("accepted", "repeated", "refused")
    sums = ArrivalTotal.objects.aggregate(**{name: Sum(name) for name in names})
    return {name: sums[name] or 0 for name in names}


def _view(row: Source, last_us: int | None) -> SourceView:
    keys = sorted(row.keys.all(), key=lambda key: key.id, reverse=True)
    return SourceView(
        id=row.id,
        key=row.key,
        name=row.name,
        kind=row.kind,
        settings=msgspec.json.decode(row.settings, type=dict[str, object]),
        created_at=from_microseconds(row.created_us),
        created_by=row.created_by,
        paused_at=_moment(row.paused_us),
        keys=tuple(
            KeyView(
                id=key.id,
                hint=key.hint,
                created_at=from_microseconds(key.created_us),
                created_by=key.created_by,
                revoked_at=_moment(key.revoked_us),
                last_used_at=_moment(key.last_used_us),
            )
            for key in keys
        ),
        last_at=_moment(last_us),
    )


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)
