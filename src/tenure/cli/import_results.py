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

_STATUS = {
    "running": Words(zh="进行中", en="running"),
    "stopped": Words(zh="已中断", en="stopped"),
    "finished": Words(zh="已完成", en="finished"),
    "undone": Words(zh="已撤销", en="undone"),
}
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
    from tenure.record.imports.operations.running.tally import counted_words
    from tenure.record.library.queries import current_library

    rows: list[tuple[str, str]] = []

    def add(words: Words, number: int) -> None:
        if number:
            rows.append((say(words), screen.count(number)))

    known = current_library()[0].event_types
    for kind, number in sorted(tally.types.items(), key=lambda pair: -pair[1]):
        amount = tally.amounts.get(kind)
        name = f"{say(known[kind].name)} · {kind}" if kind in known else kind
        extra = say(Words(zh=f"，合计 {amount}", en=f", total {amount}")) if amount else ""
        rows.append((f"  {name}{extra}", screen.count(number)))
    add(Words(zh="早已在日志中的事件", en="Events that were in the log already"), tally.repeated)
    add(Words(zh="无标识的匿名事件", en="Anonymous events"), tally.anonymous)
    add(Words(zh="合并成组", en="Groups of rows"), tally.groups)
    add(Words(zh="文件内重复的行", en="Rows equal to an earlier one"), tally.duplicates)
    add(Words(zh="其中按映射丢弃", en="of these, dropped by the map"), tally.dropped)
    add(Words(zh="没有规则适用的行", en="Rows no rule applies to"), tally.unmapped)
    add(Words(zh="被拒绝的行", en="Rows refused"), tally.refused)
    for words, number in counted_words(tally.skipped):
        rows.append((f"{say(Words(zh='略过', en='Left out'))}: {say(words)}", screen.count(number)))
    for words, number in counted_words(tally.warnings)[:_MOST_SHOWN]:
        rows.append((f"! {say(words)}", screen.count(number)))
    title = Words(zh="内容", en="What")
    screen.table([(title, "left"), (Words(zh="数量", en="Count"), "right")], rows)
    _broken_keys(tally)


def _broken_keys(tally: Tally) -> None:
    for file, key, count, near in tally.broken_keys[:_MOST_SHOWN]:
        zh = f"，最接近「{near}」" if near else ""
        en = f"; nearest “{near}”" if near else ""
        screen.line(
            Words(
                zh=f"! {file} 中没有「{key}」（{count:,} 行）{zh}",
                en=f"! {file} has no “{key}” ({count:,} rows){en}",
            ),
            style="yellow",
        )


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
    from tenure.record.imports.queries import imports

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
                say(_STATUS[row.status]),
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
