"""``tenure dead-letters``: refused events, shown, mended, replayed or discarded."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

import click
import msgspec

from tenure.cli import screen
from tenure.cli.help import Group, argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.cli.language import say
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.record.events.operations import IncomingEvent, Replay
    from tenure.record.events.queries import DeadLetterView

_NUMBER = Words(zh="被拒事件的编号", en="Number of a refused event")
_NUMBERS = Words(zh="编号；不写就是全部", en="Numbers; all when none is given")
_NONE = Words(zh="没有等待处理的被拒事件", en="No refused events are waiting")


class MendError(TenureError):
    """The mended text is no event, or there is nothing to mend."""


@click.group(
    "dead-letters",
    cls=Group,
    words=Words(
        zh="被拒的事件：查看原因，修正，重放\n\n被拒的事件不会丢失，修正后可再记入日志。",
        en="Refused events: why, mend, replay\n\nNothing is lost: what is mended can be recorded.",
    ),
)
def dead_letters() -> None:
    """Refused events."""


@command("list", words=Words(zh="等待处理的被拒事件与原因", en="Refused events that wait, and why"))
@option(
    "--status",
    type=click.Choice(["waiting", "replayed", "discarded", "all"]),
    default="waiting",
    words=Words(zh="哪一种", en="Which ones"),
)
@option("--import", "batch", type=int, words=Words(zh="只看某次载入", en="Only of this import"))
@option("--limit", type=int, default=20, words=Words(zh="最多显示几行", en="Rows at most"))
@option("--reveal", is_flag=True, words=Words(zh="显示原文（个人信息）", en="Show what was sent"))
@json_option
def list_letters(
    *, status: str, batch: int | None, limit: int, reveal: bool, as_json: bool
) -> None:
    """List refused events."""
    house = open_house()
    from tenure.record.events.queries import dead_letter_count
    from tenure.record.events.queries import dead_letters as letters

    wanted = None if status == "all" else status
    rows = letters(status=wanted, batch_id=batch, limit=limit, with_body=reveal)
    if as_json:
        screen.print_json(rows)
    elif not rows:
        screen.line(_NONE)
    else:
        whole = dead_letter_count(status=status) if wanted and batch is None else 0
        _show(rows, house, more=whole - len(rows))


def _show(rows: list[DeadLetterView], house: House, *, more: int) -> None:
    columns: list[screen.Column] = [
        (Words(zh="编号", en="No."), "right"),
        (Words(zh="被拒于", en="Refused"), "left"),
        (Words(zh="来源", en="Source"), "left"),
        (Words(zh="类型", en="Type"), "left"),
        (Words(zh="原因", en="Why"), "left"),
    ]
    cells = [
        [
            str(row.id),
            screen.short_date(row.refused_at, house.zone),
            row.source,
            row.type,
            "\n".join(filter(None, [*(say(reason) for reason in row.reasons), row.body])),
        ]
        for row in rows
    ]
    screen.table(columns, cells, more=more)


@command(
    "mend",
    words=Words(
        zh="修正一个被拒事件，并立即重放\n\n不给 --with 时，用 $EDITOR 打开原文。",
        en="Mend a refused event and replay it\n\nWithout --with its text is opened in $EDITOR.",
    ),
)
@argument("number", type=int, words=_NUMBER)
@option(
    "--with",
    "file",
    type=click.File("r", encoding="utf-8"),
    words=Words(
        zh="修正后的事件（JSON 文件，- 为标准输入）", en="The mended event: a JSON file, or -"
    ),
)
def mend(*, number: int, file: IO[str] | None) -> int:
    """Mend and replay one."""
    house = open_house()
    from tenure.record.events.operations import mend_dead_letter, replay_dead_letters

    text = file.read() if file is not None else _edited(number)
    mend_dead_letter(number, _event(text), by=house.by, at=house.at)
    return _tell(replay_dead_letters([number], by=house.by, at=house.at))


def _edited(number: int) -> str:
    from tenure.record.events.queries import dead_letters as letters

    found = letters(status="waiting", after=number - 1, limit=1, with_body=True)
    if not found or found[0].id != number:
        raise MendError(
            Words(zh=f"没有等待处理的被拒事件 {number}", en=f"No refused event {number}")
        )
    body = msgspec.json.format(found[0].body or "{}", indent=2)
    if not sys.stdin.isatty():
        raise MendError(
            Words(
                zh=f"请用 --with 给出修正后的事件。原文：\n{body}",
                en=f"Give the mended event in --with. It was:\n{body}",
            )
        )
    return click.edit(body, extension=".json") or body


def _event(text: str) -> IncomingEvent:
    from tenure.record.events.operations import IncomingEvent

    try:
        return msgspec.json.decode(text, type=IncomingEvent, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError) as problem:
        raise MendError(
            Words(zh=f"这不是一个事件：{problem}", en=f"This is no event: {problem}")
        ) from problem


@command("replay", words=Words(zh="再试着记入被拒的事件", en="Try again to record refused events"))
@argument("numbers", type=int, nargs=-1, words=_NUMBERS)
@json_option
def replay(*, numbers: tuple[int, ...], as_json: bool) -> int:
    """Replay."""
    house = open_house()
    from tenure.record.events.operations import replay_dead_letters

    done = replay_dead_letters(list(numbers) or None, by=house.by, at=house.at)
    if as_json:
        screen.print_json(done.receipts)
        return int(done.recorded < len(done.receipts))
    return _tell(done)


@command("discard", words=Words(zh="决定不记入，并写明原因", en="Decide not to record it, and why"))
@argument("number", type=int, words=_NUMBER)
@option("--reason", required=True, words=Words(zh="原因", en="Why"))
def discard(*, number: int, reason: str) -> None:
    """Discard one."""
    house = open_house()
    from tenure.record.events.operations import discard_dead_letter

    discard_dead_letter(number, reason=reason, by=house.by, at=house.at)
    screen.line(
        Words(zh=f"已放弃 {number}，原因已保存", en=f"Discarded {number}; the reason is kept")
    )


def _tell(done: Replay) -> int:
    """Say what came of a replay; 1 where something was refused again."""
    if not done.receipts:
        screen.line(_NONE)
        return 0
    refused = {number: r for number, r in done.receipts.items() if r.status == "refused"}
    screen.line(
        Words(
            zh=f"记入 {done.recorded:,} 个，再次被拒 {len(refused):,} 个",
            en=f"Recorded {done.recorded:,}, refused again {len(refused):,}",
        )
    )
    for number, receipt in list(refused.items())[:20]:
        screen.line(f"  {number}: " + "; ".join(say(reason) for reason in receipt.reasons))
    return int(bool(refused))


for word in (list_letters, mend, replay, discard):
    dead_letters.add_command(word)
