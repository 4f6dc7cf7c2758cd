"""``tenure definitions``: the written will, shown, compared and published."""

from __future__ import annotations

import click

from tenure.cli.definitions.publishing import apply, diff
from tenure.cli.definitions.reading import explain, export, list_published, packs, schema
from tenure.cli.help import Group
from tenure.words import Words

_ABOUT = Words(
    zh="查看、比较、发布定义：生命周期、指标、事件类型与行业包。\n\n"
    "定义是 YAML 文件；发布一次就是一个版本，已发布的版本永不修改。",
    en="Show, compare and publish definitions: lifecycles, metrics, event types and packs.\n\n"
    "A definition is a YAML document. Publishing makes a version; versions are never edited.",
)


@click.group("definitions", cls=Group, words=_ABOUT)
def definitions() -> None:
    """The written will."""


for word in (packs, list_published, explain, diff, apply, export, schema):
    definitions.add_command(word)
