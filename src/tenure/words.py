"""Text in both languages of the interface, side by side so that neither is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One message in Chinese and English.

    Errors, explanations and names of definitions carry ``Words``; the door that shows
    them picks the language of its reader.

    >>> Words(zh="没有事件", en="no events").to("en")
    'no events'
    """

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """The text in ``language``."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.en


class TenureError(Exception):
    """A problem a user can mend: says what, where and how, in both languages.

    Every error that may reach a door is a subclass; doors print ``words`` and exit with
    ``exit_code`` and never show a stack trace for one.
    """

    exit_code = 2

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words
