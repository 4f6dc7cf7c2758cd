"""Words that compare and publish: diff, apply."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.padding import Padding
from rich.text import Text

from tenure.cli import screen
from tenure.cli.definitions.reading import KINDS
from tenure.cli.definitions.sources import load_sources
from tenure.cli.help import argument, command, json_option, option
from tenure.cli.house import open_house
from tenure.cli.language import say
from tenure.cli.preferences import prefer_lifecycle
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.record.library.queries import Difference

_SOURCES = Words(
    zh="定义文件、目录，或行业包的键", en="Files or folders of definitions, or keys of packs"
)
_NOTE = Words(zh="为什么发布，留给以后的人看", en="Why, for those who come later")
_NEW_SHOWN = 12
_NOTHING = Words(zh="没有变化：与已发布的一致", en="No changes: this is what is published already")


class NoNoteError(TenureError):
    """Publishing needs a reason, and nobody is there to be asked."""


@command(
    "diff",
    words=Words(zh="与已发布的相比有什么变化", en="What differs from what is published"),
    examples=("tenure definitions diff ecommerce", "tenure definitions diff my-lifecycle.yaml"),
)
@argument("sources", nargs=-1, required=True, words=_SOURCES)
@json_option
def diff(*, sources: tuple[str, ...], as_json: bool) -> None:
    """Compare without publishing."""
    open_house()
    from tenure.record.library.queries import check_with_published, diff_with_published

    definitions = load_sources(sources)
    check_with_published(definitions)
    found = diff_with_published(definitions)
    if as_json:
        screen.print_json([_difference_data(difference) for difference in found])
        return
    _show(found)


@command(
    "apply",
    words=Words(
        zh="发布定义：先显示变化，再成为新版本",
        en="Publish definitions: shows what changes, then makes new versions",
    ),
    examples=("tenure definitions apply ecommerce --note 首次使用",),
)
@argument("sources", nargs=-1, required=True, words=_SOURCES)
@option("--note", words=_NOTE)
@json_option
def apply(*, sources: tuple[str, ...], note: str | None, as_json: bool) -> None:
    """Publish."""
    house = open_house()
    from tenure.derive.lifecycles.operations import publish_definitions
    from tenure.record.library.queries import check_with_published, diff_with_published

    definitions = load_sources(sources)
    check_with_published(definitions)
    found = diff_with_published(definitions)
    if not as_json:
        _show(found)
    if not found:
        if as_json:
            screen.print_json([])
        return
    reason = note or _ask_note()
    published = publish_definitions(definitions, note=reason, by=house.by, at=house.at)
    new = {row.key for row in published if row.kind == "lifecycle" and row.number == 1}
    # The last one named is the most particular: a pack's own come after those it builds on.
    latest = [one.key for one in definitions if one.kind == "lifecycle" and one.key in new]
    if latest:
        prefer_lifecycle(house.home, latest[-1])
    if as_json:
        screen.print_json(published)
        return
    screen.line(
        Words(
            zh=f"已发布 {len(published):,} 个新版本。下一步：tenure rebuild",
            en=f"Published {len(published):,} new versions. Next: tenure rebuild",
        ),
        style="green",
    )


def _ask_note() -> str:
    if not sys.stdin.isatty():
        raise NoNoteError(
            Words(zh="请用 --note 写明为什么发布", en="Say why with --note, to be kept with it")
        )
    return str(click.prompt(say(_NOTE)))


def _show(found: Sequence[Difference]) -> None:
    if not found:
        screen.line(_NOTHING)
        return
    new = [difference for difference in found if difference.number is None]
    changed = [difference for difference in found if difference.number is not None]
    _show_new(new)
    for difference in changed:
        number = difference.number or 0
        title = Words(
            zh=f"{difference.key}（{KINDS[difference.kind].zh}，版本 {number} → {number + 1}）",
            en=f"{difference.key} ({KINDS[difference.kind].en}, version {number} → {number + 1})",
        )
        screen.line(title, style="bold")
        for change in difference.changes:
            screen.console().print(Text(f"  {say(change.words)}"))


def _show_new(new: Sequence[Difference]) -> None:
    """New definitions by kind: their number and the first few keys."""
    for kind, name in KINDS.items():
        keys = [difference.key for difference in new if difference.kind == kind]
        if not keys:
            continue
        shown = ", ".join(keys[:_NEW_SHOWN]) + (" …" if len(keys) > _NEW_SHOWN else "")
        title = Words(zh=f"新增{name.zh} {len(keys)} 个", en=f"New: {name.en}, {len(keys)}")
        screen.line(title, style="bold")
        screen.console().print(Padding(Text(shown), (0, 0, 0, 2)))


def _difference_data(difference: Difference) -> dict[str, object]:
    return {
        "kind": difference.kind,
        "key": difference.key,
        "version": difference.number,
        "changes": [
            {"path": change.path, "before": change.before, "after": change.after}
            for change in difference.changes
        ],
    }
