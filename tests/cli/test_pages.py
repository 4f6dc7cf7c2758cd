"""Every command line in the pages for users names words and options that exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tenure.cli.main import tenure
from tests.cli.terminal import ROOT

_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("README*.md")])


def command_lines(page: Path) -> Iterator[str]:
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = line.split("#")[0].strip()
            if re.match(r"(?:[A-Z_]+=\S+ )*(?:\./)?tenure ", words):
                yield words


LINES = [(page.relative_to(ROOT), line) for page in PAGES for line in command_lines(page)]


@pytest.mark.parametrize(("page", "line"), LINES, ids=[f"{p.name}: {line}" for p, line in LINES])
def test_the_command_line_exists(page: Path, line: str) -> None:
    arguments = shlex.split(line)
    arguments = arguments[next(i for i, a in enumerate(arguments) if a.endswith("tenure")) + 1 :]
    if arguments[0] == "test":  # the launcher's own word
        return
    word: click.Command = tenure
    ctx = click.Context(tenure, info_name="tenure")
    options = {name for parameter in tenure.params for name in parameter.opts}
    for argument in arguments:
        if argument.startswith("--"):
            assert argument.partition("=")[0] in options, f"{page}: {line}"
        elif isinstance(word, click.Group):
            below = word.get_command(ctx, argument)
            assert below is not None, f"{page}: there is no word {argument}"
            word = below
            options |= {name for p in word.get_params(ctx) for name in p.opts}
