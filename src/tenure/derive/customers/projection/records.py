"""How whole the record of each customer is: which fields are filled, when it was last told.

A field is filled where the newest statement about it gives a value rather than taking one away.
Of personal fields the vault knows that there is a value, without opening it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from tenure.definitions import PROFILED, Field, Library
from tenure.engine.schema import COLUMN_TYPES, PROMOTED

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field that a complete record has; ``parties`` are the party types that declare it."""

    key: str
    personal: bool
    text: bool
    parties: tuple[str, ...]


@lru_cache(maxsize=8)
def asked_fields(library: Library) -> tuple[AskedField, ...]:
    """The profile fields of all party types, in their order.

    All of them, but long texts and money that are not personal: those are neither a column of
    the lake nor in the vault.
    """
    parties: dict[str, list[str]] = {}
    fields: dict[str, Field] = {}
    for party in library.party_types.values():
        for field in party.fields:
            if field.personal or field.type in COLUMN_TYPES:
                fields.setdefault(field.key, field)
                parties.setdefault(field.key, []).append(party.key)
    return tuple(
        AskedField(key, field.personal, field.type == "string", tuple(parties[key]))
        for key, field in fields.items()
    )


def asked_counts(library: Library) -> Mapping[str, int]:
    """How many fields each party type asks for."""
    counts = dict.fromkeys(library.party_types, 0)
    for field in asked_fields(library):
        for party in field.parties:
            counts[party] += 1
    return counts


def record_columns(library: Library) -> list[str]:
    """Columns of events that tell of these fields."""
    return [f"{PROMOTED}{field.key}" for field in asked_fields(library) if not field.personal]


def told(events: ir.Table, named: ir.Table, asked: Sequence[AskedField]) -> ir.Table:
    """Per customer when the profile was last told, and ``has_<key>`` for every field.

    Args:
        events: of customers, with customer_id, ``f_cleared`` and :func:`record_columns`.
        named: which events hold which personal field in the vault: event_id, field.
        asked: of :func:`asked_fields`.
    """
    import ibis

    said = events.filter(events.type == PROFILED)
    marked = said.mutate(gone=ibis.literal(",") + said.f_cleared.replace(" ", "") + ",")
    at = marked.occurred_us
    cleared = {f"c_{one.key}": at.max(where=marked.gone.contains(f",{one.key},")) for one in asked}
    plain = {
        f"t_{one.key}": at.max(where=_filled(marked[f"{PROMOTED}{one.key}"], one))
        for one in asked
        if not one.personal
    }
    rows = marked.group_by("customer_id").agg(told_us=at.max(), **cleared, **plain)
    personal = [one.key for one in asked if one.personal]
    if personal:
        held = said.inner_join(named, "event_id")
        times = {f"t_{key}": held.occurred_us.max(where=held.field == key) for key in personal}
        held = held.group_by("customer_id").agg(**times)
        rows = rows.left_join(held, "customer_id").drop("customer_id_right")
    has = {f"has_{one.key}": _stands(rows, one.key) for one in asked}
    return rows.select("customer_id", "told_us", **has)


def filled_by_source(events: ir.Table, named: ir.Table, asked: Sequence[AskedField]) -> ir.Table:
    """Per customer and source how many fields it fills that were not emptied since: ``filled``.

    Arguments as for :func:`told`.
    """
    import ibis

    said = events.filter(events.type == PROFILED)
    marked = said.mutate(gone=ibis.literal(",") + said.f_cleared.replace(" ", "") + ",")
    at = marked.occurred_us
    cleared = marked.group_by("customer_id").agg(
        **{f"c_{one.key}": at.max(where=marked.gone.contains(f",{one.key},")) for one in asked}
    )
    plain = {
        f"t_{one.key}": at.max(where=_filled(marked[f"{PROMOTED}{one.key}"], one))
        for one in asked
        if not one.personal
    }
    rows = marked.group_by("customer_id", "source").agg(seen_us=at.max(), **plain)
    personal = [one.key for one in asked if one.personal]
    if personal:
        held = said.inner_join(named, "event_id")
        times = {f"t_{key}": held.occurred_us.max(where=held.field == key) for key in personal}
        held = held.group_by("customer_id", "source").agg(**times)
        rows = rows.left_join(held, ["customer_id", "source"])
        rows = rows.drop("customer_id_right", "source_right")
    rows = rows.left_join(cleared, "customer_id").drop("customer_id_right")
    count: ir.Value = ibis.literal(0)
    for one in asked:
        count += ibis.coalesce(_stands(rows, one.key), False).cast("int64")
    return rows.select("customer_id", "source", filled=count)


def lacking(rows: ir.Table, asked: Sequence[AskedField]) -> ir.Value:
    """The keys of the fields without a value that the party type asks for, one a line."""
    import ibis

    parts = [
        ibis.ifelse(
            rows.party.isin(one.parties) & ~ibis.coalesce(rows[f"has_{one.key}"], False),
            f"{one.key}\n",
            "",
        )
        for one in asked
    ]
    empty: ir.Value = ibis.literal("")
    return ibis.coalesce(reduce(lambda left, right: left + right, parts, empty).rstrip(), "")


def _filled(column: ir.Value, field: AskedField) -> ir.Value:
    return column.notnull() & (column != "") if field.text else column.notnull()


def _stands(rows: ir.Table, key: str) -> ir.Value:
    told_at, cleared_at = rows[f"t_{key}"], rows[f"c_{key}"]
    return told_at.notnull() & (cleared_at.isnull() | (told_at >= cleared_at))
