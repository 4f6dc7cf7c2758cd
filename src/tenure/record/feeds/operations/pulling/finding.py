"""What is new: files in a folder, rows of a table. Both become files waiting to be imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from django.db import transaction

from tenure.engine.durable import sync_directory
from tenure.record.feeds.models import Feed, FeedFile, Sync
from tenure.record.feeds.operations.places import files_in
from tenure.record.feeds.operations.pulling.alone import feed_folder
from tenure.record.feeds.operations.pulling.databases import reading
from tenure.record.feeds.operations.pulling.tables import (
    Mark,
    Reading,
    Row,
    TableRule,
    begun_before,
    mark_of,
    mark_text,
)
from tenure.record.feeds.queries.secrets import URL, secret_of
from tenure.record.imports.operations.importing import file_digest
from tenure.record.imports.queries import import_summary
from tenure.words import Words

SNAPSHOT_ROWS = 50_000
SETTLED_SECONDS = 3
"""A file changed more recently may still be being written; it is read the next time."""
_WAITING, _DONE = FeedFile.Status.WAITING, FeedFile.Status.DONE


def find_files(sync: Sync, rule: Mapping[str, object], *, at: datetime) -> None:
    """Note every file of a folder whose content was not read yet.

    Raises:
        FeedError: the folder cannot be looked at.
    """
    feed = sync.feed
    known = {file.sha256: file for file in feed.files.all()}
    seen = {(file.path, file.size, file.modified_ns) for file in known.values()}
    for path in files_in(str(rule.get("folder") or ""), str(rule.get("pattern") or "*")):
        stat = path.stat()
        if at.timestamp() - stat.st_mtime < SETTLED_SECONDS:
            continue
        place = (str(path), stat.st_size, stat.st_mtime_ns)
        if place in seen:
            continue
        digest = file_digest(path)
        one = known.get(digest)
        if one is None:
            known[digest] = FeedFile.objects.create(
                feed=feed,
                sync=sync,
                name=path.name[:255],
                path=place[0],
                sha256=digest,
                size=place[1],
                modified_ns=place[2],
            )
        elif one.status == FeedFile.Status.FAILED and not Path(one.path).is_file():
            one.path, one.size, one.modified_ns = place
            one.save()
    gone = [file.pk for file in feed.files.filter(status=FeedFile.Status.FAILED) if _is_gone(file)]
    FeedFile.objects.filter(pk__in=gone).delete()


def _is_gone(file: FeedFile) -> bool:
    """Whether a file that could not be read is there no more: there is nothing to mend then."""
    return not Path(file.path).is_file()


def take_rows(
    sync: Sync,
    rule: TableRule,
    *,
    page: int,
    warn: Callable[[Words], None],
    snapshot: int = SNAPSHOT_ROWS,
) -> Iterator[int]:
    """Take the rows beyond the cursor out of a table; after each file, how many it holds.

    The file is durable before the cursor moves past its rows, and the cursor moves in the
    transaction that notes the file. From there on the import's own checkpoint tells how far its
    rows are recorded.

    Raises:
        FeedError: the database or the table cannot be read.
    """
    source_id = sync.feed_id
    address = secret_of(source_id, URL) or ""
    mark = mark_of(Feed.objects.values_list("cursor", flat=True).get(pk=source_id))
    with reading(address) as connection:
        table = Reading(connection, rule, page=page)
        begin = None if mark is None else begun_before(mark, rule.overlap)
        gathered: list[Row] = []
        last: Mark | None = None
        for rows, last in table.beyond(begin):
            gathered += rows
            if len(gathered) >= snapshot:
                yield _keep(sync, gathered, last)
                gathered = []
        if gathered and last is not None:
            yield _keep(sync, gathered, last)
        if table.has_rows_without_cursor():
            warn(
                Words(
                    zh=f"表里有“{rule.cursor}”为空的行，它们不会被读取：请补上，"
                    "或换一列，或用一个不含它们的视图",
                    en=f"the table has rows whose “{rule.cursor}” is empty; they are never read: "
                    "fill it, choose another column, or read a view without them",
                )
            )


def _keep(sync: Sync, rows: list[Row], mark: Mark) -> int:
    """Keep rows as a file that waits to be imported, and move the cursor."""
    path = _written(feed_folder(sync.feed_id), rows)
    stat = path.stat()
    digest = file_digest(path)
    with transaction.atomic():
        before = FeedFile.objects.filter(feed_id=sync.feed_id, sha256=digest).first()
        if before is not None and _stands(before):
            sync.rows += len(rows)
            sync.repeated += len(rows)
            path.unlink()
        else:
            kept = before or FeedFile(feed_id=sync.feed_id, sha256=digest)
            kept.sync, kept.name, kept.path = sync, path.name, str(path)
            kept.size, kept.modified_ns, kept.rows = stat.st_size, stat.st_mtime_ns, len(rows)
            kept.status, kept.import_id = _WAITING, None
            kept.save()
        Feed.objects.filter(pk=sync.feed_id).update(cursor=mark_text(mark))
    return len(rows)


def _stands(file: FeedFile) -> bool:
    """Whether the same rows were imported and not taken back since."""
    if file.status != _DONE or file.import_id is None:
        return False
    found = import_summary(file.import_id)
    return found is not None and found.undone_at is None


def _written(folder: Path, rows: list[Row]) -> Path:
    path = folder / f"rows-{uuid4().hex}.jsonl"
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for row in rows:
                file.write(msgspec.json.encode(row) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    draft.replace(path)
    sync_directory(folder)
    return path


def forget_leftovers(source_id: int) -> None:
    """Delete snapshots that nothing waits for: of a look that was killed before it noted them."""
    waiting = FeedFile.objects.filter(feed_id=source_id).exclude(status=_DONE)
    kept = {Path(path).name for path in waiting.values_list("path", flat=True)}
    for path in feed_folder(source_id).glob("rows-*"):
        if path.name not in kept:
            path.unlink(missing_ok=True)
