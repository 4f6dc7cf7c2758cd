"""Cards of customers out of their events: the same expression for everybody and for a few.

What people state (owner, tags, names) holds by the latest word among all identifiers of a
customer, so a merge takes the latest owner and an unmerge gives both theirs back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.definitions import Library
from tenure.definitions.survival import NAMING_FIELDS
from tenure.derive.customers.projection.naming import (
    NAMED,
    NamingRules,
    last_of,
    names,
    naming_rules,
)
from tenure.derive.customers.projection.records import (
    AskedField,
    asked_fields,
    lacking,
    record_columns,
    told,
)
from tenure.engine.asof import events_as_of, of_customers
from tenure.engine.schema import IDENTITY, PROMOTED, unbound
from tenure.record.events.events import OWN_SOURCE
from tenure.record.events.queries.neighbours import all_types, types_of
from tenure.record.vault.queries import all_held, fields_held

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Runner, Source

ASSIGNED, TAGGED, UNTAGGED = "customer.assigned", "customer.tagged", "customer.untagged"
PROFILED = "customer.profiled"
NAME_FIELDS = NAMING_FIELDS
"""Personal fields that say how a customer is called."""
NAMING_IDENTIFIER = "company_name"
CARD_COLUMNS = (
    "event_id", "identifier_id", "type", "occurred_us", "source", "batch_id",
    *(
        f"{PROMOTED}{name}"
        for name in (
            "channel", "owner", "tag", "cleared", "set_once", "profile_field", "told_by",
        )
    ),
)  # fmt: skip
"""Columns of events that every card is made of, as far as the lake has them."""

_READ = 50_000
_BATCHES = pa.schema([("batch_id", pa.int64())])
_LABEL_COLUMNS: dict[str, pa.DataType] = {
    "identifier_id": pa.int64(),
    "rank": pa.int64(),
    "party": pa.string(),
}
_LABELS = pa.schema(_LABEL_COLUMNS)
_NOT_A_VISIT = ("consent.given", "consent.withdrawn")
_UNKNOWN_RANK = 10_000
_WEAK_RANK = 1_000
_ERA_US = 1 << 62


def cards_from(
    runner: Runner,
    events: Source,
    schema: pa.Schema,
    *,
    library: Library,
    identity: pa.Table,
    undone: pa.Table,
    labels: pa.Table,
    named: pa.Table,
) -> pa.Table:
    """The cards of all customers in ``events``, with the columns of ``CustomerCard``.

    Args:
        runner: the engine.
        events: all events of the customers wanted: rows of the lake or its files.
        schema: their columns.
        library: says which fields a record has.
        identity: the sparse map of their identifiers.
        undone: imports taken back, column batch_id.
        labels: of :func:`label_table`.
        named: of :func:`named_table`.
    """
    inputs: dict[str, Source] = {
        "events": events,
        "identity": identity,
        "undone": undone,
        "labels": labels,
        "named": named,
    }
    return runner.run(_cards(schema, asked_fields(library), naming_rules(library)), inputs)


def card_columns(library: Library) -> set[str]:
    """Columns of events that cards are made of under these definitions."""
    return {*CARD_COLUMNS, *record_columns(library)}


def label_table(library: Library, identifiers: Iterable[int] | None) -> pa.Table:
    """How well each identifier stands for its customer: of some, or of all on record."""
    ranks = _ranks(library)
    types: Mapping[int, str] = all_types() if identifiers is None else types_of(identifiers)
    unknown = (_UNKNOWN_RANK, "")
    found = [ranks.get(kind, unknown) for kind in types.values()]
    ranked = [(number, *how) for number, how in zip(types, found, strict=True)]
    return _table(ranked, _LABELS)


def named_table(library: Library, event_ids: Iterable[int] | None) -> pa.Table:
    """Which events hold a name or a profile field in the vault: of some, or of all."""
    wanted = {*NAME_FIELDS, *(one.key for one in asked_fields(library) if one.personal)}
    rows: Iterable[tuple[int, str]]
    if event_ids is None:
        rows = all_held("event", sorted(wanted))
    else:
        held = fields_held("event", list(event_ids))
        rows = ((number, field) for number, fields in held.items() for field in fields & wanted)
    parts = iter(rows)
    tables = [NAMED.empty_table()]
    while part := list(islice(parts, _READ)):
        tables.append(_table(part, NAMED))
    return pa.concat_tables(tables)


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) or [() for _ in schema]
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema
    )


@lru_cache(maxsize=8)
def _ranks(library: Library) -> dict[str, tuple[int, str]]:
    """Identifier type to its rank and party; a type that several parties declare tells none."""
    ranks: dict[str, tuple[int, str]] = {}
    for party in library.party_types.values():
        for place, kind in enumerate(party.identifiers):
            strong = 0 if kind.strength == "strong" else _WEAK_RANK
            personal = 100 if kind.personal else 0
            rank = 0 if kind.key == NAMING_IDENTIFIER else 1 + strong + personal + place
            if kind.key in ranks:
                ranks[kind.key] = (min(rank, ranks[kind.key][0]), "")
            else:
                ranks[kind.key] = (rank, party.key)
    return ranks


@lru_cache(maxsize=8)
def _cards(schema: pa.Schema, asked: tuple[AskedField, ...], rules: NamingRules) -> ir.Table:
    import ibis

    rows = _joined(schema, asked, rules)
    return rows.select(
        "customer_id",
        party=ibis.coalesce(rows.party, ""),
        owner_id=rows.owner_id,
        tags=ibis.coalesce(rows.tags, ""),
        label_id=rows.label_id,
        name_event_id=rows.name_event_id,
        name_field=ibis.coalesce(rows.name_field, ""),
        channel=rows.channel,
        first_us=ibis.coalesce(rows.came_us, rows.born_us),
        last_us=ibis.coalesce(rows.left_us, rows.gone_us),
        source=rows.source,
        told_us=rows.told_us,
        lacking=lacking(rows, asked),
        identified=ibis.coalesce(rows.rank < _WEAK_RANK, False),
    )


def _joined(schema: pa.Schema, asked: tuple[AskedField, ...], rules: NamingRules) -> ir.Table:
    events = _events(schema, asked)
    theirs = events.source != OWN_SOURCE
    seen = events.group_by("customer_id").agg(
        born_us=events.occurred_us.min(),
        gone_us=events.occurred_us.max(),
        came_us=events.occurred_us.min(where=theirs),
        left_us=events.occurred_us.max(where=theirs),
        source=_first_source(events, theirs),
    )
    known, labelled = told(events, unbound("named", NAMED), asked), _labelled()
    called = names(events, labelled, rules, asked)
    rows = seen
    parts = _owners(events), _tags(events), called, _channels(events), labelled, known
    for part in parts:
        rows = rows.left_join(part, "customer_id").drop("customer_id_right")
    return rows


def _first_source(events: ir.Table, theirs: ir.Value) -> ir.Value:
    """The source of the earliest event; of two at one moment, the first by name."""
    moment = (events.occurred_us + _ERA_US).cast("string")
    return (moment + events.source).min(where=theirs).substr(len(str(_ERA_US)))


def _events(schema: pa.Schema, asked: tuple[AskedField, ...]) -> ir.Table:
    import ibis

    events = unbound("events", schema)
    wanted = [*CARD_COLUMNS, *(f"{PROMOTED}{one.key}" for one in asked if not one.personal)]
    have = {name: events[name] for name in wanted if name in schema.names}
    lack = {name: ibis.null("string") for name in wanted if name not in schema.names}
    events = events.select(**have, **lack)
    counted = events_as_of(events, undone=unbound("undone", _BATCHES))
    return of_customers(counted, unbound("identity", IDENTITY))


def _owners(events: ir.Table) -> ir.Table:
    said = last_of(events.filter(events.type == ASSIGNED), "customer_id")
    return said.select("customer_id", owner_id=said.f_owner.try_cast("int64"))


def _tags(events: ir.Table) -> ir.Table:
    said = events.filter(events.type.isin([TAGGED, UNTAGGED]), events.f_tag.notnull())
    said = said.mutate(tag=said.f_tag.replace("\n", " "))
    last = last_of(said, "customer_id", "tag")
    held = last.filter(last.type == TAGGED)
    return held.group_by("customer_id").agg(tags=held.tag.group_concat("\n", order_by=held.tag))


def _channels(events: ir.Table) -> ir.Table:
    came = events.filter(
        events.f_channel.notnull(), events.f_channel != "", events.type.notin(_NOT_A_VISIT)
    )
    first = last_of(came, "customer_id", last=False)
    return first.select("customer_id", channel=first.f_channel)


def _labelled() -> ir.Table:
    """The best identifier of each customer, and the party it tells."""
    import ibis

    labels = unbound("labels", _LABELS)
    identity = unbound("identity", IDENTITY)
    mapped = identity.select(mapped_from="identifier_id", mapped_to="customer_id")
    joined = labels.left_join(mapped, labels.identifier_id == mapped.mapped_from)
    own = joined.select(
        "rank", "party", "identifier_id",
        customer_id=ibis.coalesce(joined.mapped_to, joined.identifier_id),
    )  # fmt: skip
    order = ibis.window(group_by="customer_id", order_by=[own.rank, own.identifier_id])
    best = own.mutate(place=ibis.row_number().over(order))
    best = best.filter(best.place == 0)
    return best.select("customer_id", "party", "rank", label_id="identifier_id")
