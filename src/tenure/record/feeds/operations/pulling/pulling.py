"""One look at a feed: what is new is found, kept and imported; what went wrong is said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.queries import basis
from tenure.record.feeds.models import Feed, FeedFile, Sync
from tenure.record.feeds.operations.problems import FeedError
from tenure.record.feeds.operations.pulling.alone import feed_folder, only_pull
from tenure.record.feeds.operations.pulling.finding import (
    find_files,
    forget_leftovers,
    take_rows,
)
from tenure.record.feeds.operations.pulling.tables import PAGE_ROWS, TableRule
from tenure.record.feeds.operations.scheduling import later_look, next_look
from tenure.record.imports.operations import import_file, resume_import
from tenure.record.imports.operations.importing import file_digest
from tenure.record.imports.operations.mapping import load_map
from tenure.record.imports.queries import (
    finished_import_of,
    import_summary,
    unfinished_import_of,
)
from tenure.record.sources.queries import KnownSource, known_sources
from tenure.words import Language, TenureError, Words
from tenure.work import WorkStopped

Clock = Callable[[], datetime]
Tell = Callable[[Words], None]
_KILLED = Words(
    "这次同步中途被打断；没读完的由下一次接着读",
    "this look was interrupted; the next one went on where it was",
)
_FAULT = Words(
    "同步时出了意外的错误，详情在工作进程的日志里；会再试",
    "something unexpected happened; the log of the worker has more, and it is tried again",
)
_GONE = Words("文件在读取之前被移走了", "the file was moved away before it was read")


def pull_feed(
    source_id: int, *, by: Actor, clock: Clock, tell: Tell | None = None, page: int = PAGE_ROWS
) -> int | None:
    """Look at a folder or a table once and bring what is new into the log.

    Whatever it is killed at, nothing is lost or doubled: files wait until they are imported,
    imports go on from their checkpoints, and what is read again is recognised.

    Args:
        source_id: of its source.
        by: who asked, or the schedule.
        clock: tells the moment, aware.
        tell: called with what is being done.
        page: rows a query.

    Returns:
        The number of the look; None where the source is paused.

    Raises:
        FeedError: there is no such feed, it has no map, or it is being pulled already.
    """
    source = _pullable(source_id)
    if source.paused:
        return None
    with only_pull(source_id):
        feed, _ = Feed.objects.get_or_create(source_id=source_id)
        _end_killed(feed, at=clock())
        begun = clock()
        plan_next(feed, at=begun)  # also where this look dies
        feed.save(update_fields=["next_us"])
        sync = Sync.objects.create(feed=feed, begun_us=to_microseconds(begun), by=by.key)
        error: Words | None = None
        warnings: list[Words] = []
        try:
            _pull(sync, source, warnings, clock=clock, tell=tell or _nothing, page=page)
        except TenureError as problem:
            error = problem.words
        except OSError as problem:
            error = Words(
                zh=f"读写文件出错（{problem.strerror}）：请检查磁盘空间和权限",
                en=f"a file cannot be read or written ({problem.strerror}): check the room on the "
                "disk and the rights",
            )
        except WorkStopped:
            raise  # the next look goes on where this one is
        except Exception:
            _end(sync, _FAULT, warnings, at=clock())
            raise
        _end(sync, error, warnings, at=clock())
    return sync.id


def _pullable(source_id: int) -> KnownSource:
    source = known_sources().get(source_id)
    if source is None or source.kind not in {"folder", "table"}:
        raise FeedError(
            Words(
                zh=f"来源 {source_id} 不是文件夹或数据表，没有可拉取的内容",
                en=f"source {source_id} is neither a folder nor a table; nothing can be pulled",
            )
        )
    if not source.settings.get("map"):
        raise FeedError(
            Words(
                zh=f"来源“{source.key}”还没有映射：请先在它的页面上设置每列的含义",
                en=f"the source “{source.key}” has no map yet: say at its page what the columns "
                "mean",
            )
        )
    return source


def _pull(
    sync: Sync,
    source: KnownSource,
    warnings: list[Words],
    *,
    clock: Clock,
    tell: Tell,
    page: int,
) -> None:
    settings = source.settings
    _import_waiting(sync, source, clock=clock, tell=tell)
    if source.kind == "folder":
        find_files(sync, settings, at=clock())
        _import_waiting(sync, source, clock=clock, tell=tell)
        return
    forget_leftovers(source.id)
    for rows in take_rows(sync, table_rule(settings), page=page, warn=warnings.append):
        tell(Words(f"取出 {rows:,} 行", f"took {rows:,} rows"))
        _import_waiting(sync, source, clock=clock, tell=tell)


def table_rule(settings: object) -> TableRule:
    """What of a table is read, by the settings of its source."""
    said = settings if hasattr(settings, "get") else {}
    overlap = said.get("overlap")
    return TableRule(
        str(said.get("table", "")),
        str(said.get("cursor", "")),
        overlap if isinstance(overlap, int) else 0,
    )


def map_digest(text: str) -> str:
    """By which maps are told apart."""
    return hashlib.sha256(text.encode()).hexdigest()


def _import_waiting(sync: Sync, source: KnownSource, *, clock: Clock, tell: Tell) -> None:
    """Import what waits, and what could not be read under another map."""
    another = ~Q(map_digest=map_digest(str(source.settings["map"])))
    waiting = Q(status=FeedFile.Status.WAITING) | (Q(status=FeedFile.Status.FAILED) & another)
    for file in FeedFile.objects.filter(waiting, feed_id=source.id).order_by("id"):
        tell(Words(f"读取 {file.name}", f"reading {file.name}"))
        _import(file, sync, source, clock)


def _import(file: FeedFile, sync: Sync, source: KnownSource, clock: Clock) -> None:
    """Import a file; one that cannot be read is kept with the reason."""
    path, text = Path(file.path), str(source.settings["map"])
    file.sync, before = sync, file.import_id
    file.map_digest = map_digest(text)
    error: Words | None = None
    try:
        if not path.is_file() and source.kind == "table":
            _read_anew(file)  # a backup without it was restored, or somebody deleted it
            return
        if not path.is_file():
            error = _GONE
        elif file_digest(path) != file.sha256:
            file.delete()  # it changed since it was found: the next look finds it anew
            return
        else:
            file.import_id = _imported(path, text, file, source, clock)
    except TenureError as problem:
        error = problem.words
    file.status = FeedFile.Status.DONE if error is None else FeedFile.Status.FAILED
    file.error_zh, file.error_en = (error.zh, error.en) if error is not None else ("", "")
    file.save()
    if error is None:
        _count(sync, file, known=file.import_id == before)
    if error is None and feed_folder(source.id) in path.parents:
        path.unlink(missing_ok=True)


def _read_anew(file: FeedFile) -> None:
    """Begin a table at its beginning: rows the cursor has passed are gone before they were read."""
    with transaction.atomic():
        Feed.objects.filter(pk=file.feed_id).update(cursor="")
        file.delete()


def _count(sync: Sync, file: FeedFile, *, known: bool) -> None:
    """Add what became of a file's rows, also where a look that was killed began its import.

    Args:
        sync: this look.
        file: just imported.
        known: the same import was counted by an earlier look: its rows are repeats by now.
    """
    found = import_summary(file.import_id) if file.import_id is not None else None
    if found is None:
        return
    tally = found.tally
    repeated = tally.rows - tally.refused - tally.left_out if known else tally.repeated_rows
    sync.rows += tally.rows
    sync.repeated += repeated
    sync.refused += tally.refused
    sync.left_out += tally.left_out
    sync.recorded += tally.rows - repeated - tally.refused - tally.left_out


def _imported(
    path: Path, text: str, file: FeedFile, source: KnownSource, clock: Clock
) -> int | None:
    by = Actor(f"source:{source.key}"[:100], "program", source.name)
    language: Language = "en" if source.settings.get("language") == "en" else "zh"
    finished = finished_import_of(file.sha256, source=source.key, map_text=text)
    if finished is not None:  # killed after it was finished and before that was noted here
        return finished
    begun = unfinished_import_of(path, text)
    if begun is not None:
        return resume_import(begun, by=by, at=clock(), language=language, clock=clock).import_id
    map_ = load_map(text, f"{source.key}.map.yaml")
    return import_file(path, map_, by=by, at=clock(), language=language, clock=clock).import_id


def _end_killed(feed: Feed, *, at: datetime) -> None:
    open_ones = feed.syncs.filter(ended_us=None)
    open_ones.update(ended_us=to_microseconds(at), error_zh=_KILLED.zh, error_en=_KILLED.en)


def _end(sync: Sync, error: Words | None, warnings: list[Words], *, at: datetime) -> None:
    """Say how it went, and when the feed is looked at next; warnings put nothing off."""
    failed = FeedFile.objects.filter(feed_id=sync.feed_id, status=FeedFile.Status.FAILED)
    broken = error
    if error is None and (first := failed.order_by("id").first()) is not None:
        count = failed.count()
        error = Words(
            zh=f"{count:,} 个文件无法读取；{first.name}：{first.error_zh}",
            en=f"{count:,} files cannot be read; {first.name}: {first.error_en}",
        )
    error = error or next(iter(warnings), None)
    moment = to_microseconds(at)
    with transaction.atomic():
        sync.ended_us = moment
        sync.error_zh, sync.error_en = (error.zh, error.en) if error is not None else ("", "")
        sync.save()
        feed = Feed.objects.select_for_update().get(pk=sync.feed_id)
        feed.failures = feed.failures + 1 if broken is not None else 0
        feed.failing_us = None if error is None else feed.failing_us or moment
        feed.error_zh, feed.error_en = sync.error_zh, sync.error_en
        plan_next(feed, at=at)
        feed.save()


def plan_next(feed: Feed, *, at: datetime) -> None:
    """Set when a feed is looked at next; the caller saves it."""
    planned = next_look(feed.schedule, after=at, zone=basis().zone)
    planned = later_look(planned, failures=feed.failures, at=at)
    feed.next_us = None if planned is None else to_microseconds(planned)


def due_feeds(*, at: datetime) -> list[int]:
    """Feeds whose time has come, that are not paused and have a map."""
    rows = Feed.objects.filter(next_us__lte=to_microseconds(at), source__paused_us=None)
    known = known_sources()
    return [
        number
        for number in rows.order_by("next_us").values_list("source_id", flat=True)
        if number in known and known[number].settings.get("map")
    ]


def _nothing(words: Words) -> None:
    """Nobody listens."""
