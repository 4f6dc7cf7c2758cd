"""Columns of other files beside a table's own, found by keys that people typed."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenure.words import Words

from ..masking import shortened
from ..problems import CannotImportError, nearest, perhaps
from .table import Cell, Cells, ReadOptions, Refuse, Table

_LARGEST = 1_000_000
# A file joined by the wrong column has no match for any row: what is told of it stays small,
# and keys are compared for likeness only where that takes no time.
_MISSED, _TOLD, _COMPARED = 100_000, 100, 2_000


@dataclass(slots=True)
class Other:
    """A file to join, loaded whole: key to cells.

    Attributes:
        missed: keys without a match and how many rows had each; the first hundred thousand.
        like: keys without a match and the one most like each; the first hundred.
    """

    name: str
    names: tuple[str, ...]
    rows: Mapping[str, Cells]
    written: Mapping[str, str]
    values: Mapping[str, str]
    position: int
    refuse: bool
    missed: Counter[str] = field(default_factory=Counter)
    like: dict[str, str | None] = field(default_factory=dict)

    def find(self, key: Cell) -> Cells | None:
        """The other file's cells for ``key``; None where it has none."""
        text = "" if key is None else str(key).strip()
        found = self.rows.get(normal_key(self.values.get(text, text)))
        if found is None and text and (text in self.missed or len(self.missed) < _MISSED):
            self.missed[text] += 1
        return found

    def nearest(self, key: str) -> str | None:
        """The key most like one that has no match; None where it is not worth looking for."""
        if key not in self.like and len(self.like) < _TOLD and len(self.written) <= _COMPARED:
            self.like[key] = nearest(key, self.written.values())
        return self.like.get(key)


class JoinedTable:
    """A table with the columns of other files beside its own."""

    def __init__(self, table: Table, others: tuple[Other, ...], notes: list[Words]) -> None:
        self._table = table
        self.others = others
        self.path: Path = table.path
        self.options: ReadOptions = table.options
        self.columns = (*table.columns, *(name for other in others for name in other.names))
        self.notes: tuple[Words, ...] = (*table.notes, *notes)

    def progress(self) -> float:
        """The share of the table's own file read."""
        return self._table.progress()

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each row with what the other files say about its keys."""
        others = self.others
        for other in others:
            other.missed.clear()
        for line, cells in self._table.rows(refuse):
            whole: list[Cell] = list(cells)
            for other in others:
                found = other.find(cells[other.position])
                if found is None and other.refuse:
                    refuse(line, cells, no_match(other, cells[other.position]))
                    break
                whole.extend(found or (None,) * len(other.names))
            else:
                yield line, whole

    def keys_of(self, columns: Collection[int]) -> frozenset[int]:
        """Positions of the keys that are among ``columns`` or find a cell of one of them."""
        named = {self.columns[position] for position in columns}
        return frozenset(
            other.position
            for other in self.others
            if other.position in columns or not named.isdisjoint(other.names)
        )

    def broken_keys(self, personal: Collection[int]) -> list[tuple[str, str, int, str]]:
        """(other file, key, rows, nearest key there) for the commonest keys without a match.

        Args:
            personal: positions of columns that hold something personal: their keys are
                shortened, and none is told that is like them.
        """
        return [
            (other.name, shortened(key), count, "")
            if other.position in personal
            else (other.name, key, count, other.nearest(key) or "")
            for other in self.others
            for key, count in other.missed.most_common(_TOLD)
        ]


def no_match(other: Other, key: Cell) -> Words:
    """The reason for a row whose key the other file lacks."""
    hint = perhaps(other.nearest(str(key or "")))
    return Words(
        zh=f"{other.name} 中没有「{key or ''}」{hint.zh}",
        en=f"{other.name} has no “{key or ''}”{hint.en}",
    )


def normal_key(text: str) -> str:
    """A key without differences of case, width and spacing at the ends and between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def load_other(
    table: Table,
    *,
    on: tuple[int, int],
    columns: tuple[int, ...],
    names: tuple[str, ...],
    values: Mapping[str, str],
    refuse: bool,
) -> tuple[Other, list[Words]]:
    """The file to join, and what is odd about it.

    Args:
        on: position of the key here and there.
        columns: positions of the columns to take; ``names`` are their new names.

    Raises:
        CannotImportError: more rows than can be held in memory.
    """
    rows: dict[str, Cells] = {}
    written: dict[str, str] = {}
    twice: Counter[str] = Counter()
    bad: list[int] = []
    for _, cells in table.rows(lambda line, _cells, _why: bad.append(line)):
        text = "" if cells[on[1]] is None else str(cells[on[1]]).strip()
        key = normal_key(text)
        if key in rows:
            twice[text] += 1
            continue
        if len(rows) >= _LARGEST:
            raise CannotImportError(
                Words(
                    zh=f"{table.path.name} 超过 {_LARGEST:,} 行，不能作为被关联的文件",
                    en=f"{table.path.name} has more than {_LARGEST:,} rows: too many to join",
                )
            )
        rows[key] = [cells[index] for index in columns]
        written[key] = text
    notes = []
    if twice:
        example, count = twice.most_common(1)[0]
        notes.append(
            Words(
                zh=f"{table.path.name} 有 {len(twice)} 个键重复，取第一行"
                f"（如「{example}」多 {count} 行）",
                en=f"{table.path.name}: {len(twice)} keys repeat (“{example}” {count} more times); "
                "the first row counts",
            )
        )
    if bad:
        notes.append(
            Words(
                zh=f"{table.path.name} 有 {len(bad)} 行读不出（首行：第 {bad[0]} 行）",
                en=f"{table.path.name}: {len(bad)} rows cannot be read (first: line {bad[0]})",
            )
        )
    return Other(table.path.name, names, rows, written, values, on[0], refuse), notes
