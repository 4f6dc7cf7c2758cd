"""Words of ``tenure sources`` for feeds: connect, map, pull, try again, sign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.cli.language import language, say
from tenure.clock import now
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.record.feeds.queries import FeedView

_KEY = Words(zh="来源的代码", en="Key of the source")
_STATES = {
    "live": Words(zh="正常", en="live"),
    "new": Words(zh="等待数据", en="awaits rows"),
    "unmapped": Words(zh="待设映射", en="needs a map"),
    "failing": Words(zh="出错", en="failing"),
    "paused": Words(zh="已暂停", en="paused"),
}
_ADDRESS = Words(
    zh="地址（只显示这一次）：服务器地址后接", en="Its address, shown this once, after the host:"
)


class NoFeedError(TenureError):
    """No feed has this key."""


@command(
    "connect",
    words=Words(
        zh="接入：webhook、文件夹或数据库表",
        en="Connect a webhook, a folder or a table of a database",
    ),
    examples=(
        "tenure sources connect shop --kind webhook",
        "tenure sources connect drop --kind folder --folder /srv/drop --schedule 'every 15'",
        "tenure sources connect orders --kind table --table public.orders --cursor updated_at",
    ),
)
@argument("key", words=_KEY)
@option(
    "--kind",
    type=click.Choice(["webhook", "folder", "table"]),
    required=True,
    words=Words(zh="种类", en="What it is"),
)
@option("--name", words=Words(zh="给人看的名称；默认同代码", en="Its name; the key by default"))
@option(
    "--list-at",
    default="",
    words=Words(zh="webhook：列表所在的路径", en="Webhook: the path of the list of records"),
)
@option("--folder", words=Words(zh="文件夹的完整路径", en="The whole path of the folder"))
@option("--pattern", default="*.csv", words=Words(zh="文件名样式", en="Pattern of file names"))
@option("--table", words=Words(zh="表或视图", en="Table or view"))
@option("--cursor", words=Words(zh="递增的列", en="The column that grows"))
@option(
    "--overlap",
    default="10",
    words=Words(zh="往回多读几分钟或几号", en="Read again so many minutes or numbers"),
)
@option(
    "--schedule",
    default="every 15",
    words=Words(zh="every N（分钟）、五段 cron 或空", en="every N (minutes), cron, or empty"),
)
@json_option
def connect(*, key: str, kind: str, name: str | None, as_json: bool, **said: str | None) -> None:
    """Connect a feed; the address of a database is asked for, so that no history keeps it."""
    house = open_house()
    from tenure.guard.audit.operations import note
    from tenure.record.feeds.operations import add_feed

    given: dict[str, object] = {"language": language(), **said}
    schedule = str(given.pop("schedule") or "") if kind != "webhook" else ""
    given.pop("schedule", None)
    if kind == "table":
        words = Words(zh="数据库地址（不显示）", en="Address of the database (not shown)")
        given["url"] = click.prompt(say(words), hide_input=True, err=True)
    added = add_feed(
        key, name=name or key, kind=kind, schedule=schedule, by=house.by, at=house.at, **given
    )
    note("source.added", by=house.by, at=house.at, about=f"source:{added.source_id}")
    path = f"/hooks/{added.write_key}" if added.write_key is not None else None
    if as_json:
        screen.print_json({"source_id": added.source_id, "address": path})
        return
    screen.line(Words(zh=f"已接入 {key}", en=f"Connected {key}"))
    if path is not None:
        screen.line(_ADDRESS)
        screen.line(path)
    screen.line(
        Words(
            zh=f"接着设置映射：tenure sources map {key} 映射.yaml，或在网页的“接入”里按样例设置",
            en=f"Next, its map: tenure sources map {key} MAP.yaml, or by a sample at the pages",
        )
    )


@command("feeds", words=Words(zh="全部接入的状态", en="How every feed stands"))
@json_option
def list_feeds(*, as_json: bool) -> None:
    """List feeds."""
    house = open_house()
    from tenure.record.feeds.queries import feeds

    rows = feeds(house.by)
    if as_json:
        screen.print_json(rows)
        return
    columns: list[screen.Column] = [
        (Words(zh="代码", en="Key"), "left"),
        (Words(zh="种类", en="Kind"), "left"),
        (Words(zh="状态", en="State"), "left"),
        (Words(zh="上次", en="Last"), "left"),
        (Words(zh="下次", en="Next"), "left"),
        (Words(zh="读入", en="Rows in"), "right"),
        (Words(zh="重复", en="Repeated"), "right"),
        (Words(zh="拒绝", en="Refused"), "right"),
    ]
    screen.table(columns, [_cells(row, house) for row in rows])
    for row in rows:
        if row.error is not None:
            told = Words(
                zh=f"{row.source.key}：{row.error.zh}", en=f"{row.source.key}: {row.error.en}"
            )
            screen.line(told, style="red")


@command(
    "map",
    words=Words(zh="设置或显示映射", en="Set or show the map of a feed"),
    examples=("tenure sources map shop shop.yaml", "tenure sources map shop"),
)
@argument("key", words=_KEY)
@argument(
    "file",
    required=False,
    type=click.Path(path_type=Path),
    words=Words(zh="映射文件；不写则显示现在的", en="The map; without it the present one is shown"),
)
def set_map(*, key: str, file: Path | None) -> None:
    """Set the map of a feed."""
    house = open_house()
    from tenure.guard.audit.operations import note
    from tenure.record.feeds.operations import settle_feed_map
    from tenure.record.imports.operations.mapping import read_map

    feed = _named(key, house)
    if file is None:
        screen.line(str(feed.source.settings.get("map") or ""))
        return
    text, number = read_map(file).text, feed.source.id
    for words in settle_feed_map(number, text, by=house.by, at=house.at):
        screen.line(words)
    note("feed.mapped", by=house.by, at=house.at, about=f"source:{number}")
    screen.line(Words(zh=f"{key} 的映射已生效", en=f"The map of {key} counts from now on"))


@command("pull", words=Words(zh="立即同步文件夹或表", en="Read a folder or a table now"))
@argument("key", words=_KEY)
@option(
    "--again",
    is_flag=True,
    words=Words(
        zh="从头再读；已有的不会重复", en="From the beginning; what is known is recognised"
    ),
)
@json_option
def pull(*, key: str, again: bool, as_json: bool) -> None:
    """Pull a feed."""
    house = open_house()
    from tenure.record.feeds.operations import pull_feed, start_over
    from tenure.record.feeds.queries import syncs

    number = _named(key, house).source.id
    if again:
        start_over(number, by=house.by, at=house.at)
    if pull_feed(number, by=house.by, clock=now) is None:
        screen.line(Words(zh=f"{key} 已暂停", en=f"{key} is paused"))
        return
    [look, *_] = syncs(number, house.by, limit=1)
    if as_json:
        screen.print_json(look)
    else:
        screen.line(
            Words(
                zh=f"读入 {look.rows:,} 行：记入 {look.recorded:,}，重复 {look.repeated:,}，"
                f"拒绝 {look.refused:,}，略过 {look.left_out:,}",
                en=f"{look.rows:,} rows in: {look.recorded:,} recorded, {look.repeated:,} "
                f"repeated, {look.refused:,} refused, {look.left_out:,} left out",
            )
        )
    if look.error is not None:
        raise NoFeedError(look.error)


@command(
    "retry", words=Words(zh="重试 webhook 被拒的记录", en="Try refused records of a webhook again")
)
@argument("key", words=_KEY)
@json_option
def retry(*, key: str, as_json: bool) -> None:
    """Try refused records again."""
    house = open_house()
    from tenure.record.feeds.operations import retry_refused

    done = retry_refused(_named(key, house).source.id, by=house.by, clock=now)
    if as_json:
        told = {"recorded": done.recorded, "refused": done.refused, "left_out": done.left_out}
        screen.print_json(told)
        return
    screen.line(
        Words(
            zh=f"记入 {done.recorded:,}，仍被拒 {done.refused:,}，略过 {done.left_out:,}",
            en=f"{done.recorded:,} recorded, {done.refused:,} still refused, "
            f"{done.left_out:,} left out",
        )
    )


@command(
    "sign",
    words=Words(zh="webhook 的签名方式", en="How requests of a webhook are signed"),
    examples=(
        "tenure sources sign shop --form standard",
        "tenure sources sign shop --form header --header X-Shopify-Hmac-Sha256",
    ),
)
@argument("key", words=_KEY)
@option(
    "--form",
    type=click.Choice(["none", "standard", "header"]),
    required=True,
    words=Words(zh="不验签、Standard Webhooks 或请求头", en="None, Standard Webhooks or a header"),
)
@option("--header", default="", words=Words(zh="签名所在的请求头", en="The header it stands in"))
@option(
    "--encoding",
    type=click.Choice(["base64", "hex"]),
    default="base64",
    words=Words(zh="签名的编码", en="How it is written"),
)
@option("--prefix", default="", words=Words(zh="签名前的字样", en="What stands before it"))
def sign(*, key: str, form: str, header: str, encoding: str, prefix: str) -> None:
    """Set how requests are signed; a secret that is needed is asked for, not shown."""
    house = open_house()
    from tenure.guard.audit.operations import note
    from tenure.record.feeds.operations import sign_webhook

    number, secret = _named(key, house).source.id, ""
    if form == "header":
        words = Words(zh="共享密钥（不显示）", en="Shared secret (not shown)")
        secret = click.prompt(say(words), hide_input=True, err=True)
    made = sign_webhook(
        number, form=form, secret=secret, header=header, encoding=encoding, prefix=prefix,
        by=house.by, at=house.at,
    )  # fmt: skip
    about = f"source:{number}"
    note("feed.signature", by=house.by, at=house.at, about=about, detail={"form": form})
    screen.line(Words(zh="已保存", en="Saved"))
    if made is not None:
        screen.line(Words(zh="共享密钥（只显示这一次）：", en="Shared secret, shown this once:"))
        screen.line(made)


def _named(key: str, house: House) -> FeedView:
    from tenure.record.feeds.queries import feeds

    found = next((one for one in feeds(house.by) if one.source.key == key), None)
    if found is None:
        raise NoFeedError(
            Words(
                zh=f"没有接入“{key}”：tenure sources feeds 列出全部",
                en=f"There is no feed “{key}”: tenure sources feeds lists them",
            )
        )
    return found


def _cells(row: FeedView, house: House) -> list[str]:
    latest = row.latest
    last = latest.begun_at if latest is not None else row.source.last_at
    figures = (latest.rows, latest.repeated, latest.refused) if latest is not None else ()
    return [
        row.source.key,
        row.source.kind,
        say(_STATES[row.state]),
        screen.short_moment(last, house.zone),
        screen.short_moment(row.next_at, house.zone),
        *[f"{number:,}" for number in figures],
        *[""] * (3 - len(figures)),
    ]


FEED_WORDS = (connect, list_feeds, set_map, pull, retry, sign)
