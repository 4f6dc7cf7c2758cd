"""The list of customers: filtered, sorted and paged over the roster, with what changed since.

Customers whose card or stage changed after the roster was written are taken out of it and laid
over it from the database, with their metrics as the roster has them. Names are not in the
roster: the cards of the page are read, by the same visibility, once the page is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from tenure.actor import Actor
from tenure.derive.customers.projection.roster import reading_roster
from tenure.derive.customers.queries import Card, Visible
from tenure.derive.customers.queries.cards import cards_within
from tenure.derive.customers.queries.conditions import Vocabulary, vocabulary
from tenure.derive.lifecycles.queries.roster_asked import (
    DEFAULT_SORT,
    MOST_COUNTED,
    ListPlace,
    opened,
)
from tenure.record.library.queries import current_library


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
        cut: the search alone finds more than it holds; what is listed is among the first only.
        at: the moment the figures are true of, aware; owners and tags are of now.
    """

    rows: tuple[ListedCustomer, ...]
    total: int
    bounded: bool
    cut: bool
    at: datetime


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
    sought: str = "",
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
        sought: a text that must mean the customer as well; empty for no search.
        columns: keys of the vocabulary whose values are wanted; unknown ones are left out.
        sort: key of a column, with ``-`` before it for the largest first, or ``BEST_FIRST``.
        offset: how many to pass over.
        limit: how many at most.
        right: which right says whom.

    Returns:
        ``None`` where there is no roster yet.

    Raises:
        DefinitionError: the condition cannot be read; says where.
    """
    with opened(
        condition, viewer=viewer, sought=sought, right=right, columns=columns, sort=sort
    ) as asked:
        if asked is None:
            return None
        table = asked.page(offset, limit)
        total = asked.count()
    return CustomerList(
        rows=_listed(table, asked.seen),
        total=min(total, MOST_COUNTED),
        bounded=total > MOST_COUNTED,
        cut=asked.cut,
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
    with opened(
        condition, viewer=viewer, right="customer.view", columns=columns, sort=sort
    ) as asked:
        if asked is None:
            return None
        table = asked.page(0, limit + 1, after=after)
    places = table["sorted_by"].to_pylist()
    numbers = table["customer_id"].to_numpy().tolist()
    more = table.num_rows > limit
    rows = _listed(table.slice(0, limit), asked.seen)
    goes_on = ListPlace(places[limit - 1], numbers[limit - 1]) if more else None
    return CustomerSlice(rows, goes_on, asked.found.at)


def customer_ids(
    condition: str,
    *,
    viewer: Actor,
    sought: str = "",
    right: str = "customer.view",
    limit: int,
) -> list[int]:
    """Numbers of the customers for whom a condition holds, whom ``viewer`` reaches by ``right``.

    Args:
        condition: in the condition language; empty for everybody.
        viewer: who asks.
        sought: a text that must mean the customer as well; empty for no search.
        right: which right says whom.
        limit: how many at most.

    Raises:
        DefinitionError: the condition cannot be read.
        TooManySoughtError: the search alone finds more than it holds.
    """
    with opened(condition, viewer=viewer, sought=sought, right=right) as asked:
        if asked is None:
            return []
        asked.demand_all()
        found = asked.page(0, limit)["customer_id"].to_numpy().tolist()
    # the database has the last word on whom the viewer reaches
    allowed = asked.seen.among(found)
    return [one for one in found if one in allowed]


def customers_in_parts(
    condition: str,
    *,
    viewer: Actor,
    sought: str = "",
    columns: Sequence[str],
    sort: str,
    right: str,
    size: int = 2_000,
) -> Iterator[tuple[ListedCustomer, ...]]:
    """All customers for whom a condition holds, in parts, for exports; arguments as for the page.

    Raises:
        DefinitionError: the condition cannot be read.
        TooManySoughtError: the search alone finds more than it holds.
    """
    with opened(
        condition, viewer=viewer, sought=sought, right=right, columns=columns, sort=sort
    ) as asked:
        if asked is None:
            return
        asked.demand_all()
        table = asked.page(0, None)
        seen = asked.seen
    for start in range(0, table.num_rows, size):
        yield _listed(table.slice(start, size), seen)


def _listed(table: pa.Table, seen: Visible) -> tuple[ListedCustomer, ...]:
    numbers = table["customer_id"].to_numpy().tolist()
    found = cards_within(numbers, seen)
    rows = []
    for row in table.to_pylist():
        number, _ = row.pop("customer_id"), row.pop("sorted_by")
        if number in found:
            rows.append(ListedCustomer(found[number], row))
    return tuple(rows)
