"""What can be wrong with a file, a map or a row, in words that say how to mend it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from collections.abc import Iterable


class CannotImportError(TenureError):
    """A file or a map that cannot be imported as it is."""


class RowProblem(Exception):  # noqa: N818 - not a failure of the program: one row is refused
    """One row that cannot become an event; carries the reason for the refused-rows report."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, for "did you mean"; None where none is near.

    Case, spaces and punctuation do not count, so that ``GTXPro`` finds ``GTX Pro``.
    """
    by_plain = {plain(candidate): candidate for candidate in known}
    found = get_close_matches(plain(name), by_plain, n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def plain(name: str) -> str:
    """``name`` in lower case with only its letters and digits."""
    return "".join(character for character in name.casefold() if character.isalnum())


def did_you_mean(name: str, known: Iterable[str]) -> Words:
    """The tail of a message about an unknown name; empty where nothing is near."""
    return perhaps(nearest(name, known))


def perhaps(candidate: str | None) -> Words:
    """The tail of a message that asks whether ``candidate`` was meant; empty without one."""
    if candidate is None:
        return Words(zh="", en="")
    return Words(zh=f"（是否指 {candidate}？）", en=f" (did you mean {candidate}?)")
