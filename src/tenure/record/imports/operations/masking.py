"""Hides cells about people in what is told of an import; only the report has them whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from tenure.words import Words

from .problems import plain

_QUOTED = re.compile("「(.*?)」|“(.*?)”", re.DOTALL)
# A key that is like a person's is another person's.
_LIKE = re.compile(r"（是否指 .*?？）| \(did you mean .*?\?\)", re.DOTALL)
_FEW = 4


def shortened(text: str) -> str:
    """What may be shown of a personal text: its first and, of a longer one, last character."""
    if len(text) <= 1:
        return "…" if text else ""
    return f"{text[0]}…{text[-1]}" if len(text) > _FEW else f"{text[0]}…"


def masked(
    words: Words, rows: Iterable[tuple[int, Sequence[object]]], columns: Collection[int]
) -> Words:
    """``words`` about ``rows`` with every quoted cell of ``columns`` shortened.

    A cell is found in a quotation however it was trimmed, put together or written.

    Args:
        rows: (line, cells) of all rows the words may be about.
        columns: positions of the columns that hold something personal.
    """
    if not columns:
        return words
    raw = {
        str(cells[position])
        for _, cells in rows
        for position in columns
        if position < len(cells) and cells[position] is not None
    }
    texts = {text.strip() for text in raw} | raw
    return Words(zh=_masked(words.zh, texts), en=_masked(words.en, texts))


def all_masked(words: Words) -> Words:
    """``words`` with everything quoted shortened."""
    return Words(zh=_QUOTED.sub(_short, words.zh), en=_QUOTED.sub(_short, words.en))


def _masked(text: str, cells: Collection[str]) -> str:
    keys = [key for cell in cells if (key := _key(cell))]
    # Whole cells first: they may hold quotation marks themselves.
    among = sorted((cell for cell in cells if cell and cell in text), key=len, reverse=True)
    whole = "".join(f"{re.escape(cell)}|" for cell in among)
    quoted = re.compile(f"「({whole}.*?)」|“({whole}.*?)”", re.DOTALL)
    hidden = quoted.sub(lambda found: _short(found) if _among(found, keys) else found[0], text)
    return hidden if hidden == text else _LIKE.sub("", hidden)


def _among(found: re.Match[str], keys: Sequence[str]) -> bool:
    quoted = _key(found[1] or found[2] or "")
    return bool(quoted) and any(quoted in key or key in quoted for key in keys)


def _short(found: re.Match[str]) -> str:
    quoted = found[0]
    return f"{quoted[0]}{shortened(quoted[1:-1].strip())}{quoted[-1]}"


def _key(text: str) -> str:
    return plain(unicodedata.normalize("NFKC", text))
