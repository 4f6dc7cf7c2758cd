"""Opens the files of an import: the table itself, reports read again, files that join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tenure.words import Words

from ..mapping.body import MapError
from ..mapping.model import ImportMap, Join
from ..planning.columns import Columns
from ..problems import CannotImportError, did_you_mean
from ..reading.content import inspect
from ..reading.joined import JoinedTable, Other, load_other
from ..reading.opening import open_table
from ..reading.table import Table
from .report import ReportTable, is_report


@dataclass(frozen=True, slots=True)
class Opened:
    """A table ready to read, how many of its columns are the file's own, and its joins."""

    table: Table
    own: int
    joined: JoinedTable | None


def open_source(path: Path, map_: ImportMap, others: Mapping[str, Path]) -> Opened:
    """The table of ``path`` as ``map_`` says to read it, with what it joins.

    Args:
        others: paths of files to join that lie elsewhere, by name.

    Raises:
        TenureError: a file or the map does not fit.
    """
    table: Table
    if is_report(inspect(path)):
        _check_report(map_)
        table = ReportTable(open_table(path))
    else:
        table = open_table(path, map_.read)
    own = len(table.columns)
    if not map_.join:
        return Opened(table, own, None)
    joined = _joined(table, map_, others)
    return Opened(joined, own, joined)


def _check_report(map_: ImportMap) -> None:
    if any(rule.at.year_from is not None for rule in map_.events):
        raise CannotImportError(
            Words(
                zh="此映射的年份取决于行的先后，报告里的行不完整：请在原文件中修正后重新导入",
                en="under this map the year depends on the order of all rows, and a report has "
                "only some: mend the rows in the original file and import that again",
            )
        )


def _joined(table: Table, map_: ImportMap, others: Mapping[str, Path]) -> JoinedTable:
    notes: list[Words] = []
    loaded: list[Other] = []
    taken = set(table.columns)
    for join in map_.join:
        path = _find(join, table.path, map_, others)
        other, found = _load(join, path, table, map_, taken)
        taken |= set(other.names)
        loaded.append(other)
        notes += found
    return JoinedTable(table, tuple(loaded), notes)


def _find(join: Join, main: Path, map_: ImportMap, others: Mapping[str, Path]) -> Path:
    """The file to join: as given, beside the main file, or beside the map."""
    given = others.get(Path(join.file).name)
    places = [main.parent / join.file, Path(map_.file).parent / join.file]
    candidates = [given] if given else places
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    near = did_you_mean(join.file, [path.name for path in main.parent.iterdir()])
    raise MapError(
        map_.file,
        join.place,
        Words(
            zh=f"找不到要关联的文件 {join.file}{near.zh}",
            en=f"the file to join, {join.file}, is not there{near.en}",
        ),
    )


def _load(
    join: Join, path: Path, table: Table, map_: ImportMap, taken: set[str]
) -> tuple[Other, list[Words]]:
    other = open_table(path)
    here = Columns(table.columns, map_.file).index(join.on[0], join.place)
    columns = Columns(other.columns, map_.file)
    there = columns.index(join.on[1], join.place)
    wanted = join.columns or tuple(name for name in other.columns if name != join.on[1])
    stem = path.name.partition(".")[0]
    names = tuple(_new_name(join.prefix + name, stem, taken) for name in wanted)
    positions = tuple(columns.index(name, join.place) for name in wanted)
    return load_other(
        other,
        on=(here, there),
        columns=positions,
        names=names,
        values=join.values,
        refuse=join.missing == "refuse",
    )


def _new_name(name: str, stem: str, taken: set[str]) -> str:
    return f"{stem}.{name}" if name in taken else name
