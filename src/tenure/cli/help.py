"""Commands, options and arguments of click whose help is written in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tenure.cli.failures import unknown_word
from tenure.cli.language import say
from tenure.cli.screen import print_json
from tenure.words import TenureError, Words

Rows = list[tuple[str, str]]
F = TypeVar("F", bound=Callable[..., Any])

_USAGE = Words(zh="用法", en="Usage")
_ARGUMENTS = Words(zh="参数", en="Arguments")
_OPTIONS = Words(zh="选项", en="Options")
_COMMANDS = Words(zh="命令", en="Words")
_EXAMPLES = Words(zh="例子", en="Examples")
_HELP = Words(zh="显示这份说明", en="Show this help")
_DEFAULT = Words(zh="默认", en="default")
_PIECES = {
    "[OPTIONS]": Words(zh="[选项]", en="[OPTIONS]"),
    "COMMAND [ARGS]...": Words(zh="命令 [参数]…", en="WORD [ARGS]..."),
}
# Shorter than click's own names of its types.
_METAVARS = {"integer": "N", "integer range": "N", "datetime": "DATE"}
_WIDEST = 100


class Option(click.Option):
    """An option explained in both languages."""

    def __init__(self, *args: Any, words: Words, **attributes: Any) -> None:
        super().__init__(*args, **{**attributes, "help": words.en})
        self.words = words
        if self.metavar is None and not self.is_flag:
            self.metavar = _METAVARS.get(self.type.name)


class Argument(click.Argument):
    """An argument explained in both languages."""

    def __init__(self, *args: Any, words: Words, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.words = words


class Command(click.Command):
    """A word of the terminal door, explained in both languages.

    Attributes:
        lists: whether its JSON is a list; else it is an object.
    """

    def __init__(
        self,
        *args: Any,
        words: Words | None = None,
        examples: tuple[str, ...] = (),
        lists: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.words = words or Words(zh=self.help or "", en=self.help or "")
        self.examples = examples
        self.lists = lists

    def invoke(self, ctx: click.Context) -> Any:
        """Do what the word says; a program that asks too early gets JSON all the same."""
        try:
            return super().invoke(ctx)
        except TenureError as error:
            if error.exit_code == 0 and ctx.params.get("as_json"):
                print_json([] if self.lists else {"note": error.words})
            raise

    def get_help(self, ctx: click.Context) -> str:
        """The help page in the reader's language."""
        return help_page(self, ctx)


class Group(Command, click.Group):
    """A word with words beneath it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first argument; an unknown word names its nearest known one."""
        word, known = args[0], self.list_commands(ctx)
        if word in known or word.startswith("-"):
            return super().resolve_command(ctx, args)
        raise click.UsageError(say(unknown_word(word, known, ctx.command_path)), ctx)


def command(
    name: str, *, words: Words, examples: tuple[str, ...] = (), lists: bool = False
) -> Callable[[Callable[..., Any]], Command]:
    """Declare a word: like ``click.command``, with help in both languages.

    Args:
        lists: its JSON is a list.
    """
    return click.command(name, cls=Command, words=words, examples=examples, lists=lists)


def option(*declarations: str, words: Words, **attributes: Any) -> Callable[[F], F]:
    """Declare an option: like ``click.option``, with help in both languages."""
    return click.option(*declarations, cls=Option, words=words, **attributes)


def argument(name: str, *, words: Words, **attributes: Any) -> Callable[[F], F]:
    """Declare an argument: like ``click.argument``, with help in both languages."""
    return click.argument(name, cls=Argument, words=words, **attributes)


def json_option(function: F) -> F:
    """Every reading word answers programs as well as people."""
    words = Words(zh="输出 JSON，供程序读取", en="Answer in JSON, for programs")
    return option("--json", "as_json", is_flag=True, words=words)(function)


def short_words(word: click.Command) -> Words:
    """One line about ``word``, the first of its help."""
    words = word.words if isinstance(word, Command) else _plain(word)
    return Words(zh=words.zh.partition("\n")[0], en=words.en.partition("\n")[0])


def _plain(word: click.Command) -> Words:
    text = word.help or word.short_help or ""
    return Words(zh=text, en=text)


def help_page(
    word: click.Command,
    ctx: click.Context,
    sections: Iterable[tuple[Words, list[tuple[str, Words]]]] | None = None,
) -> str:
    """The help of ``word``; ``sections`` replaces the list of the words beneath it."""
    console = Console(width=min(Console().width, _WIDEST), highlight=False, force_terminal=False)
    words = word.words if isinstance(word, Command) else _plain(word)
    with console.capture() as capture:
        usage = " ".join([ctx.command_path, *_usage_pieces(word, ctx)])
        console.print(Text(f"{say(_USAGE)}: {usage}\n"))
        console.print(Padding(Text(say(words)), (0, 0, 1, 2)))
        _section(console, _ARGUMENTS, argument_rows(word))
        for heading, rows in _groups(word, ctx) if sections is None else sections:
            _section(console, heading, [(name, say(text)) for name, text in rows])
        _section(console, _OPTIONS, option_rows(word, ctx))
        _example_lines(console, word)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()).rstrip()


def _usage_pieces(word: click.Command, ctx: click.Context) -> list[str]:
    return [
        say(_PIECES[piece]) if piece in _PIECES else piece
        for piece in word.collect_usage_pieces(ctx)
    ]


def _example_lines(console: Console, word: click.Command) -> None:
    examples = word.examples if isinstance(word, Command) else ()
    if examples:
        console.print(Text(f"{say(_EXAMPLES)}:"))
        console.print(Padding(Text("\n".join(examples)), (0, 0, 0, 2)))


def _section(console: Console, heading: Words, rows: Rows) -> None:
    if not rows:
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in rows:
        cells: list[RenderableType] = [Text(f"  {name}"), Text(text)]
        table.add_row(*cells)
    console.print(Text(f"{say(heading)}:"))
    console.print(table)
    console.print()


def _groups(word: click.Command, ctx: click.Context) -> list[tuple[Words, list[tuple[str, Words]]]]:
    if not isinstance(word, click.Group):
        return []
    beneath = [(name, word.get_command(ctx, name)) for name in word.list_commands(ctx)]
    rows = [(name, short_words(found)) for name, found in beneath if found and not found.hidden]
    return [(_COMMANDS, rows)]


def argument_rows(word: click.Command) -> Rows:
    """The arguments of ``word`` and what they mean."""
    found = [parameter for parameter in word.params if isinstance(parameter, Argument)]
    return [(argument.make_metavar(click.Context(word)), say(argument.words)) for argument in found]


def option_rows(word: click.Command, ctx: click.Context) -> Rows:
    """The options of ``word`` and what they mean."""
    rows = []
    for parameter in word.get_params(ctx):
        if not isinstance(parameter, click.Option) or parameter.hidden:
            continue
        record = parameter.get_help_record(ctx)
        if record is not None:
            rows.append((record[0], _option_text(parameter, record[1])))
    return rows


def _option_text(parameter: click.Option, plain: str) -> str:
    if "--help" in parameter.opts:
        return say(_HELP)
    if not isinstance(parameter, Option):
        return plain
    default = parameter.default if isinstance(parameter.default, str | int) else None
    shown = default is not None and not isinstance(default, bool) and parameter.show_default
    return say(parameter.words) + (f" [{say(_DEFAULT)} {default}]" if shown else "")
