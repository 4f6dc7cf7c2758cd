"""Numbered pages over a list whose whole length may be too long to count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

AROUND = 2


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a list stands.

    Attributes:
        number: of this page, from 1.
        size: rows on a page.
        total: rows in all, or as many as were counted.
        bounded: there are more rows than were counted.
    """

    number: int
    size: int
    total: int
    bounded: bool = False

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """Number of the first row shown, from 1; 0 where there is none."""
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last_row(self) -> int:
        """Number of the last row shown."""
        return min(self.number * self.size, self.total)

    @property
    def before(self) -> int | None:
        """The page before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after."""
        return self.number + 1 if self.number < self.last else None

    @property
    def numbers(self) -> Sequence[int | None]:
        """Numbers to show; ``None`` is a gap: 1 … 4 5 6 … 20."""
        near = range(max(1, self.number - AROUND), min(self.last, self.number + AROUND) + 1)
        shown = sorted({1, self.last, *near})
        found: list[int | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number > before + 1:
                found.append(None)
            found.append(number)
        return found


def page_number(text: str | None) -> int:
    """The page asked for in an address; 1 where it is no number."""
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1
