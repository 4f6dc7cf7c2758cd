"""What a map says, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from tenure.words import Words

from ..reading import ReadOptions

Source = Literal["column", "constant", "multiply", "line_number", "parts"]
Pick = Literal["first", "last", "sum", "min", "max", "count", "distinct", "largest"]
Test = Literal[
    "is", "in", "starts_with", "contains", "above", "below", "at_least", "at_most", "empty"
]
PROFILE_EVENT = "customer.profiled"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the map something stands, for messages: line and column from 1."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """How one value is made from a row, or from the rows of a group.

    Attributes:
        source: a column, a constant, the product of columns, the row's number, or the texts
            of several columns joined.
        formats: of moments and dates; empty = ISO and the other year-first ways.
        decimal: the decimal mark of numbers.
        blank: texts that mean "nothing" in this column, such as ``unknown``.
        values: texts replaced by others.
        prefix: put before the text.
        joiner: stands between the parts.
        year_from: the year of the first row where the column has days and months only; rows
            are in order of time, and the next year begins where the month falls back.
        pick: what a group of rows gives; ``by`` names the value whose largest row is taken.
    """

    source: Source
    columns: tuple[str, ...] = ()
    constant: str | None = None
    formats: tuple[str, ...] = ()
    time_zone: str | None = None
    decimal: str = "."
    negate: bool = False
    blank: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    joiner: str = " "
    year_from: int | None = None
    pick: Pick = "first"
    by: Value | None = None
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class CellTest:
    """One test of a column's cell against texts or numbers."""

    column: str
    test: Test
    options: tuple[str, ...]
    negated: bool
    place: Place


Condition = tuple[tuple[CellTest, ...], ...]
"""Any of these groups, each of tests that all hold; empty = always."""


@dataclass(frozen=True, slots=True)
class TypeRule:
    """Which event type: one for all rows, or by the text of a column.

    ``otherwise`` is for texts not in ``values``: an event type, ``skip`` or ``refuse``;
    without ``values`` the column's texts are the event types.
    """

    constant: str | None = None
    column: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = "refuse"
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event per row (or group) for which ``when`` holds.

    Attributes:
        optional: no event, rather than a refused row, where the moment is blank.
        on_change: only where the fields differ from the customer's latest in this file.
    """

    type: TypeRule
    at: Value
    when: Condition = ()
    fields: Mapping[str, Value] = field(default_factory=dict)
    customer: Mapping[str, Value] | None = None
    optional: bool = False
    on_change: bool = False
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class SkipRule:
    """Rows left out on purpose, counted under the reason."""

    when: Condition
    because: Words


@dataclass(frozen=True, slots=True)
class Join:
    """Columns of another file, found by a key that need not be written exactly alike.

    Attributes:
        on: the key's column in this file and in the other.
        values: keys of this file that are written differently there.
        missing: keep rows without a match (reported), or refuse them.
    """

    file: str
    on: tuple[str, str]
    columns: tuple[str, ...] = ()
    prefix: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    missing: Literal["keep", "refuse"] = "keep"
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A whole map. ``file`` and ``text`` are where it came from and what it says."""

    events: tuple[EventRule, ...]
    customer: Mapping[str, Value]
    file: str
    text: str
    source: str = "import"
    read: ReadOptions = field(default_factory=ReadOptions)
    currency: str | None = None
    exchange_rate: Decimal | None = None
    time_zone: str | None = None
    key: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    duplicates: Literal["keep", "drop"] = "keep"
    skip: tuple[SkipRule, ...] = ()
    join: tuple[Join, ...] = ()
