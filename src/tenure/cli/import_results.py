"""What an import came to, as people and programs read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tenure.cli import screen
from tenure.cli.house import House
from tenure.cli.language import say
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.record.imports.operations import Outcome
    from tenure.record.imports.operations.running.tally import Tally

_MOST_SHOWN = 10


def show_outcome(
    outcome: Outcome, name: str, house: House, *, as_json: bool, guessed: bool = False
) -> int:
    """Print what happened; 1 where rows were refused, else 0.

    Args:
        guessed: there is no file with the map that was used.
    """
    code = 1 if outcome.tally.refused else 0
    if as_json:
        screen.print_json(
            {
                "import": outcome.import_id,
                "file": name,
                "tally": outcome.tally,
                "report": str(outcome.report) if outcome.report else None,
                "notes": outcome.notes,
                "refused": [{"line": line, "reason": why} for line, why in outcome.examples],
            }
        )
        return code
    for note in outcome.notes:
        screen.line(f"! {say(note)}", style="yellow")
    screen.line(_headline(outcome, name))
    tally_table(outcome.tally, house.currency if outcome.tally.amounts else "")
    _refusals(outcome, name, guessed=guessed)
    if outcome.import_id is not None and outcome.tally.accepted:
        screen.line(
            Words(
                zh=f"撤销：tenure import --undo {outcome.import_id} · 更新阶段：tenure tick",
                en=f"Take back: tenure import --undo {outcome.import_id} · stages: tenure tick",
            ),
            style="dim",
        )
    return code


def _headline(outcome: Outcome, name: str) -> Words:
    tally = outcome.tally
    if outcome.import_id is None:
        return Words(
            zh=f"试运行 {name}：读 {tally.rows:,} 行，会记录 {tally.accepted:,} 个事件。"
            "什么都没有写入",
            en=f"Trial of {name}: {tally.rows:,} rows, {tally.accepted:,} events would be "
            "recorded. Nothing was written",
        )
    return Words(
        zh=f"导入 {outcome.import_id}（{name}）：读 {tally.rows:,} 行，"
        f"新记录 {tally.accepted:,} 个事件",
        en=f"Import {outcome.import_id} ({name}): {tally.rows:,} rows, "
        f"{tally.accepted:,} events recorded",
    )


def tally_table(tally: Tally, currency: str = "") -> None:
    """Print the counts; only lines that are not zero, and what was skipped and why."""
    from tenure.record.imports.queries import broken_key_words, odd_lines, row_lines, type_lines

    rows: list[tuple[str, str]] = []
    for line in type_lines(tally):
        extra = Words(zh=f"，合计 {line.amount}", en=f", total {line.amount}")
        told = f"  {say(line.words)}{say(extra) if line.amount else ''}"
        rows.append((told, screen.count(line.count)))
    rows += [(say(line.words), screen.count(line.count)) for line in row_lines(tally)]
    rows += [(f"! {say(line.words)}", screen.count(line.count)) for line in odd_lines(tally)]
    title = Words(zh="内容", en="What")
    screen.table([(title, "left"), (Words(zh="数量", en="Count"), "right")], rows)
    for words in broken_key_words(tally):
        screen.line(f"! {say(words)}", style="yellow")


def _refusals(outcome: Outcome, name: str, *, guessed: bool) -> None:
    for line, why in outcome.examples[:_MOST_SHOWN]:
        screen.line(Words(zh=f"  第 {line} 行：{why.zh}", en=f"  line {line}: {why.en}"))
    more = outcome.tally.refused - min(len(outcome.examples), _MOST_SHOWN)
    if more > 0:
        screen.line(Words(zh=f"  …… 还有 {more:,} 行", en=f"  … and {more:,} more"), style="dim")
    if outcome.report is not None:
        screen.line(_mending(outcome.report, name, guessed=guessed))


def _mending(report: Path, name: str, *, guessed: bool) -> Words:
    if not guessed:
        return Words(
            zh=f"被拒绝的行都在 {report}，改好后用同样的 --map 再导入它",
            en=f"The refused rows are in {report}: mend them there and import that "
            "file with the same --map",
        )
    return Words(
        zh=f"被拒绝的行都在 {report}，改好后再导入它。"
        f"要按同样的猜测导入：先 tenure import {name} --save-map 映射.yaml，再加 --map 映射.yaml",
        en=f"The refused rows are in {report}: mend them there and import that file. To have it "
        f"read by the same guess: tenure import {name} --save-map MAP.yaml, then use "
        "--map MAP.yaml",
    )


def print_list(house: House, *, as_json: bool) -> int:
    """Print the latest imports."""
    from tenure.record.imports.queries import STATUS, imports

    found = imports()
    if as_json:
        screen.print_json(
            [
                {
                    "import": row.id,
                    "file": row.file_name,
                    "source": row.source,
                    "status": row.status,
                    "tally": row.tally,
                    "started_at": row.started_at,
                    "finished_at": row.finished_at,
                    "undone_at": row.undone_at,
                    "by": row.by,
                    "report": str(row.report) if row.report else None,
                }
                for row in found
            ]
        )
        return 0
    if not found:
        screen.line(Words(zh="还没有导入过文件", en="No file has been imported yet"))
        return 0
    columns: list[tuple[Words | str, screen.Align]] = [
        (Words(zh="编号", en="No."), "right"),
        (Words(zh="文件", en="File"), "left"),
        (Words(zh="状态", en="Status"), "left"),
        (Words(zh="行", en="Rows"), "right"),
        (Words(zh="事件", en="Events"), "right"),
        (Words(zh="拒绝", en="Refused"), "right"),
        (Words(zh="开始", en="Started"), "left"),
        (Words(zh="由", en="By"), "left"),
    ]
    screen.table(
        columns,
        [
            [
                str(row.id),
                row.file_name,
                say(STATUS[row.status]),
                screen.count(row.tally.rows),
                screen.count(row.tally.accepted),
                screen.count(row.tally.refused),
                screen.short_moment(row.started_at, house.zone),
                row.by,
            ]
            for row in found
        ],
    )
    return 0
