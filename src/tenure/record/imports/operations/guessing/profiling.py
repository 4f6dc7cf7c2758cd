"""What each column of a sample holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from ..problems import RowProblem, plain
from ..reading.table import Cell
from ..values.amounts import NumberReader, NumberStyle, guess_currency, guess_style
from ..values.moment_guess import BARE, MomentGuess, guess_moments
from ..values.scalars import text_of

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_OTHERS = {
    "item", "items", "lineitems", "product", "products", "sku", "goods", "shop", "store", "seller",
    "merchant", "agent", "staff", "operator", "header", "shipping", "company", "商品", "店铺",
    "坐席",
}  # fmt: skip
_CN_MOBILE = re.compile(r"(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}")


@dataclass(frozen=True)
class ColumnProfile:
    """One column of the sample: its name, and what its cells look like."""

    name: str
    cells: Sequence[Cell]

    @cached_property
    def plain(self) -> str:
        """The name with letters and digits only."""
        return plain(self.name)

    @cached_property
    def last(self) -> str:
        """Of a dotted name (a field within an object) the last part, plainly.

        Empty without dots, and within an object that is somebody or something else.
        """
        *around, name = self.name.split(".")
        return plain(name) if around and not _OTHERS & set(map(plain, around)) else ""

    @cached_property
    def texts(self) -> list[str]:
        """The cells that are not blank, as text."""
        return [text for cell in self.cells if (text := text_of(cell)) is not None]

    @cached_property
    def distinct(self) -> Counter[str]:
        """How often each text stands in the sample."""
        return Counter(self.texts)

    @cached_property
    def moments(self) -> MomentGuess:
        """The date formats of the column."""
        return guess_moments(self.cells)

    @cached_property
    def style(self) -> NumberStyle:
        """How its decimals are written."""
        return guess_style(self.cells)

    @cached_property
    def currency(self) -> str | None:
        """The currency its signs name."""
        return guess_currency(self.cells)

    @cached_property
    def numbers(self) -> list[Decimal]:
        """The cells that are numbers."""
        read = NumberReader(self.style)
        return [number for cell in self.cells if (number := _number(read, cell)) is not None]

    @property
    def is_numeric(self) -> bool:
        """Whether nearly all cells are numbers."""
        return bool(self.texts) and len(self.numbers) >= 0.9 * len(self.texts)

    @property
    def is_nearly_numeric(self) -> bool:
        """Whether the cells are numbers but for a few, of a column named as one of numbers.

        In a small file a single odd cell is much of the sample and yet no reason to leave the
        column out: its row is refused and says why.
        """
        odd = len(self.texts) - len(self.numbers)
        return self.is_numeric or (odd == 1 and len(self.numbers) > odd)

    @property
    def has_negatives(self) -> bool:
        """Whether some numbers are below zero."""
        return any(number < 0 for number in self.numbers)

    @property
    def is_email(self) -> bool:
        """Whether most cells are e-mail addresses."""
        return self._share(_EMAIL) > 0.8

    @property
    def is_phone(self) -> bool:
        """Whether most cells are mobile numbers of the mainland."""
        return self._share(_CN_MOBILE) > 0.8

    def looks_like_moments(self, *, named: bool) -> bool:
        """Whether most cells are dates; bare numbers only where ``named`` as dates are."""
        if not self.texts:
            return False
        if isinstance(next(cell for cell in self.cells if cell is not None), date):
            return True
        written = named or not set(self.moments.formats) & BARE
        return written and self.moments.share >= 0.7

    def _share(self, pattern: re.Pattern[str]) -> float:
        sample = self.texts[:500]
        return sum(1 for text in sample if pattern.fullmatch(text)) / max(len(sample), 1)


def _number(read: NumberReader, cell: Cell) -> Decimal | None:
    try:
        return read(cell)
    except RowProblem:
        return None


def profile_columns(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> list[ColumnProfile]:
    """A profile of every column."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return [ColumnProfile(name, ()) for name in names]
    return [ColumnProfile(name, cells) for name, cells in zip(names, columns, strict=True)]
