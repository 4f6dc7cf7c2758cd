"""The list of customers: filtered, sorted and paged over the roster, with what changed since.

Customers whose card or stage changed after the roster was written are taken out of it and laid
over it from the database, with their metrics as the roster has them. Names are not in the
roster: the cards of the page are read, by the same visibility, once the page is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tenure.actor import Actor
from tenure.definitions import Node
from tenure.definitions.expression import Name
from tenure.derive.customers.projection.roster import (
    Roster,
    reading_roster,
)
from tenure.derive.customers.queries import Card, Visible, visible
from tenure.derive.customers.queries.cards import cards_within
from tenure.derive.customers.queries.conditions import (
    Vocabulary,
    column_of,
    columns_needed,
    parsed,
    resolved,
    vocabulary,
)
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.derive.lifecycles.queries.roster_rows import roster_rows
from tenure.engine.expressions import holds, value_of
from tenure.guard.access.queries import colleagues, rights_of
from tenure.record.library.queries import current_library

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

MOST_COUNTED = 1_000_000
MOST_PAGED = 100_000
DEFAULT_SORT = "-last_seen"


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """One row of the list: the card, and the values of the columns asked for."""

    card: Card
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerList:
    """A page of the list.

    Attributes:
        rows: of this page.
        total: customers for whom the condition holds, at most ``MOST_COUNTED``.
        bounded: there are more than were counted.
        at: the moment the figures are true of, aware; owners and tags are of now.
    """

    rows: tuple[ListedCustomer, ...]
    total: int
    bounded: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where in the order of a list: behind this value of what it is sorted by, and number."""

    value: str | float | bool | None
    customer_id: int


@dataclass(frozen=True, slots=True)
class CustomerSlice:
    """Some customers of a list, and from where it goes on.

    Attributes:
        rows: of this slice.
        next: where the next slice begins; ``None`` at the end.
        at: the moment the figures are true of, aware; owners and tags are of now.
    """

    rows: tuple[ListedCustomer, ...]
    next: ListPlace | None
    at: datetime


def list_vocabulary() -> Vocabulary | None:
    """What conditions on the list may name; ``None`` where there is no roster yet."""
    with reading_roster() as found:
        if found is None:
            return None
        return vocabulary(current_library()[0], found.schema)


def customer_page(
    condition: str,
    *,
    viewer: Actor,
    columns: Sequence[str] = (),
    sort: str = DEFAULT_SORT,
    offset: int = 0,
    limit: int = 50,
    right: str = "customer.view",
) -> CustomerList | None:
    """Customers for whom a condition holds, whom ``viewer`` may see.

    Args:
        condition: in the condition language; empty for everybody.
        viewer: who asks.
        columns: keys of the vocabulary whose values are wanted; unknown ones are left out.
        sort: key of a column, with ``-`` before it for the largest first.
        offset: how many to pass over.
        limit: how many at most.
        right: which right says whom.

    Returns:
        ``None`` where there is no roster yet.

    Raises:
        DefinitionError: the condition cannot be read; says where.
    """
    with _opened(condition, viewer, right, columns, sort) as asked:
        if asked is None:
            return None
        table = asked.page(offset, limit)
        total = asked.count()
    return CustomerList(
        rows=_listed(table, asked.seen),
        total=min(total, MOST_COUNTED),
        bounded=total > MOST_COUNTED,
        at=asked.found.at,
    )


def customers_from(
    condition: str,
    *,
    viewer: Actor,
    columns: Sequence[str] = (),
    sort: str = DEFAULT_SORT,
    after: ListPlace | None = None,
    limit: int = 50,
) -> CustomerSlice | None:
    """As :func:`customer_page`, from a place on: who comes or goes before it shifts nothing.

    Args:
        condition: in the condition language; empty for everybody.
        viewer: who asks.
        columns: keys of the vocabulary whose values are wanted; unknown ones are left out.
        sort: key of a column, with ``-`` before it for the largest first.
        after: the place where the slice before ended, of the same condition and sort.
        limit: how many at most.

    Returns:
        ``None`` where there is no roster yet.

    Raises:
        DefinitionError: the condition cannot be read; says where.
    """
    with _opened(condition, viewer, "customer.view", columns, sort) as asked:
        if asked is None:
            return None
        table = asked.page(0, limit + 1, after=after)
    places = table["sorted_by"].to_pylist()
    numbers = table["customer_id"].to_numpy().tolist()
    more = table.num_rows > limit
    rows = _listed(table.slice(0, limit), asked.seen)
    goes_on = ListPlace(places[limit - 1], numbers[limit - 1]) if more else None
    return CustomerSlice(rows, goes_on, asked.found.at)


def customers_listed(
    cards: Sequence[Card], *, columns: Sequence[str], bounded: bool
) -> CustomerList | None:
    """Customers found in another way, in their order, with the values of columns.

    Args:
        cards: of customers the viewer may see.
        columns: keys of the vocabulary whose values are wanted.
        bounded: whether there are more than these.

    Returns:
        ``None`` where there is no roster yet.
    """
    with reading_roster() as found:
        if found is None:
            return None
        known = vocabulary(current_library()[0], found.schema)
        shown = tuple(key for key in dict.fromkeys(columns) if key in known.columns)
        rows, sources = roster_rows(found, _needed(shown, known))
        wanted = [card.customer_id for card in cards] or [-1]
        rows = rows.filter(rows.customer_id.isin(wanted))
        values = {key: _value(rows, key, known) for key in shown}
        table = house_runner().run(rows.select("customer_id", **values), sources)
    by_number = {row.pop("customer_id"): row for row in table.to_pylist()}
    listed = tuple(ListedCustomer(card, by_number.get(card.customer_id, {})) for card in cards)
    return CustomerList(listed, len(listed), bounded, found.at)


def customer_ids(
    condition: str, *, viewer: Actor, right: str = "customer.view", limit: int
) -> list[int]:
    """Numbers of the customers for whom a condition holds, whom ``viewer`` reaches by ``right``.

    Args:
        condition: in the condition language; empty for everybody.
        viewer: who asks.
        right: which right says whom.
        limit: how many at most.

    Raises:
        DefinitionError: the condition cannot be read.
    """
    with _opened(condition, viewer, right, (), DEFAULT_SORT) as asked:
        if asked is None:
            return []
        found = asked.page(0, limit)["customer_id"].to_numpy().tolist()
    # the database has the last word on whom the viewer reaches
    allowed = asked.seen.among(found)
    return [one for one in found if one in allowed]


def customers_in_parts(
    condition: str,
    *,
    viewer: Actor,
    columns: Sequence[str],
    sort: str,
    right: str,
    size: int = 2_000,
) -> Iterator[tuple[ListedCustomer, ...]]:
    """All customers for whom a condition holds, in parts, for exports; arguments as for the page.

    Raises:
        DefinitionError: the condition cannot be read.
    """
    with _opened(condition, viewer, right, columns, sort) as asked:
        if asked is None:
            return
        table = asked.page(0, None)
        seen = asked.seen
    for start in range(0, table.num_rows, size):
        yield _listed(table.slice(start, size), seen)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An opened roster with the rows that are asked for."""

    found: Roster
    seen: Visible
    rows: ir.Table
    sources: Mapping[str, Source]
    known: Vocabulary
    columns: tuple[str, ...]
    sort: str

    def page(self, offset: int, limit: int | None, *, after: ListPlace | None = None) -> pa.Table:
        """Numbers of the customers, what they are sorted by and the columns, in order."""
        import ibis

        values = {key: _value(self.rows, key, self.known) for key in self.columns}
        key = self.sort.removeprefix("-")
        by = self.rows.last_us if key == "last_seen" else _value(self.rows, key, self.known)
        descending = self.sort.startswith("-")
        rows = self.rows.select("customer_id", **values, sorted_by=by)
        if after is not None:
            rows = rows.filter(_behind(rows, after, descending=descending))
        order = ibis.desc if descending else ibis.asc
        ordered = rows.order_by(order("sorted_by", nulls_first=False), ibis.asc("customer_id"))
        chosen = ordered if limit is None else ordered.limit(limit, offset=offset)
        shown = chosen.select("customer_id", "sorted_by", *self.columns)
        return house_runner().run(shown, self.sources)

    def count(self) -> int:
        """How many there are, or one more than are counted."""
        some = self.rows.select("customer_id").limit(MOST_COUNTED + 1)
        table = house_runner().run(some.aggregate(n=some.count()), self.sources)
        return int(table["n"][0].as_py())


@contextmanager
def _opened(
    condition: str, viewer: Actor, right: str, columns: Sequence[str], sort: str
) -> Iterator[_Asked | None]:
    with reading_roster() as found:
        if found is None:
            yield None
            return
        known = vocabulary(current_library()[0], found.schema)
        node = parsed(condition, known, _owners(condition, viewer))
        shown = tuple(key for key in dict.fromkeys(columns) if key in known.columns)
        key = sort.removeprefix("-")
        if key not in known.columns:
            sort = DEFAULT_SORT
        seen = visible(viewer, right)
        needed = _needed((*shown, sort.removeprefix("-")), known)
        if node is not None:
            needed |= columns_needed(node)
        rows, sources = roster_rows(found, needed)
        if seen.owners is not None:
            rows = rows.filter(rows.owner_id.isin(sorted(seen.owners) or [-1]))
        if node is not None:
            rows = rows.filter(holds(node, lambda name: column_of(rows, name)))
        yield _Asked(found, seen, rows, sources, known, shown, sort)


def _behind(rows: ir.Table, place: ListPlace, *, descending: bool) -> ir.BooleanValue:
    """Whether a row comes after ``place``; rows without a value come last either way."""
    later = rows.customer_id > place.customer_id
    if place.value is None:
        return rows.sorted_by.isnull() & later
    further = rows.sorted_by < place.value if descending else rows.sorted_by > place.value
    return further | ((rows.sorted_by == place.value) & later) | rows.sorted_by.isnull()


def _needed(keys: Iterable[str], known: Vocabulary) -> set[str]:
    needed = {"customer_id", "owner_id", "last_us"}
    for key in keys:
        needed |= columns_needed(_resolved(key, known))
    return needed


def _resolved(key: str, known: Vocabulary) -> Node:
    stands = {"tag": "tags", "owner": "owner_id"}.get(key)
    if stands is not None:
        return Name(stands, "text")
    return resolved(Name(key, known.columns[key].type), known)


def _value(rows: ir.Table, key: str, known: Vocabulary) -> ir.Value:
    return value_of(_resolved(key, known), lambda name: column_of(rows, name))


def _owners(condition: str, viewer: Actor) -> dict[str, frozenset[int]]:
    """What may be written for an owner: names and numbers of accounts, and ``me``."""
    if "owner" not in condition.lower():
        return {}
    found: dict[str, set[int]] = {}
    for number, name in colleagues().items():
        found.setdefault(name.strip().casefold(), set()).add(number)
        found.setdefault(str(number), set()).add(number)
    mine = rights_of(viewer).account_id
    found["me"] = set() if mine is None else {mine}
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _listed(table: pa.Table, seen: Visible) -> tuple[ListedCustomer, ...]:
    numbers = table["customer_id"].to_numpy().tolist()
    found = cards_within(numbers, seen)
    rows = []
    for row in table.to_pylist():
        number, _ = row.pop("customer_id"), row.pop("sorted_by")
        if number in found:
            rows.append(ListedCustomer(found[number], row))
    return tuple(rows)
