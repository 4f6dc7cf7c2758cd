"""``tenure import`` and ``tenure imports``: files of events, in and, as a whole, out again."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.help import Group, argument, command, json_option, option
from tenure.cli.house import House, open_house, open_trial_house
from tenure.cli.import_guess import agreed_map, publish_needed
from tenure.cli.import_results import print_list, show_outcome, tally_table
from tenure.cli.language import language
from tenure.cli.progress import progress_by_share
from tenure.clock import now
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.record.imports.operations.mapping import ImportMap
    from tenure.record.imports.operations.running.tally import Tally

_LATEST = "latest"
_GO_ON = Words(
    zh="已记录的都在；继续导入：tenure import --resume",
    en="What is recorded stays; to go on: tenure import --resume",
)
_WORDS = Words(
    zh="载入事件文件\n\nCSV、XLSX、Parquet、JSON Lines（可为 .gz）。先猜列的含义并给您看，"
    "也可用 --map 指定。不合格的行写入报告，改好后可再导入；重复导入不会重复记录。",
    en="Load a file of events\n\nCSV, XLSX, Parquet, JSON lines (also .gz). Guesses what the "
    "columns mean and shows it, or takes --map. Rows that do not fit go to a report that can be "
    "mended and imported; importing twice records nothing twice.",
)


class NoFileError(TenureError):
    """No file was named."""


@command(
    "import",
    words=_WORDS,
    examples=(
        "tenure import orders.csv",
        "tenure import orders.csv --map orders.yaml --dry-run",
        "tenure import --resume",
        "tenure import --undo 3",
    ),
)
@argument("files", nargs=-1, type=click.Path(path_type=Path), words=Words(zh="文件", en="Files"))
@option("--map", "map_file", type=click.Path(path_type=Path), words=Words(
    zh="说明各列含义的 YAML 文件", en="YAML file that says what the columns mean"
))  # fmt: skip
@option("--save-map", type=click.Path(path_type=Path), words=Words(
    zh="把猜测写成映射文件", en="Write the guessed map to a file"
))  # fmt: skip
@option("--type", "event_type", words=Words(zh="每一行是什么事件", en="Event type of every row"))
@option("--dry-run", is_flag=True, words=Words(
    zh="只检查，什么都不记录", en="Check everything, record nothing"
))  # fmt: skip
@option("--resume", is_flag=False, flag_value=_LATEST, words=Words(
    zh="从中断处继续（可写编号）", en="Go on with a stopped import (its number, or the latest)"
))  # fmt: skip
@option("--yes", is_flag=True, words=Words(zh="不提问，同意猜测", en="Agree without asking"))
@option("--undo", type=int, words=Words(zh="撤销整次导入", en="Take back a whole import"))
@option("--reason", default="", words=Words(zh="撤销的原因", en="Why it is taken back"))
@option("--list", "listing", is_flag=True, words=Words(zh="列出导入", en="List the imports"))
@json_option
def import_command(
    *,
    files: tuple[Path, ...],
    map_file: Path | None,
    save_map: Path | None,
    event_type: str | None,
    dry_run: bool,
    resume: str | None,
    yes: bool,
    undo: int | None,
    reason: str,
    listing: bool,
    as_json: bool,
) -> int:
    """Import files."""
    if resume is not None and resume != _LATEST and not resume.isdecimal():
        files, resume = (Path(resume), *files), _LATEST  # --resume FILE
    house = open_trial_house() if dry_run else open_house()
    if listing:
        return print_list(house, as_json=as_json)
    if undo is not None:
        return _undo(house, undo, reason=reason, yes=yes, as_json=as_json)
    if resume is not None:
        return _resume(house, resume, files, as_json=as_json)
    if not files:
        raise NoFileError(Words(zh="请写出要导入的文件", en="Name the file to import"))
    maps = _maps(
        house,
        files,
        map_file,
        event_type=event_type,
        save=save_map,
        yes=yes,
        quiet=as_json,
        dry_run=dry_run,
    )
    others = {path.name: path for path in files if path not in maps}
    guessed = map_file is None and save_map is None
    codes = [
        _import(house, path, map_, others, dry_run=dry_run, as_json=as_json, guessed=guessed)
        for path, map_ in maps.items()
    ]
    return max(codes, default=0)


def _maps(
    house: House,
    files: tuple[Path, ...],
    map_file: Path | None,
    *,
    event_type: str | None,
    save: Path | None,
    yes: bool,
    quiet: bool,
    dry_run: bool,
) -> dict[Path, ImportMap]:
    """A map for each file to import; files that a map joins are not imported themselves."""
    from tenure.record.imports.operations.mapping import read_map

    if map_file is not None:
        map_ = read_map(map_file)
        joined = {Path(join.file).name for join in map_.join}
        return {path: map_ for path in files if path.name not in joined}
    maps = {}
    for path in files:
        agreed = agreed_map(
            path,
            house,
            event_type=event_type,
            yes=yes,
            quiet=quiet,
            save=save,
            dry_run=dry_run,
        )
        if agreed is not None:
            maps[path] = agreed
    return maps


def _import(
    house: House,
    path: Path,
    map_: ImportMap,
    others: dict[str, Path],
    *,
    dry_run: bool,
    as_json: bool,
    guessed: bool,
) -> int:
    from tenure.record.imports.operations import import_file, resume_import, try_file
    from tenure.record.imports.operations.needs import needed_definitions, types_of
    from tenure.record.imports.queries import unfinished_import_of
    from tenure.record.library.queries import supposing

    by, at = house.by, house.at
    needed = needed_definitions(types_of(map_)) if dry_run else []
    with supposing(needed), _watching(path.name) as watch:
        if dry_run:
            outcome = try_file(path, map_, by=by, at=at, others=others, watch=watch)
        elif (number := unfinished_import_of(path, map_.text)) is not None:
            screen.note(
                Words(
                    zh=f"继续上次中断的导入 {number}",
                    en=f"Going on with import {number}, which stopped",
                )
            )
            outcome = resume_import(
                number, by=by, at=at, language=language(), watch=watch, clock=now
            )
        else:
            publish_needed(types_of(map_), house)
            outcome = import_file(
                path,
                map_,
                by=by,
                at=at,
                language=language(),
                others=others,
                watch=watch,
                clock=now,
            )
    with supposing(needed):
        return show_outcome(outcome, path.name, house, as_json=as_json, guessed=guessed)


@contextmanager
def _watching(name: str) -> Iterator[Callable[[float, Tally], None]]:
    """A progress bar with the rate; for people only."""
    started = time.monotonic()
    with progress_by_share(Words(zh=f"导入 {name}", en=f"Importing {name}")) as report:

        def watch(share: float, tally: Tally) -> None:
            rate = tally.rows / max(time.monotonic() - started, 0.001)
            report(
                share,
                Words(
                    zh=f"{tally.rows:,} 行，每秒 {rate:,.0f} 行，拒绝 {tally.refused:,} 行",
                    en=f"{tally.rows:,} rows, {rate:,.0f} a second, {tally.refused:,} refused",
                ),
            )

        try:
            yield watch
        except KeyboardInterrupt:
            screen.note(_GO_ON)
            raise


def _resume(house: House, which: str, files: tuple[Path, ...], *, as_json: bool) -> int:
    from tenure.record.imports.operations import resume_import
    from tenure.record.imports.queries import latest_unfinished, unfinished_import_of

    number: int | None = int(which) if which.isdecimal() else None
    if number is None:
        number = unfinished_import_of(files[0], None) if files else latest_unfinished()
    if number is None:
        raise NoFileError(
            Words(zh="没有中断的导入可以继续", en="There is no stopped import to go on with")
        )
    with _watching(f"#{number}") as watch:
        outcome = resume_import(
            number, by=house.by, at=house.at, language=language(), watch=watch, clock=now
        )
    return show_outcome(outcome, f"#{number}", house, as_json=as_json)


def _undo(house: House, number: int, *, reason: str, yes: bool, as_json: bool) -> int:
    from tenure.record.imports.operations import undo_import
    from tenure.record.imports.queries import import_summary

    found = import_summary(number)
    if found is not None and not as_json and not yes and sys.stdin.isatty():
        tally_table(found.tally)
        question = Words(zh=f"撤销导入 {number}？", en=f"Take back import {number}?")
        click.confirm(question.to(language()), abort=True)
    tally = undo_import(number, reason=reason or "-", by=house.by, at=house.at)
    if as_json:
        screen.print_json({"undone": number, "tally": tally})
        return 0
    screen.line(
        Words(
            zh=f"已撤销导入 {number}：{tally.accepted:,} 个事件不再计入。"
            "同一文件可以重新导入；运行 tenure tick 更新阶段",
            en=f"Import {number} is taken back: {tally.accepted:,} events no longer count. "
            "The file may be imported again; run tenure tick to bring stages up to date",
        )
    )
    tally_table(tally)
    return 0


@click.group("imports", cls=Group, words=Words(zh="查看、撤销导入", en="List and undo imports"))
def imports() -> None:
    """Imports."""


@command("list", words=Words(zh="最近的导入", en="The latest imports"))
@json_option
def list_imports(*, as_json: bool) -> int:
    """List imports."""
    return print_list(open_house(), as_json=as_json)


@command("undo", words=Words(zh="撤销整次导入", en="Take back a whole import"))
@argument("number", type=int, words=Words(zh="导入编号", en="Number of the import"))
@option("--reason", default="", words=Words(zh="原因", en="Why"))
@option("--yes", is_flag=True, words=Words(zh="不提问", en="Do not ask"))
@json_option
def undo_command(*, number: int, reason: str, yes: bool, as_json: bool) -> int:
    """Undo an import."""
    return _undo(open_house(), number, reason=reason, yes=yes, as_json=as_json)


@command("resume", words=Words(zh="从中断处继续", en="Go on with an import that stopped"))
@argument("number", required=False, words=Words(zh="导入编号", en="Number of the import"))
@json_option
def resume_command(*, number: str | None, as_json: bool) -> int:
    """Resume an import."""
    return _resume(open_house(), number or _LATEST, (), as_json=as_json)


imports.add_command(list_imports)
imports.add_command(undo_command)
imports.add_command(resume_command)
