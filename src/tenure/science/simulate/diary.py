"""Writing down what happens, numbered per system as real systems number their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenure.science.simulate.seasons import Calendar
from tenure.science.simulate.world import DAY_US, FieldValue, Happening, Truth


class Diary:
    """Collects happenings of one world; whatever lies beyond its end is not written."""

    def __init__(self, end_us: int, truth: Truth, *, office: Calendar | None = None) -> None:
        """``office``: everything happens at the hours of this calendar."""
        self.end_us = end_us
        self.truth = truth
        self.office = office
        self.happenings: list[Happening] = []
        self._numbers: Counter[str] = Counter()

    def write(
        self,
        kind: str,
        at_us: int,
        person: int,
        identifiers: Mapping[str, str],
        *,
        source: str,
        **fields: FieldValue,
    ) -> None:
        """Write that ``kind`` happened to ``person``; empty ``identifiers`` drop out."""
        if self.office is not None:
            at_us = self.office.likely_hour(at_us)
        if at_us >= self.end_us:
            return
        used = {name: value for name, value in identifiers.items() if value}
        self.truth.own(used, person)
        self._numbers[source] += 1
        key = f"{source}-{self._numbers[source]:06d}"
        self.happenings.append(Happening(kind, at_us, at_us, used, fields, key, source))


@dataclass(frozen=True, slots=True)
class Teller:
    """Writes about one person (or company), known under the same identifiers."""

    diary: Diary
    person: int
    identifiers: Mapping[str, str]

    def tell(self, kind: str, at_us: int, source: str, **fields: FieldValue) -> None:
        """Write that ``kind`` happened."""
        self.diary.write(kind, at_us, self.person, self.identifiers, source=source, **fields)


def money(amount: float) -> str:
    """An amount as a company's system would write it: two decimals, never below a cent."""
    return f"{max(amount, 0.01):.2f}"


def days_later(at_us: int, mean_days: float, random: np.random.Generator) -> int:
    """A moment an exponential time of ``mean_days`` after ``at_us``."""
    return at_us + int(random.exponential(mean_days) * DAY_US)
