"""Feeds and what each look at them brought, as doors show them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.record.feeds.models import Feed, FeedFile, Sync
from tenure.record.imports.queries import ImportSummary, import_summaries
from tenure.record.sources.queries import SourceView, source, sources
from tenure.words import Words

FEED_KINDS = ("webhook", "folder", "table")
_MOST_SYNCS = 50


@dataclass(frozen=True, slots=True)
class SyncFile:
    """A file that a look at a feed brought, and the import it became."""

    name: str
    status: str
    import_id: int | None
    refused: int
    error: Words | None


@dataclass(frozen=True, slots=True)
class SyncView:
    """One look at a feed: every row in is recorded, repeated, refused or left out by the map.

    Attributes:
        ended_at: None while it runs.
    """

    id: int
    begun_at: datetime
    ended_at: datetime | None
    rows: int
    recorded: int
    repeated: int
    refused: int
    left_out: int
    error: Words | None
    by: str
    files: tuple[SyncFile, ...]


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed.

    Attributes:
        state: paused, unmapped (it has no map yet), failing, new (nothing came yet) or live.
        latest: the last look at it; None for webhooks and before the first.
        waiting: files that are not imported yet, those that could not be read included.
    """

    source: SourceView
    schedule: str
    next_at: datetime | None
    failing_at: datetime | None
    error: Words | None
    job: str
    latest: SyncView | None
    waiting: int
    state: str


def feeds(viewer: Actor) -> list[FeedView]:
    """All feeds by name."""
    found = [one for one in sources(viewer) if one.kind in FEED_KINDS]
    return _views(found)


def feed_view(source_id: int, viewer: Actor) -> FeedView | None:
    """One feed by the number of its source; None where there is none."""
    found = source(source_id, viewer) if 0 < source_id < 2**63 else None
    return _views([found])[0] if found is not None and found.kind in FEED_KINDS else None


def syncs(source_id: int, viewer: Actor, *, limit: int = _MOST_SYNCS) -> list[SyncView]:
    """The looks at a feed, the latest first."""
    return _syncs(list(Sync.objects.filter(feed_id=source_id).order_by("-id")[:limit]))


def _views(found: list[SourceView]) -> list[FeedView]:
    numbers = [one.id for one in found]
    rows = Feed.objects.in_bulk(numbers)
    latest = Sync.objects.filter(feed_id__in=numbers).values("feed_id").annotate(last=Max("id"))
    last = Sync.objects.filter(id__in=[row["last"] for row in latest])
    by_feed = {row.feed_id: _sync(row, [], {}) for row in last}
    open_files = FeedFile.objects.filter(feed_id__in=numbers).exclude(status=FeedFile.Status.DONE)
    waiting = Counter(open_files.values_list("feed_id", flat=True))
    return [_view(one, rows.get(one.id), by_feed.get(one.id), waiting[one.id]) for one in found]


def _view(found: SourceView, row: Feed | None, latest: SyncView | None, waiting: int) -> FeedView:
    row = row or Feed(source_id=found.id)
    error = Words(row.error_zh, row.error_en) if row.failing_us is not None else None
    return FeedView(
        source=found,
        schedule=row.schedule,
        next_at=None if found.paused_at else _moment(row.next_us),
        failing_at=_moment(row.failing_us),
        error=error,
        job=row.job,
        latest=latest,
        waiting=waiting,
        state=_state(found, error, latest),
    )


def _state(found: SourceView, error: Words | None, latest: SyncView | None) -> str:
    if found.paused_at is not None:
        return "paused"
    if not found.settings.get("map"):
        return "unmapped"
    if error is not None:
        return "failing"
    return "live" if latest is not None or found.last_at is not None else "new"


def _syncs(rows: list[Sync]) -> list[SyncView]:
    files: dict[int, list[FeedFile]] = {}
    for file in FeedFile.objects.filter(sync__in=[row.id for row in rows]).order_by("id"):
        files.setdefault(file.sync_id, []).append(file)
    numbers = {one.import_id for many in files.values() for one in many if one.import_id}
    imports = import_summaries(numbers)
    return [_sync(row, files.get(row.id, []), imports) for row in rows]


def _sync(row: Sync, files: list[FeedFile], imports: dict[int, ImportSummary]) -> SyncView:
    return SyncView(
        id=row.id,
        begun_at=from_microseconds(row.begun_us),
        ended_at=_moment(row.ended_us),
        rows=row.rows,
        recorded=row.recorded,
        repeated=row.repeated,
        refused=row.refused,
        left_out=row.left_out,
        error=Words(row.error_zh, row.error_en) if row.error_en else None,
        by=row.by,
        files=tuple(_file(one, imports) for one in files),
    )


def _file(file: FeedFile, imports: dict[int, ImportSummary]) -> SyncFile:
    found = imports.get(file.import_id or 0)
    return SyncFile(
        name=file.name,
        status=file.status,
        import_id=file.import_id,
        refused=found.tally.refused if found is not None else 0,
        error=Words(file.error_zh, file.error_en) if file.error_en else None,
    )


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)
