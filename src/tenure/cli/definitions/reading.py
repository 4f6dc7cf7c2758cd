"""Words that show definitions: packs, list, explain, export, schema."""

from __future__ import annotations

import sys
from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.definitions.sources import load_sources
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import open_house
from tenure.cli.language import language, say
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.definitions import Library, Pack
    from tenure.record.library.queries import Version

KINDS = {
    "pack": Words(zh="行业包", en="pack"),
    "party_type": Words(zh="客户类型", en="party type"),
    "event_type": Words(zh="事件类型", en="event type"),
    "metric": Words(zh="指标", en="metric"),
    "expression": Words(zh="条件", en="expression"),
    "lifecycle": Words(zh="生命周期", en="lifecycle"),
    "form": Words(zh="表单", en="form"),
}
_KEY = Words(zh="键", en="Key")
_KIND = Words(zh="种类", en="Kind")
_NAME = Words(zh="名称", en="Name")
_FROM = Words(zh="不看已发布的，看这个文件或行业包", en="A file or pack, not what is published")


class UnknownDefinitionError(TenureError):
    """No definition has that key."""


@command("packs", words=Words(zh="Tenure 自带的行业包", en="The packs that come with Tenure"))
@json_option
def packs(*, as_json: bool) -> None:
    """Show what can be applied by name."""
    open_house()
    from tenure.definitions import pack_keys
    from tenure.record.library.queries import published_versions

    published = {row.key for row in published_versions() if row.kind == "pack"}
    found = [(*_pack(key), key in published) for key in pack_keys()]
    if as_json:
        screen.print_json([_pack_data(*row) for row in found])
        return
    columns: list[screen.Column] = [
        (_KEY, "left"),
        (_NAME, "left"),
        (Words(zh="生命周期", en="Lifecycles"), "right"),
        (Words(zh="指标", en="Metrics"), "right"),
        (Words(zh="事件类型", en="Events"), "right"),
        (Words(zh="已发布", en="Published"), "left"),
    ]
    screen.table(columns, [_pack_cells(*row) for row in found])
    hint = Words(zh="发布：tenure definitions apply 键", en="Publish: tenure definitions apply KEY")
    screen.line(hint)


def _pack(key: str) -> tuple[Pack, Counter[str]]:
    """A pack, and how many definitions of each kind it holds itself."""
    from tenure.definitions import Pack, load_packs

    whole = load_packs([key])
    pack = next(found for found in whole if isinstance(found, Pack) and found.key == key)
    folder = f"packs/{key}/"
    own = [one for one in whole if one.origin and (one.origin.file or "").startswith(folder)]
    return pack, Counter(definition.kind for definition in own)


def _pack_data(pack: Pack, holds: Counter[str], published: bool) -> dict[str, object]:
    return {
        "key": pack.key,
        "name": pack.name,
        "description": pack.description,
        "requires": pack.requires,
        "holds": dict(holds),
        "published": published,
    }


def _pack_cells(pack: Pack, holds: Counter[str], published: bool) -> list[str]:
    counts = [screen.count(holds[kind]) for kind in ("lifecycle", "metric", "event_type")]
    return [pack.key, say(pack.name), *counts, "✓" if published else ""]


@command(
    "list",
    words=Words(zh="已发布的定义与版本", en="The published definitions and their versions"),
)
@option("--kind", type=click.Choice(list(KINDS)), words=Words(zh="只看一种", en="Only one kind"))
@option("--limit", type=int, default=40, words=Words(zh="最多显示几行", en="Rows at most"))
@json_option
def list_published(*, kind: str | None, limit: int, as_json: bool) -> None:
    """Show what is in force."""
    house = open_house()
    from tenure.record.library.queries import published_versions

    rows = [row for row in published_versions() if kind in {None, row.kind}]
    if as_json:
        screen.print_json([_version_data(row) for row in rows])
        return
    columns: list[screen.Column] = [
        (_KIND, "left"),
        (_KEY, "left"),
        (Words(zh="版", en="v"), "right"),
        (Words(zh="发布于", en="Published"), "left"),
        (_NAME, "left"),
    ]
    cells = [
        [
            say(KINDS[row.kind]),
            row.key,
            str(row.number),
            screen.short_date(row.published_at, house.zone),
            say(row.definition().name),
        ]
        for row in rows[:limit]
    ]
    screen.table(columns, cells, more=len(rows) - limit)


def _version_data(row: Version) -> dict[str, object]:
    return {
        "kind": row.kind,
        "key": row.key,
        "name": row.definition().name,
        "version": row.number,
        "fingerprint": row.fingerprint,
        "published_at": row.published_at,
        "published_by": row.published_by,
        "note": row.note,
    }


@command(
    "explain",
    words=Words(zh="用人话解释一个定义", en="Say in plain words what a definition means"),
    examples=("tenure definitions explain ecommerce_five_groups",),
)
@argument("key", words=Words(zh="定义的键", en="Key of a definition"))
@option("--from", "source", words=_FROM)
def explain(*, key: str, source: str | None) -> None:
    """Explain one definition."""
    from tenure.definitions import explain as explained

    library = _library(source)
    found = [definition for definition in library.definitions if definition.key == key]
    if not found:
        raise UnknownDefinitionError(_unknown(key, library))
    for definition in found:
        kind, title = KINDS[definition.kind], f"{say(definition.name)} · {definition.key}"
        screen.heading(Words(zh=f"{title}（{kind.zh}）", en=f"{title} ({kind.en})"))
        screen.line(explained(definition, language(), library))


@command(
    "export",
    words=Words(
        zh="把定义写成 YAML，默认写到屏幕", en="Write definitions as YAML, to the screen by default"
    ),
)
@argument("keys", nargs=-1, words=Words(zh="键；不写就是全部", en="Keys; all when none is given"))
@option(
    "--to",
    "folder",
    words=Words(zh="写入这个目录，每个定义一个文件", en="One file each into this folder"),
)
@option("--from", "source", words=_FROM)
def export(*, keys: tuple[str, ...], folder: str | None, source: str | None) -> None:
    """Export what is published."""
    from tenure.definitions import dump

    library = _library(source)
    for key in keys:
        if all(definition.key != key for definition in library.definitions):
            raise UnknownDefinitionError(_unknown(key, library))
    chosen = [one for one in library.definitions if not keys or one.key in keys]
    if folder is None:
        sys.stdout.write("---\n".join(dump(definition) for definition in chosen))
        return
    target = Path(folder)
    for definition in chosen:
        path = target / definition.kind / f"{definition.key}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(definition), encoding="utf-8")
    done = Words(
        zh=f"已写出 {len(chosen):,} 个定义到 {target}",
        en=f"Wrote {len(chosen):,} definitions to {target}",
    )
    screen.line(done)


@command(
    "schema",
    words=Words(
        zh="定义文件的 JSON Schema，供编辑器提示与检查",
        en="JSON Schema of definition files, so that editors can help",
    ),
)
def schema() -> None:
    """Print the schema."""
    from tenure.definitions import json_schema

    screen.print_json(json_schema())


def _library(source: str | None) -> Library:
    """What is published, or what a file or pack would be by itself."""
    from tenure.definitions import Library

    if source is not None:
        return Library.of(load_sources((source,)))
    open_house()
    from tenure.record.library.queries import current_library

    return current_library()[0]


def _unknown(key: str, library: Library) -> Words:
    near = get_close_matches(key, [one.key for one in library.definitions], n=1, cutoff=0.6)
    zh_hint, en_hint = (f"，是不是 {near[0]}？", f" Did you mean {near[0]}?") if near else ("", "")
    return Words(
        zh=f"没有键为 {key} 的定义{zh_hint}", en=f"No definition has the key {key}.{en_hint}"
    )
