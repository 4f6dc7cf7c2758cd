"""The program ``tenure``: finds the word, runs it, and answers every failure in plain words."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn

import click

from tenure.cli.errors import run_guarded
from tenure.cli.everywhere import add_options, choose_home, value_of
from tenure.cli.help import Group, help_page, option
from tenure.cli.language import choose_language, say
from tenure.cli.registry import ENTRIES, SECTIONS
from tenure.words import Words

_ABOUT = Words(
    zh="从客户事件到准确的生命周期。第一次来？试试 tenure demo",
    en="From customer events to exact lifecycles. New here? Try tenure demo",
)
_VERSION = Words(zh="显示版本", en="Show the version")


class LazyGroup(Group):
    """Loads the code of a word when the word is used, so that the program starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All words."""
        return list(ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a word, loaded now."""
        entry = ENTRIES.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        add_options(found)
        return found

    def get_help(self, ctx: click.Context) -> str:
        """Help by sections, from the registry alone."""
        sections = [(words, [(row.word, row.words) for row in rows]) for words, rows in SECTIONS]
        return help_page(self, ctx, sections)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> NoReturn:
        """Run and exit; never a stack trace (see errors.py)."""
        arguments = list(sys.argv[1:] if args is None else args)
        choose_language(value_of("--language", arguments))
        choose_home(arguments)
        more = {**more, "standalone_mode": False}
        run_guarded(lambda: click.Group.main(self, arguments, *rest, **more), arguments)


@click.group("tenure", cls=LazyGroup, words=_ABOUT, invoke_without_command=False)
@option(
    "--version",
    "show_version",
    is_flag=True,
    is_eager=True,
    words=_VERSION,
    expose_value=False,
    callback=lambda ctx, _, on: _print_version(ctx) if on else None,
)
def tenure() -> None:
    """The program."""


def _print_version(ctx: click.Context) -> NoReturn:
    try:
        number = version("tenure")
    except PackageNotFoundError:  # started by ./tenure from a checkout
        number = say(Words(zh="（源代码目录）", en="(from a checkout)"))
    click.echo(f"tenure {number}")
    ctx.exit()


add_options(tenure)


def main() -> NoReturn:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that cannot show a character shows a ? instead
            reconfigure(errors="replace")
    tenure.main(prog_name="tenure")
