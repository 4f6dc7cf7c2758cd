"""A sample of what a feed brings, as a table in which to agree on its map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.queries import dead_letters
from tenure.record.feeds.operations.keeping import feed_source
from tenure.record.feeds.operations.places import files_in
from tenure.record.feeds.operations.problems import FeedError
from tenure.record.feeds.operations.pulling.databases import reading
from tenure.record.feeds.operations.pulling.pulling import table_rule
from tenure.record.feeds.operations.pulling.tables import Reading
from tenure.record.feeds.operations.webhooks.records import (
    Envelope,
    NoRecordError,
    Record,
    records_of,
)
from tenure.record.feeds.queries.secrets import URL, secret_of
from tenure.record.imports.operations.uploading import discard_upload, receive_upload
from tenure.record.imports.queries import sample_of
from tenure.record.sources.operations.taking import UNREADABLE_TYPE
from tenure.record.sources.queries import SourceView
from tenure.words import Language, Words

_ROWS = 200
_LARGEST_FILE = 200_000_000
_BLOCK = 1 << 20


def take_sample(
    source_id: int, *, text: str = "", by: Actor, at: datetime, language: Language
) -> int:
    """Keep a sample of a feed, in place of an earlier one; gives its number as an upload.

    Args:
        source_id: of its source.
        text: the body of a webhook, pasted; without one, what was received and not recorded.
        by: who takes it.
        at: when, aware.
        language: of the answer.

    Raises:
        TenureError: nothing is there to be shown, or it cannot be read.
    """
    found = feed_source(source_id)
    name, content = _content(found, text, at)
    number = receive_upload(name, content, by=by, at=at, language=language, sample_of=source_id)
    while (old := sample_of(source_id, before=number)) is not None:
        discard_upload(old, at=at)
    return number


def forget_sample(source_id: int, *, at: datetime) -> None:
    """Throw the sample of a feed away: its map is agreed on."""
    while (number := sample_of(source_id)) is not None:
        discard_upload(number, at=at)


def _content(found: SourceView, text: str, at: datetime) -> tuple[str, Iterable[bytes]]:
    if found.kind == "folder":
        return _first_file(found)
    if found.kind == "table":
        with reading(secret_of(found.id, URL) or "") as connection:
            rows = Reading(connection, table_rule(found.settings)).first(_ROWS)
        if not rows:
            raise FeedError(
                Words(
                    zh="表里还没有数据，看不出每列是什么：有了第一行后再来设置",
                    en="the table is empty, so nothing tells what its columns are: come back once "
                    "it has a row",
                )
            )
        return f"{found.key}.jsonl", [msgspec.json.encode(row) + b"\n" for row in rows]
    records = list(_pasted(found, text, at)) if text.strip() else list(_received(found, at))
    if not records:
        raise FeedError(
            Words(
                zh="还没有收到样例：请让对方发一条测试，或把一份请求内容粘贴进来",
                en="no sample has arrived: have the other side send a test, or paste a body",
            )
        )
    return f"{found.key}.jsonl", [msgspec.json.encode(one.fields) + b"\n" for one in records]


def _pasted(found: SourceView, text: str, at: datetime) -> Iterator[Record]:
    path = str(found.settings.get("list_at") or "")
    try:
        records = records_of(
            text.strip().encode(), Envelope(), list_at=path, received_us=to_microseconds(at)
        )
    except NoRecordError as problem:
        raise FeedError(problem.words) from None
    for one in records[:_ROWS]:
        if isinstance(one, NoRecordError):
            raise FeedError(one.words)
        yield one


def _received(found: SourceView, at: datetime) -> Iterator[Record]:
    """Records that wait, since there was no map or it did not fit."""
    letters = dead_letters(source=found.key, limit=_ROWS, with_body=True)
    for letter in letters:
        if letter.type != UNREADABLE_TYPE or letter.body is None:
            continue
        kept = msgspec.json.decode(letter.body)
        text = kept.get("fields", {}).get("text", "") if isinstance(kept, dict) else ""
        try:
            yield from _pasted(found, str(text), at)
        except FeedError:
            continue  # what is no record at all shows no columns


def _first_file(found: SourceView) -> tuple[str, Iterable[bytes]]:
    folder = str(found.settings.get("folder"))
    files = list(files_in(folder, str(found.settings.get("pattern") or "*")))
    if not files:
        raise FeedError(
            Words(
                zh=f"{folder} 里还没有匹配的文件：放入第一个文件后再来设置",
                en=f"{folder} holds no file that matches yet: come back once there is one",
            )
        )
    newest = max(files, key=lambda path: path.stat().st_mtime)
    if newest.stat().st_size > _LARGEST_FILE:
        raise FeedError(
            Words(
                zh=f"{newest.name} 超过 200 MB：请放一个小一些的同类文件作样例",
                en=f"{newest.name} is larger than 200 MB: put a smaller one of the kind there, as "
                "a sample",
            )
        )
    return newest.name, _blocks(newest)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
