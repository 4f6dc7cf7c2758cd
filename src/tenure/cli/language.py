"""Which language the reader at this terminal wants, decided once per call of the program."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import get_args

from tenure.words import Language, Words

LANGUAGES: tuple[Language, ...] = get_args(Language)
_current: ContextVar[Language] = ContextVar("language", default="zh")


def language() -> Language:
    """The language of the reader."""
    return _current.get()


def say(words: Words) -> str:
    """``words`` in the language of the reader."""
    return words.to(language())


def choose_language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> None:
    """Set the language: ``--language``, else ``TENURE_LANGUAGE``, else ``LANG``, else Chinese.

    It is read from the raw arguments, before they are parsed, so that a mistake in the
    arguments is explained in the right language as well.
    """
    _current.set(_from_arguments(arguments) or _from_environment(environment))


def _from_arguments(arguments: Sequence[str]) -> Language | None:
    chosen: Language | None = None
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        name, _, value = argument.partition("=")
        if name == "--language":
            value = value or next(iter(arguments[index + 1 :]), "")
            chosen = _known(value) or chosen
    return chosen


def _from_environment(environment: Mapping[str, str]) -> Language:
    wanted = _known(environment.get("TENURE_LANGUAGE", ""))
    return wanted or ("en" if environment.get("LANG", "").startswith("en") else "zh")


def _known(text: str) -> Language | None:
    return next((known for known in LANGUAGES if text.lower().startswith(known)), None)
