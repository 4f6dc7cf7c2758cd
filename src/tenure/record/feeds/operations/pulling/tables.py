"""Rows of a table or view beyond a cursor, in keyset pages, each row once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from tenure.record.feeds.operations.problems import FeedError
from tenure.record.feeds.operations.pulling.databases import no_table
from tenure.record.imports.operations.problems import did_you_mean
from tenure.words import Words

PAGE_ROWS = 5_000
Row = dict[str, object]
Mark = int | float | str | datetime | date | Decimal
"""A value of the cursor column."""
_CursorKinds: dict[str, Any] = {
    "integer": int, "number": Decimal, "moment": datetime.fromisoformat,
    "date": date.fromisoformat, "text": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRule:
    """What of a table is read.

    Attributes:
        table: its name, with the schema before a dot where it has one.
        cursor: the column that only grows: an increasing number, or when a row was changed.
        overlap: how far before the last value to read again, for rows committed late: minutes
            of moments, units of numbers.
    """

    table: str
    cursor: str
    overlap: int


class Reading:
    """A table, open for reading.

    Raises:
        FeedError: no such table, or no such column.
    """

    def __init__(self, connection: Connection, rule: TableRule, *, page: int = PAGE_ROWS) -> None:
        self._connection = connection
        self._page = page
        schema, _, name = rule.table.rpartition(".")
        self.columns = _columns(connection, name, schema or None)
        if rule.cursor not in self.columns:
            near = did_you_mean(rule.cursor, self.columns)
            shown = self.columns[:30]
            raise FeedError(
                Words(
                    zh=f"“{rule.table}”没有列“{rule.cursor}”{near.zh}；现有列：{'、'.join(shown)}",
                    en=f"“{rule.table}” has no column “{rule.cursor}”{near.en}; it has: "
                    f"{', '.join(shown)}",
                )
            )
        table = sa.table(name, *map(sa.column, self.columns), schema=schema or None)
        self._key: sa.ColumnElement[Any] = table.c[rule.cursor]
        self._name = rule.cursor
        self._rows = sa.select(table)
        self._table = table

    def first(self, count: int) -> list[Row]:
        """Some rows, the latest first: for showing."""
        found = self._connection.execute(
            self._rows.where(self._key.is_not(None)).order_by(self._key.desc()).limit(count)
        )
        return [_plain(row) for row in found.mappings()]

    def has_rows_without_cursor(self) -> bool:
        """Whether there are rows whose cursor is empty: those are never read."""
        empty = sa.select(sa.literal(1)).select_from(self._table).where(self._key.is_(None))
        return self._connection.execute(empty.limit(1)).first() is not None

    def beyond(self, mark: Mark | None) -> Iterator[tuple[list[Row], Mark]]:
        """Pages of rows from a value of the cursor on, each with the value it reaches.

        A page never ends between rows of one value: beginning the next one after it loses none.
        """
        wanted = self._rows.where(self._key.is_not(None))
        after = wanted if mark is None else wanted.where(self._key >= mark)
        while True:
            page = list(self._connection.execute(after.order_by(self._key).limit(self._page)))
            if not page:
                return
            last = page[-1]._mapping[self._name]
            if len(page) == self._page:
                page = [row for row in page if row._mapping[self._name] != last]
                page += self._connection.execute(wanted.where(self._key == last))
            yield [_plain(row._mapping) for row in page], last
            after = wanted.where(self._key > last)


def begun_before(mark: Mark, overlap: int) -> Mark:
    """Where to begin reading again, so that what was committed late is seen too."""
    if isinstance(mark, (datetime, date)):
        return mark - timedelta(minutes=overlap)
    if isinstance(mark, str):
        return _earlier_text(mark, overlap)
    return mark - overlap


def _earlier_text(mark: str, overlap: int) -> str:
    """A moment kept as text (as SQLite does) some minutes earlier; other text as it is."""
    try:
        moment = datetime.fromisoformat(mark)
    except ValueError:
        return mark
    if len(mark) < 16:
        return mark
    return (moment - timedelta(minutes=overlap)).isoformat(sep=mark[10])


def mark_text(mark: Mark) -> str:
    """A value of the cursor as it is kept."""
    for kind, type_ in (("integer", int), ("moment", datetime), ("date", date), ("text", str)):
        if isinstance(mark, type_) and not isinstance(mark, bool):
            value = mark.isoformat() if isinstance(mark, (datetime, date)) else str(mark)
            return msgspec.json.encode([kind, value]).decode()
    return msgspec.json.encode(["number", str(mark)]).decode()


def mark_of(text: str) -> Mark | None:
    """What :func:`mark_text` kept; None for nothing."""
    if not text:
        return None
    kind, value = msgspec.json.decode(text, type=tuple[str, str])
    mark: Mark = _CursorKinds[kind](value)
    return mark


def _columns(connection: Connection, name: str, schema: str | None) -> list[str]:
    inspector = sa.inspect(connection)
    try:
        found: Sequence[Mapping[str, Any]] = inspector.get_columns(name, schema)
    except sa.exc.NoSuchTableError:
        raise no_table(f"{schema}.{name}" if schema else name) from None
    return [str(column["name"]) for column in found]


def _plain(row: RowMapping) -> Row:
    """A row as JSON can hold it."""
    return {str(name): _cell(value) for name, value in row.items()}


def _cell(value: object) -> object:
    if isinstance(value, int) and abs(value) >= 2**63:
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (dict, list)):
        return msgspec.json.encode(value).decode()
    return str(value)
