"""Which date formats a column uses, judged over a sample as a whole, never row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tenure.words import Words

from ..reading.table import Cell
from .moments import FORMATS, clean, reader_of

_RARE = 0.002  # formats that only this share of the sample needs are taken for typing errors
BARE = frozenset(("epoch_s", "epoch_ms", "excel", "yyyymmdd"))
"""Formats that are bare numbers."""


@dataclass(frozen=True, slots=True)
class MomentGuess:
    """What a column of dates seems to be written in.

    Attributes:
        formats: the formats to try, commonest first; empty where it holds no dates.
        share: the part of the sample they read.
        question: what only a person can say (day or month first), or None.
        choices: the answers to the question, each a tuple of formats.
    """

    formats: tuple[str, ...]
    share: float
    question: Words | None = None
    choices: tuple[tuple[str, ...], ...] = ()


def guess_moments(cells: Sequence[Cell]) -> MomentGuess:
    """The formats of a column from a sample of it (blank cells do not count)."""
    texts = [
        clean(str(cell))
        for cell in cells
        if cell is not None and not isinstance(cell, (datetime, date, bool))
    ]
    texts = [_whole(text) for text in texts if text]
    typed = sum(1 for cell in cells if isinstance(cell, date))
    if not texts:
        return MomentGuess(("ymd",) if typed else (), 1.0 if typed else 0.0)
    fits = {name: _fitting(name, texts) for name in FORMATS}
    if _ambiguous(texts, fits):
        return _ask(texts, fits)
    chosen = _cover(texts, fits)
    covered = set().union(*(fits[name] for name in chosen)) if chosen else set()
    return MomentGuess(chosen, (len(covered) + typed) / (len(texts) + typed))


def _whole(text: str) -> str:
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _fitting(name: str, texts: Sequence[str]) -> set[int]:
    read = reader_of(name)
    known: dict[str, bool] = {}
    fitting = set()
    for index, text in enumerate(texts):
        if text not in known:
            known[text] = read(text) is not None
        if known[text]:
            fitting.add(index)
    return fitting


def _ambiguous(texts: Sequence[str], fits: dict[str, set[int]]) -> bool:
    """Whether rows that read both ways remain and nothing in the column decides.

    A day above 12 decides for the whole column; days above 12 in both places decide nothing,
    for then the column mixes both orders. Dots are written day first wherever they are used.
    """
    both = {index for index in fits["dmy"] & fits["mdy"] if not _settled(texts[index])}
    only_dmy, only_mdy = fits["dmy"] - fits["mdy"], fits["mdy"] - fits["dmy"]
    only_dmy = {index for index in only_dmy if not _settled(texts[index])}
    only_mdy = {index for index in only_mdy if not _settled(texts[index])}
    few = max(1.0, _RARE * len(texts))
    one_way = bool(only_dmy) != bool(only_mdy)
    decided = one_way or (len(only_dmy) >= few) != (len(only_mdy) >= few)
    return bool(both) and len(both) > _RARE * len(texts) and not decided


def _settled(text: str) -> bool:
    """Dots, names of months and the same number twice read one way only."""
    digits = text.replace("-", "/").split("/")
    same = len(digits) > 2 and digits[0] == digits[1]
    return "." in text[:6] or any(character.isalpha() for character in text[:8]) or same


def _cover(texts: Sequence[str], fits: dict[str, set[int]]) -> tuple[str, ...]:
    """The fewest formats that read what can be read, each taking the most of the rest."""
    chosen: list[str] = []
    rest = set(range(len(texts)))
    while rest:
        # Of equals the first: written-out orders before bare numbers.
        best = max(FORMATS, key=lambda name: (len(fits[name] & rest), -FORMATS.index(name)))
        gain = len(fits[best] & rest)
        if gain == 0 or (chosen and gain < max(1.0, _RARE * len(texts))):
            break
        if chosen and best in BARE and gain < 0.05 * len(texts):
            break
        chosen.append(best)
        rest -= fits[best]
    return tuple(chosen)


def _ask(texts: Sequence[str], fits: dict[str, set[int]]) -> MomentGuess:
    example = next(texts[i] for i in sorted(fits["dmy"] & fits["mdy"]) if not _settled(texts[i]))
    choices = []
    for first, other in (("dmy", "mdy"), ("mdy", "dmy")):
        chosen = _cover(texts, {**fits, other: set()})
        choices.append(chosen if first in chosen else (first, *chosen))
    covered = set().union(*fits.values())
    return MomentGuess(
        (),
        len(covered) / len(texts),
        Words(
            zh=f"日期「{example}」是日在前（dmy）还是月在前（mdy）？样本里看不出来",
            en=f"is “{example}” day first (dmy) or month first (mdy)? the sample does not tell",
        ),
        tuple(choices),
    )
