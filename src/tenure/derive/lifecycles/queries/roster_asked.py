"""A question to the roster: the condition, the search and the viewer's reach as rows to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.actor import Actor
from tenure.definitions import Node
from tenure.definitions.expression import Name
from tenure.derive.customers.projection.roster import Roster, reading_roster
from tenure.derive.customers.queries import Sought, Visible, customers_sought, visible
from tenure.derive.customers.queries.conditions import (
    Vocabulary,
    column_of,
    columns_needed,
    parsed,
    resolved,
    vocabulary,
)
from tenure.derive.customers.queries.search import MOST_SOUGHT
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.derive.lifecycles.queries.roster_rows import roster_rows
from tenure.engine.expressions import holds, value_of
from tenure.engine.schema import unbound
from tenure.guard.access.queries import colleagues, rights_of
from tenure.record.library.queries import current_library
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

MOST_COUNTED = 1_000_000
DEFAULT_SORT = "-last_seen"
BEST_FIRST = "found"
"""The order of what a search found: who fits best first, then who was seen last."""


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where in the order of a list: behind this value of what it is sorted by, and number."""

    value: str | float | bool | None
    customer_id: int


class TooManySoughtError(TenureError):
    """A search finds more customers than it holds, so nothing can be done to all of them."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh=f"搜索到的客户超过 {MOST_SOUGHT:,} 位，不能作为全部结果处理：请写得更完整，"
                "或改用条件",
                en=f"the search finds more than {MOST_SOUGHT:,} customers, too many to take for "
                "all of them: write more of the name or number, or use a condition instead",
            )
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """An opened roster with the rows that are asked for.

    Attributes:
        found: the roster.
        seen: whom the viewer reaches.
        rows: for which the condition holds, with the columns needed.
        sources: what the rows come from.
        known: what may be named.
        columns: keys of the values wanted.
        sort: key of a column, or ``BEST_FIRST``.
        cut: the search alone finds more than it holds.
    """

    found: Roster
    seen: Visible
    rows: ir.Table
    sources: Mapping[str, Source]
    known: Vocabulary
    columns: tuple[str, ...]
    sort: str
    cut: bool

    def demand_all(self) -> None:
        """Refuse to take the first of what a search found for all of it.

        Raises:
            TooManySoughtError: the search alone finds more than it holds.
        """
        if self.cut:
            raise TooManySoughtError

    def page(self, offset: int, limit: int | None, *, after: ListPlace | None = None) -> pa.Table:
        """Numbers of the customers, what they are sorted by and the columns, in order."""
        import ibis

        values = {key: _value(self.rows, key, self.known) for key in self.columns}
        key, sort = self.sort.removeprefix("-"), self.sort
        if sort == BEST_FIRST:
            values |= {"found_rank": self.rows.found_rank}
            key, sort = "last_seen", DEFAULT_SORT
        by = self.rows.last_us if key == "last_seen" else _value(self.rows, key, self.known)
        rows = self.rows.select("customer_id", **values, sorted_by=by)
        descending = sort.startswith("-")
        if after is not None:
            rows = rows.filter(_behind(rows, after, descending=descending))
        order = ibis.desc if descending else ibis.asc
        keys = [order("sorted_by", nulls_first=False), ibis.asc("customer_id")]
        if self.sort == BEST_FIRST:
            keys.insert(0, ibis.asc("found_rank"))
        ordered = rows.order_by(*keys)
        chosen = ordered if limit is None else ordered.limit(limit, offset=offset)
        shown = chosen.select("customer_id", "sorted_by", *self.columns)
        return house_runner().run(shown, self.sources)

    def count(self) -> int:
        """How many there are, or one more than are counted."""
        some = self.rows.select("customer_id").limit(MOST_COUNTED + 1)
        table = house_runner().run(some.aggregate(n=some.count()), self.sources)
        return int(table["n"][0].as_py())


@contextmanager
def opened(
    condition: str,
    *,
    viewer: Actor,
    sought: str = "",
    right: str,
    columns: Sequence[str] = (),
    sort: str = DEFAULT_SORT,
) -> Iterator[Asked | None]:
    """The roster with the rows asked for; ``None`` where there is none yet.

    Args:
        condition: in the condition language; empty for everybody.
        viewer: who asks.
        sought: a text that must mean the customer as well; empty for no search.
        right: which right says whom.
        columns: keys whose values are wanted; unknown ones are left out.
        sort: key of a column, with ``-`` before it for the largest first, or ``BEST_FIRST``.

    Raises:
        DefinitionError: the condition cannot be read.
    """
    with reading_roster() as found:
        if found is None:
            yield None
            return
        known = vocabulary(current_library()[0], found.schema)
        node = parsed(condition, known, _owners(condition, viewer))
        shown = tuple(key for key in dict.fromkeys(columns) if key in known.columns)
        key = sort.removeprefix("-")
        if key not in known.columns and not (sought and sort == BEST_FIRST):
            sort = DEFAULT_SORT
        seen = visible(viewer, right)
        sorting = () if sort == BEST_FIRST else (sort.removeprefix("-"),)
        needed = _needed((*shown, *sorting), known)
        if node is not None:
            needed |= columns_needed(node)
        rows, sources = roster_rows(found, needed)
        if seen.owners is not None:
            rows = rows.filter(rows.owner_id.isin(sorted(seen.owners) or [-1]))
        if node is not None:
            rows = rows.filter(holds(node, lambda name: column_of(rows, name)))
        cut = False
        if sought:
            some = customers_sought(sought, seen)
            rows, sources, cut = *_among(rows, sources, some), some.cut
        yield Asked(found, seen, rows, sources, known, shown, sort, cut)


def _behind(rows: ir.Table, place: ListPlace, *, descending: bool) -> ir.BooleanValue:
    """Whether a row comes after ``place``; rows without a value come last either way."""
    later = rows.customer_id > place.customer_id
    if place.value is None:
        return rows.sorted_by.isnull() & later
    further = rows.sorted_by < place.value if descending else rows.sorted_by > place.value
    return further | ((rows.sorted_by == place.value) & later) | rows.sorted_by.isnull()


def _among(
    rows: ir.Table, sources: Mapping[str, Source], some: Sought
) -> tuple[ir.Table, dict[str, Source]]:
    """Only the rows of customers a search found, and how well each fits."""
    listed = pa.table(
        {
            "found_id": pa.array(some.ranks.keys(), pa.int64()),
            "found_rank": pa.array(some.ranks.values(), pa.int64()),
        }
    )
    among = unbound("sought", listed.schema)
    joined = rows.inner_join(among, rows.customer_id == among.found_id)
    return joined, {**sources, "sought": listed}


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
