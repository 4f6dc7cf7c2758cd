"""Which language the reader at this terminal wants, decided once per call of the program."""

from __future__ import annotations

import os
from collections.abc import Mapping
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


def choose_language(wanted: str | None, environment: Mapping[str, str] = os.environ) -> None:
    """Set the language: ``wanted``, else ``TENURE_LANGUAGE``, else ``LANG``, else Chinese."""
    _current.set(_known(wanted or "") or _from_environment(environment))


def _from_environment(environment: Mapping[str, str]) -> Language:
    wanted = _known(environment.get("TENURE_LANGUAGE", ""))
    return wanted or ("en" if environment.get("LANG", "").startswith("en") else "zh")


def _known(text: str) -> Language | None:
    return next((known for known in LANGUAGES if text.lower().startswith(known)), None)
