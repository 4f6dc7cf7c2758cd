"""How good the log was when it was last measured: by source, by type, by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from tenure.clock import from_microseconds
from tenure.record.events.models import QualityReport
from tenure.record.events.operations.measuring import KindQuality, Quality
from tenure.record.library.queries import current_library
from tenure.words import Words

_QUIET_TIMES = 4
_SHORTEST_QUIET_DAYS = 3.0


@dataclass(frozen=True, slots=True)
class Measured:
    """The latest measurement and when it was made."""

    at: datetime
    cursor: int
    quality: Quality


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """One source.

    Attributes:
        complete: share of declared fields that are filled, over all its events; ``None``
            where no definition declares any.
        timely: share recorded within a week after it happened, of what came one by one;
            ``None`` where everything came with files, which tell of the past.
        repeated: events that say what an earlier one says.
        unread: values not of the declared type, among ``latest`` events.
        usual_gap_days: days between days with events.
        quiet_days: days since the last event.
        is_stale: quiet for much longer than usual; never of a source that only came by files.
    """

    source: str
    events: int
    types: int
    complete: float | None
    timely: float | None
    repeated: int
    unread: int
    latest: int
    anonymous: int
    last_at: datetime
    recorded_at: datetime
    usual_gap_days: float
    quiet_days: int
    is_stale: bool


@dataclass(frozen=True, slots=True)
class FieldQuality:
    """One declared field of a type from a source; ``filled`` is a share."""

    key: str
    name: Words
    required: bool
    filled: float
    unread: int


@dataclass(frozen=True, slots=True)
class TypeQuality:
    """One event type from a source; ``name`` is None where no definition knows it."""

    type: str
    name: Words | None
    events: int
    timely: float | None
    anonymous: float
    repeated: int
    first_at: datetime
    last_at: datetime
    fields: tuple[FieldQuality, ...]


def latest_quality() -> Measured | None:
    """The latest measurement; None before the first."""
    row = QualityReport.objects.order_by("-id").first()
    if row is None:
        return None
    return Measured(row.measured_at, row.cursor, msgspec.json.decode(row.body, type=Quality))


def sources_of(measured: Measured, *, today: date) -> list[SourceQuality]:
    """Every source, the largest first.

    Args:
        measured: the measurement.
        today: the day by the organisation's clock, for how long a source has been quiet.
    """
    by_source: dict[str, list[KindQuality]] = {}
    for kind in measured.quality.kinds:
        by_source.setdefault(kind.source, []).append(kind)
    gaps = {one.source: one for one in measured.quality.rhythms}
    found = []
    for source, kinds in by_source.items():
        rhythm = gaps[source]
        last = date.fromisoformat(rhythm.last_date)
        span = (last - date.fromisoformat(rhythm.first_date)).days
        usual = span / (rhythm.days - 1) if rhythm.days > 1 else 0.0
        quiet = max(0, (today - last).days)
        live = any(kind.live for kind in kinds)
        stale = live and rhythm.days > 2 and quiet > max(_QUIET_TIMES * usual, _SHORTEST_QUIET_DAYS)
        found.append(_source(source, kinds, usual, quiet, is_stale=stale))
    return sorted(found, key=lambda one: -one.events)


def types_of(measured: Measured, source: str) -> list[TypeQuality]:
    """The types that come from a source, the most frequent first, field by field."""
    library, _ = current_library()
    found = []
    for kind in measured.quality.kinds:
        if kind.source != source:
            continue
        known = library.event_types.get(kind.type)
        found.append(
            TypeQuality(
                type=kind.type,
                name=known.name if known else None,
                events=kind.events,
                timely=_timely([kind]),
                anonymous=kind.anonymous / kind.events,
                repeated=kind.repeated,
                first_at=from_microseconds(kind.first_us),
                last_at=from_microseconds(kind.last_us),
                fields=tuple(_fields(kind)),
            )
        )
    return sorted(found, key=lambda one: -one.events)


def _source(
    source: str, kinds: list[KindQuality], usual: float, quiet: int, *, is_stale: bool
) -> SourceQuality:
    events = sum(kind.events for kind in kinds)
    weights = [(len(fields), kind.events, fields) for kind in kinds if (fields := _fields(kind))]
    asked = sum(count * number for count, number, _ in weights)
    had = sum(field.filled * number for _, number, fields in weights for field in fields)
    return SourceQuality(
        source=source,
        events=events,
        types=len(kinds),
        complete=had / asked if asked else None,
        timely=_timely(kinds),
        repeated=sum(kind.repeated for kind in kinds),
        unread=sum(sum(kind.unread.values()) for kind in kinds),
        latest=sum(kind.latest for kind in kinds),
        anonymous=sum(kind.anonymous for kind in kinds),
        last_at=from_microseconds(max(kind.last_us for kind in kinds)),
        recorded_at=from_microseconds(max(kind.recorded_us for kind in kinds)),
        usual_gap_days=usual,
        quiet_days=quiet,
        is_stale=is_stale,
    )


def _timely(kinds: list[KindQuality]) -> float | None:
    live = sum(kind.live for kind in kinds)
    return sum(kind.within_week for kind in kinds) / live if live else None


def _fields(kind: KindQuality) -> list[FieldQuality]:
    """Declared fields, personal ones and long texts included."""
    known = current_library()[0].event_types.get(kind.type)
    found = []
    for field in known.fields if known else ():
        count = kind.amounts if field.type == "money" else kind.filled.get(field.key, 0)
        found.append(
            FieldQuality(
                key=field.key,
                name=field.name or Words(field.key, field.key),
                required=field.required,
                filled=count / kind.events,
                unread=kind.unread.get(field.key, 0),
            )
        )
    return found
