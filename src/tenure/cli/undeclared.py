"""``tenure sources unknown|declare|samples``: what a source sends, and what nobody has defined."""

from __future__ import annotations

import click

from tenure.cli import screen
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import House, open_house
from tenure.words import TenureError, Words

_SOURCE = Words(zh="来源的代码", en="Key of the source")


class NoSourceError(TenureError):
    """No source has this key."""


def source_number(key: str, house: House) -> int:
    """The number of a source.

    Raises:
        NoSourceError: there is none of this key.
    """
    from tenure.record.sources.queries import source_named

    found = source_named(key, house.by)
    if found is None:
        raise NoSourceError(Words(zh=f"没有来源“{key}”", en=f"There is no source “{key}”"))
    return found.id


@command(
    "unknown",
    words=Words(
        zh="没有定义的事件类型与字段：已原样保存",
        en="Event types and fields that nobody has defined; all are kept as they came",
    ),
    examples=("tenure sources unknown", "tenure sources unknown web"),
)
@argument("key", words=_SOURCE, required=False)
@json_option
def unknown(*, key: str | None, as_json: bool) -> None:
    """What is not defined."""
    house = open_house()
    from tenure.record.sources.queries import unknown_fields, unknown_types

    number = None if key is None else source_number(key, house)
    found = unknown_types(house.by, source_id=number) + unknown_fields(house.by, source_id=number)
    if as_json:
        screen.print_json(found)
        return
    if not found:
        screen.line(Words(zh="收到的事件与字段都有定义", en="All that came is defined"))
        return
    columns: list[screen.Column] = [
        (Words(zh="类型", en="Type"), "left"),
        (Words(zh="字段", en="Field"), "left"),
        (Words(zh="事件", en="Events"), "right"),
        (Words(zh="来自", en="From"), "left"),
        (Words(zh="最近", en="Latest"), "left"),
    ]
    screen.table(
        columns,
        [
            [
                one.type,
                one.field,
                f"{one.count:,}",
                ", ".join(one.sources),
                screen.short_moment(one.last_at, house.zone),
            ]
            for one in found
        ],
    )
    screen.note(
        Words(
            zh="声明一种：tenure sources declare 类型",
            en="Declare one: tenure sources declare TYPE",
        )
    )


@command(
    "declare",
    words=Words(
        zh="声明一种收到过的事件；不写 --note 时只显示建议的定义\n\n"
        "要先改一改：存成文件，改好后用 tenure definitions apply 发布。",
        en="Declare an event that came; without --note only shows the definition proposed\n\n"
        "To change it first: write it to a file, edit, and publish with tenure definitions apply.",
    ),
    examples=(
        "tenure sources declare video.played > video.yaml",
        "tenure sources declare video.played --note 新网站",
    ),
)
@argument("type_key", words=Words(zh="事件类型，如 video.played", en="Event type: video.played"))
@option("--note", words=Words(zh="为什么声明；写了就发布", en="Why; given, it is published"))
def declare(*, type_key: str, note: str | None) -> None:
    """Declare an event type."""
    house = open_house()
    from tenure.definitions.writing import dump
    from tenure.derive.lifecycles.operations import publish_definitions
    from tenure.record.sources.queries import propose_event_type

    proposed = propose_event_type(type_key, house.by).whole()
    if note is None:
        click.echo(dump(proposed), nl=False)
        return
    publish_definitions([proposed], note=note, by=house.by, at=house.at)
    screen.line(
        Words(
            zh=f"已声明 {type_key}，以前收到的也已归位。下一步：tenure rebuild",
            en=f"Declared {type_key}; what came before is in its place. Next: tenure rebuild",
        ),
        style="green",
    )


@command(
    "samples",
    words=Words(
        zh="一个来源最近的事件（不含个人信息）",
        en="The latest events of a source, without personal data",
    ),
    examples=("tenure sources samples web --type order.placed --json",),
)
@argument("key", words=_SOURCE)
@option("--type", "type_key", words=Words(zh="只看这种事件", en="Only of this event type"))
@json_option
def samples(*, key: str, type_key: str | None, as_json: bool) -> None:
    """Latest events."""
    house = open_house()
    from tenure.record.sources.queries import samples as latest

    found = latest(house.by, source_id=source_number(key, house), type_key=type_key)
    if as_json:
        screen.print_json(
            [
                {
                    "event": one.id,
                    "type": one.type,
                    "occurred_at": one.occurred_at,
                    "amount": one.amount,
                    "fields": one.properties,
                }
                for one in found
            ]
        )
        return
    columns: list[screen.Column] = [
        (Words(zh="编号", en="No."), "right"),
        (Words(zh="类型", en="Type"), "left"),
        (Words(zh="发生于", en="Occurred"), "left"),
        (Words(zh="内容", en="Fields"), "left"),
    ]
    cells = [
        [
            str(one.id),
            one.type,
            screen.short_moment(one.occurred_at, house.zone),
            ", ".join(f"{name}={value}" for name, value in one.properties.items())[:120],
        ]
        for one in found
    ]
    screen.table(columns, cells)
