"""``tenure sources``: systems that send events, their write keys, and what waits to be loaded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.feeds import FEED_WORDS
from tenure.cli.help import Group, argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.cli.language import say
from tenure.cli.undeclared import declare, samples, source_number, unknown
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.record.sources.queries import KeyView, SourceView, SpoolLag

_KEY = Words(zh="来源的代码", en="Key of the source")
_ONCE = Words(
    zh="只显示这一次，请现在保存好：", en="Shown this once, so keep it somewhere safe now:"
)
_LOADER = {
    "running": Words(zh="正常", en="running"),
    "failing": Words(zh="出错", en="failing"),
    "silent": Words(zh="没有运行", en="not running"),
    "none": Words(zh="还没有运行过", en="never ran"),
}


class NoKeyError(TenureError):
    """A source has no such write key."""


@click.group(
    "sources",
    cls=Group,
    words=Words(
        zh="事件来源：网站、应用、其他系统\n\n每个来源有自己的写入密钥，只能用来发送事件。",
        en="Sources of events: sites, apps, other systems\n\n"
        "Each has a write key of its own, good for sending events only.",
    ),
)
def sources() -> None:
    """Sources."""


@command("list", words=Words(zh="全部来源，以及等待装载的事件", en="All sources, and what waits"))
@json_option
def list_sources(*, as_json: bool) -> None:
    """List sources."""
    house = open_house()
    from tenure.record.sources.queries import sources as known
    from tenure.record.sources.queries import spool_lag

    rows, lag = known(house.by), spool_lag(at=house.at)
    if as_json:
        screen.print_json(rows)
        return
    _show(rows, house)
    _tell_lag(lag)


@command(
    "add",
    words=Words(zh="新增来源，得到写入密钥", en="Add a source and get its write key"),
    examples=("tenure sources add web --name 官网", "tenure sources add shop --kind webhook"),
)
@argument("key", words=_KEY)
@option("--name", words=Words(zh="给人看的名称；默认同代码", en="Its name; the key by default"))
@option(
    "--kind",
    type=click.Choice(["sdk", "webhook", "folder", "table", "form"]),
    default="sdk",
    words=Words(zh="事件如何到来", en="How its events come"),
)
@json_option
def add(*, key: str, name: str | None, kind: str, as_json: bool) -> None:
    """Add a source."""
    house = open_house()
    from tenure.guard.access.operations.senders import add_source

    added = add_source(key, name=name or key, kind=kind, by=house.by, at=house.at)
    if as_json:
        screen.print_json({"source_id": added.source_id, "write_key": added.write_key})
        return
    screen.line(Words(zh=f"已新增来源 {key}", en=f"Added the source {key}"))
    if added.write_key is not None:
        screen.line(_ONCE)
        screen.line(added.write_key)


@command(
    "rotate",
    words=Words(
        zh="换一个写入密钥；旧的在宽限期内仍可用",
        en="Make a new write key; the old one stays good for a while",
    ),
    examples=("tenure sources rotate web --grace 72", "tenure sources rotate web --grace 0"),
)
@argument("key", words=_KEY)
@option(
    "--grace",
    type=click.FloatRange(min=0),
    required=True,
    words=Words(zh="旧密钥还可用几小时；0 为立即停用", en="Hours the old key stays good; 0: none"),
)
@json_option
def rotate(*, key: str, grace: float, as_json: bool) -> None:
    """Rotate the key of a source."""
    house = open_house()
    from tenure.guard.access.operations.senders import rotate_key

    number = source_number(key, house)
    made = rotate_key(number, grace=timedelta(hours=grace), by=house.by, at=house.at)
    if as_json:
        screen.print_json({"write_key": made})
        return
    screen.line(_ONCE)
    screen.line(made)


@command(
    "revoke",
    words=Words(
        zh="停用一个写入密钥，不换新的；--keep 让它继续有效",
        en="End a write key without making a new one; --keep lets it stay good after all",
    ),
    examples=(
        "tenure sources revoke web --hint a1B2",
        "tenure sources revoke web --hint a1B2 --keep",
    ),
)
@argument("key", words=_KEY)
@option(
    "--hint",
    required=True,
    words=Words(zh="密钥的最后四个字符", en="Last four characters of the key"),
)
@option(
    "--grace",
    type=click.FloatRange(min=0),
    default=0.0,
    words=Words(zh="还可用几小时；默认立即停用", en="Hours it stays good; none by default"),
)
@option("--keep", is_flag=True, words=Words(zh="继续有效", en="Keep it after all"))
def revoke(*, key: str, hint: str, grace: float, keep: bool) -> None:
    """End a key of a source."""
    house = open_house()
    from tenure.guard.access.operations.senders import keep_key, revoke_key

    number = source_number(key, house)
    which = _key_with(hint, number, house)
    if keep:
        keep_key(number, which.id, by=house.by, at=house.at)
        screen.line(Words(zh=f"密钥 …{hint} 继续有效", en=f"The key …{hint} stays good"))
        return
    revoke_key(number, which.id, grace=timedelta(hours=grace), by=house.by, at=house.at)
    screen.line(
        Words(
            zh=f"密钥 …{hint} 将在 {grace:g} 小时后失效", en=f"The key …{hint} ends in {grace:g} h"
        )
        if grace
        else Words(zh=f"密钥 …{hint} 已失效", en=f"The key …{hint} has ended")
    )


@command("pause", words=Words(zh="暂停：来的事件先放到一边", en="Pause: what comes is set aside"))
@argument("key", words=_KEY)
def pause(*, key: str) -> None:
    """Pause a source."""
    house = open_house()
    from tenure.guard.access.operations.senders import pause_source

    number = source_number(key, house)
    pause_source(number, by=house.by, at=house.at)
    screen.line(Words(zh=f"已暂停来源 {key}", en=f"Paused the source {key}"))


@command("resume", words=Words(zh="恢复已暂停的来源", en="Let a paused source send again"))
@argument("key", words=_KEY)
def resume(*, key: str) -> None:
    """Resume a source."""
    house = open_house()
    from tenure.guard.access.operations.senders import resume_source

    number = source_number(key, house)
    resume_source(number, by=house.by, at=house.at)
    screen.line(Words(zh=f"已恢复来源 {key}", en=f"Resumed the source {key}"))


def _key_with(hint: str, number: int, house: House) -> KeyView:
    from tenure.record.sources.queries import source

    found = source(number, house.by)
    keys = [key for key in (found.keys if found else ()) if key.hint == hint]
    good = [key for key in keys if key.is_good(house.at)] or keys
    if len(good) != 1:
        raise NoKeyError(
            Words(
                zh=f"没有以 {hint} 结尾的密钥，或不止一个",
                en=f"no key, or several, end with {hint}",
            )
        )
    return good[0]


def _show(rows: list[SourceView], house: House) -> None:
    if not rows:
        screen.line(
            Words(
                zh="还没有来源。新增：tenure sources add web",
                en="No sources yet. Add one: tenure sources add web",
            )
        )
        return
    columns: list[screen.Column] = [
        (Words(zh="代码", en="Key"), "left"),
        (Words(zh="名称", en="Name"), "left"),
        (Words(zh="种类", en="Kind"), "left"),
        (Words(zh="写入密钥", en="Write keys"), "left"),
        (Words(zh="最近到达", en="Last arrival"), "left"),
    ]
    cells = [
        [
            row.key,
            row.name,
            row.kind + (say(Words(zh="（已暂停）", en=" (paused)")) if row.paused_at else ""),
            " ".join(f"…{key.hint}" for key in row.keys if key.is_good(house.at)),
            screen.short_moment(row.last_at, house.zone),
        ]
        for row in rows
    ]
    screen.table(columns, cells)


def _tell_lag(lag: SpoolLag) -> None:
    state = _LOADER[lag.loader]
    screen.line(
        Words(
            zh=f"等待装载：{lag.frames:,} 个请求，最早的已等 {lag.seconds:.0f} 秒；"
            f"装载器{state.zh}",
            en=f"Waiting to be loaded: {lag.frames:,} requests, the oldest for "
            f"{lag.seconds:.0f} s; the loader: {state.en}",
        )
    )
    if lag.error is not None:
        screen.line(lag.error, style="red")


for word in (
    list_sources,
    add,
    rotate,
    revoke,
    pause,
    resume,
    samples,
    unknown,
    declare,
    *FEED_WORDS,
):
    sources.add_command(word)
