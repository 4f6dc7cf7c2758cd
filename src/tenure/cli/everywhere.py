"""Options that every word takes: ``--language`` and ``--home``, read before anything is parsed.

They decide how mistakes in the arguments are told and where Django finds its data, so they
cannot wait for the parser.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

import click

from tenure.cli.help import Option
from tenure.cli.language import LANGUAGES
from tenure.words import Words

_LANGUAGE = Words(zh="界面语言", en="Language of the output")
_HOME = Words(zh="数据目录，代替 TENURE_HOME", en="The data directory, instead of TENURE_HOME")


def value_of(name: str, arguments: Sequence[str]) -> str | None:
    """The last value given to option ``name`` among raw ``arguments``."""
    found: str | None = None
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        given, equals, value = argument.partition("=")
        if given == name:
            found = value if equals else next(iter(arguments[index + 1 :]), found)
    return found


def program() -> str:
    """How the reader calls this program: ``tenure``, or ``./tenure`` from a checkout."""
    return "tenure" if shutil.which("tenure") else "./tenure"


def choose_home(arguments: Sequence[str]) -> None:
    """Let ``--home`` stand for ``TENURE_HOME`` in this process."""
    home = value_of("--home", arguments)
    if home:
        os.environ["TENURE_HOME"] = home


def add_options(word: click.Command) -> None:
    """Let ``word``, and the words beneath it, accept the options."""
    known = {name for parameter in word.params for name in parameter.opts}
    if "--home" not in known:
        word.params.append(Option(["--home"], words=_HOME, expose_value=False))
    if "--language" not in known:
        choice = click.Choice(list(LANGUAGES))
        word.params.append(Option(["--language"], words=_LANGUAGE, type=choice, expose_value=False))
    if isinstance(word, click.Group):
        for beneath in word.commands.values():
            add_options(beneath)
