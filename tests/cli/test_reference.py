"""The reference says what the program does: each word, each option, in both languages."""

from __future__ import annotations

import click
import pytest

from tenure.cli.help import Argument, Command, Option
from tenure.cli.language import LANGUAGES
from tenure.cli.main import tenure
from tenure.cli.reference import reference
from tenure.cli.registry import ENTRIES
from tenure.words import Language
from tests.cli.terminal import ROOT


def all_words() -> list[tuple[str, click.Command]]:
    ctx = click.Context(tenure, info_name="tenure")
    found: list[tuple[str, click.Command]] = []
    for name in ENTRIES:
        word = tenure.get_command(ctx, name)
        assert word is not None
        found.append((name, word))
        if isinstance(word, click.Group):
            found.extend((f"{name} {below}", one) for below, one in word.commands.items())
    return found


WORDS = all_words()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_is_what_the_words_say(language: Language) -> None:
    page = ROOT / "docs" / "reference" / f"cli.{language}.md"
    made = reference(language)
    assert page.read_text(encoding="utf-8") == made, (
        "PYTHONPATH=src python -m tenure.cli.reference docs/reference"
    )
    for name, word in WORDS:
        assert f"### `tenure {name}" in made
        for parameter in word.params:
            everywhere = {"--home", "--language"} & set(parameter.opts)
            assert everywhere or not isinstance(parameter, Option) or parameter.opts[0] in made


@pytest.mark.parametrize(("name", "word"), WORDS, ids=[name for name, _ in WORDS])
def test_every_word_speaks_both_languages(name: str, word: click.Command) -> None:
    assert isinstance(word, Command), "declare it with tenure.cli.help.command"
    told = [word.words]
    for parameter in word.params:
        assert isinstance(parameter, Option | Argument)
        told.append(parameter.words)
    for words in told:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in words.en)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_word_has_help(name: str) -> None:
    word = dict(WORDS)[name]
    page = word.get_help(click.Context(word, info_name=name))
    assert "--language" in page
    assert "--help" in page
