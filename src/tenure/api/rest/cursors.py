"""Where a list goes on: an opaque word, signed, good for the list it came from only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import signing

from tenure.api.rest.problems import ProblemError
from tenure.words import Words

_SALT = "tenure.api.cursor"


def cursor(place: Sequence[Any] | None, *, of: Sequence[Any]) -> str | None:
    """The word for a place in the list that ``of`` describes; ``None`` at its end."""
    if place is None:
        return None
    return signing.dumps([list(place), list(of)], salt=_SALT, compress=True)


def place(word: str | None, *, of: Sequence[Any]) -> list[Any] | None:
    """The place behind a word; ``None`` at the beginning.

    Raises:
        ProblemError: it is none of this list's.
    """
    if not word:
        return None
    try:
        found, described = signing.loads(word, salt=_SALT)
    except (signing.BadSignature, ValueError) as failure:
        raise _strange() from failure
    if described != list(of):
        raise _strange()
    return list(found)


def _strange() -> ProblemError:
    return ProblemError(
        422,
        Words(
            "cursor 不是这个列表给出的，请从第一页重新读取",
            "this cursor is not of this list; begin again without one",
        ),
    )
