"""What an import came to, line by line, for every door."""

from __future__ import annotations

from dataclasses import dataclass

from tenure.record.events.queries import basis
from tenure.record.library.queries import current_library
from tenure.words import Words

from ..operations.mapping import load_map
from ..operations.running.tally import Tally, counted_words

STATUS = {
    "running": Words(zh="进行中", en="running"),
    "stopped": Words(zh="已中断", en="stopped"),
    "finished": Words(zh="已完成", en="finished"),
    "undone": Words(zh="已撤销", en="undone"),
}
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class TallyLine:
    """One count.

    Attributes:
        amount: money of the events counted, in the file's currency; empty without any.
        odd: accepted, and odd.
    """

    words: Words
    count: int
    amount: str = ""
    odd: bool = False


def money_in(map_text: str, file_name: str) -> str:
    """The code of the currency the amounts of a file are in."""
    stated = load_map(map_text, file_name).currency if map_text else None
    return stated or basis().currency


def type_lines(tally: Tally) -> list[TallyLine]:
    """Accepted events by type, the most frequent first."""
    known = current_library()[0].event_types
    lines = []
    for kind, number in sorted(tally.types.items(), key=lambda pair: -pair[1]):
        name = known[kind].name if kind in known else None
        words = Words(zh=f"{name.zh} · {kind}", en=f"{name.en} · {kind}") if name else None
        lines.append(TallyLine(words or Words(kind, kind), number, tally.amounts.get(kind, "")))
    return lines


def row_lines(tally: Tally) -> list[TallyLine]:
    """What became of the rest: only counts that are not zero."""
    counts = (
        (Words(zh="早已在日志中的事件", en="Events that were in the log already"), tally.repeated),
        (Words(zh="无标识的匿名事件", en="Anonymous events"), tally.anonymous),
        (Words(zh="合并成组", en="Groups of rows"), tally.groups),
        (Words(zh="文件内重复的行", en="Rows equal to an earlier one"), tally.duplicates),
        (Words(zh="其中按映射丢弃", en="of these, dropped by the map"), tally.dropped),
        (Words(zh="没有规则适用的行", en="Rows no rule applies to"), tally.unmapped),
        (Words(zh="被拒绝的行", en="Rows refused"), tally.refused),
    )
    lines = [TallyLine(words, number) for words, number in counts if number]
    for words, number in counted_words(tally.skipped):
        told = Words(zh=f"略过: {words.zh}", en=f"Left out: {words.en}")
        lines.append(TallyLine(told, number))
    return lines


def odd_lines(tally: Tally) -> list[TallyLine]:
    """What was accepted though odd, the most frequent first; the first ten."""
    found = counted_words(tally.warnings)[:MOST_SHOWN]
    return [TallyLine(words, number, odd=True) for words, number in found]


def broken_key_words(tally: Tally) -> list[Words]:
    """Keys that a joined file does not have."""
    told = []
    for file, key, count, near in tally.broken_keys[:MOST_SHOWN]:
        zh = f"，最接近「{near}」" if near else ""
        en = f"; nearest “{near}”" if near else ""
        told.append(
            Words(
                zh=f"{file} 中没有「{key}」（{count:,} 行）{zh}",
                en=f"{file} has no “{key}” ({count:,} rows){en}",
            )
        )
    return told
