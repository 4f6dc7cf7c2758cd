"""Which name a customer is called by, by the same rule as the profile chooses its values.

As ``queries.profile_telling`` decides it for one customer, here for all at once: names lie in
the vault and stay closed, so the rules look at when, by whom and by what source they were told.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.definitions import PROFILED, Library, SurvivalRule
from tenure.definitions.survival import NAMING_FIELDS, NEWEST
from tenure.derive.customers.projection.records import AskedField, filled_by_source
from tenure.engine.schema import unbound
from tenure.record.events.events import OWN_SOURCE

if TYPE_CHECKING:
    import ibis.expr.types as ir

PREFERRED, UNPREFERRED = "value.preferred", "value.unpreferred"
_NAMED_COLUMNS: dict[str, pa.DataType] = {"event_id": pa.int64(), "field": pa.string()}
NAMED = pa.schema(_NAMED_COLUMNS)
"""Which events hold which personal field in the vault."""
NamingRules = tuple[tuple[str, SurvivalRule], ...]


@lru_cache(maxsize=8)
def naming_rules(library: Library) -> NamingRules:
    """Party type to the rule its names are chosen by, of those that do not take the newest."""
    found = []
    for key, party in library.party_types.items():
        declared = {field.key for field in party.fields}
        name = next((one for one in NAMING_FIELDS if one in declared), NAMING_FIELDS[0])
        rule = party.survival.of(name)
        if rule != NEWEST:
            found.append((key, rule))
    return tuple(found)


def names(
    events: ir.Table, labelled: ir.Table, rules: NamingRules, asked: Sequence[AskedField]
) -> ir.Table:
    """Per customer ``name_event_id`` and ``name_field``; none where the name was emptied.

    Args:
        events: of customers, with the columns cards are made of.
        labelled: customer_id and party.
        rules: of :func:`naming_rules`.
        asked: fields of a complete record.
    """
    import ibis

    standing = _standing(events)
    pinned = _pinned(events, standing)
    rows = standing.left_join(pinned, "customer_id").drop("customer_id_right")
    preferred = ibis.coalesce(rows.event_id == rows.pin_event, False)
    moment, number = rows.occurred_us, rows.event_id
    order = [preferred.desc(), moment.desc(), number.desc()]
    if rules:
        rows = rows.left_join(labelled.select("customer_id", "party"), "customer_id")
        rows = rows.drop("customer_id_right")
        rows = _weighed(rows, events, rules, asked)
        preferred = ibis.coalesce(rows.event_id == rows.pin_event, False)
        order = [preferred.desc(), *(rows[key].desc() for key in ("own", "worth", "at", "number"))]
    numbered = rows.mutate(
        place=ibis.row_number().over(ibis.window(group_by="customer_id", order_by=order))
    )
    best = numbered.filter(numbered.place == 0)
    return best.select("customer_id", name_event_id="event_id", name_field="field")


def _standing(events: ir.Table) -> ir.Table:
    """Every name told since the name was last emptied.

    One told to be set only once counts where no other was told: the first of these.
    """
    import ibis

    named = unbound("named", NAMED)
    named = named.filter(named.field.isin(NAMING_FIELDS))
    both = events.inner_join(named, "event_id")
    weak = ibis.literal(",") + both.f_set_once.replace(" ", "") + ","
    told = both.select(
        "customer_id", "occurred_us", "event_id", "source", "field",
        weak=ibis.coalesce(weak.contains(ibis.literal(",") + both.field + ","), False),
    )  # fmt: skip
    emptied = events.filter(
        events.type == PROFILED,
        events.f_cleared.split(",").map(lambda key: key.strip()).contains(NAMING_FIELDS[0]),
    )
    gone = last_of(emptied, "customer_id").select(
        "customer_id", gone_us="occurred_us", gone_id="event_id"
    )
    rows = told.left_join(gone, "customer_id").drop("customer_id_right")
    after = _after(rows.occurred_us, rows.event_id, rows.gone_us, rows.gone_id)
    rows = rows.filter(rows.gone_us.isnull() | after).drop("gone_us", "gone_id")
    order = [rows.occurred_us, rows.event_id]
    alike = ibis.window(group_by=["customer_id", "field", "weak"], order_by=order)
    told_of = ibis.window(group_by=["customer_id", "field"])
    rows = rows.mutate(
        place=ibis.row_number().over(alike),
        plain=(~rows.weak).cast("int64").sum().over(told_of),
    )
    counts = ~rows.weak | ((rows.plain == 0) & (rows.place == 0))
    return rows.filter(counts).drop("weak", "place", "plain")


def _pinned(events: ir.Table, standing: ir.Table) -> ir.Table:
    """Per customer the event whose name somebody prefers, where nobody wrote one since."""
    import ibis

    said = events.filter(
        events.type.isin([PREFERRED, UNPREFERRED]), events.f_profile_field.isin(NAMING_FIELDS)
    ).select(
        "customer_id", "type", "occurred_us", "event_id",
        pin_field="f_profile_field", pin_event=events.f_told_by.cast("int64"),
    )  # fmt: skip
    told = standing.select(told_customer="customer_id", told_event="event_id", told_field="field")
    known = said.left_join(
        told,
        [
            said.customer_id == told.told_customer,
            said.pin_event == told.told_event,
            said.pin_field == told.told_field,
        ],
    )
    last = last_of(
        known.filter((known.type == UNPREFERRED) | known.told_event.notnull()), "customer_id"
    )
    own = last_of(standing.filter(standing.source == OWN_SOURCE), "customer_id").select(
        own_customer="customer_id", own_us="occurred_us", own_id="event_id"
    )
    both = last.left_join(own, last.customer_id == own.own_customer)
    newer = _after(both.own_us, both.own_id, both.occurred_us, both.event_id)
    stands = (both.type == PREFERRED) & (both.own_us.isnull() | ~newer)
    return both.select(
        "customer_id", pin_event=ibis.ifelse(stands, both.pin_event, ibis.null("int64"))
    )


def _weighed(
    rows: ir.Table, events: ir.Table, rules: NamingRules, asked: Sequence[AskedField]
) -> ir.Table:
    """With what the rules compare: a person's own word, the worth, the moment; larger is better."""
    import ibis

    if any(rule.rule == "most_complete" for _, rule in rules):
        filled = filled_by_source(events, unbound("named", NAMED), asked)
        filled = filled.select(
            filled_customer="customer_id", filled_source="source", filled="filled"
        )
        rows = rows.left_join(
            filled,
            [rows.customer_id == filled.filled_customer, rows.source == filled.filled_source],
        ).drop("filled_customer", "filled_source")
    own = rows.source == OWN_SOURCE
    worth, sign = ibis.literal(0), ibis.literal(1)
    ruled = rows.party.isin([party for party, _ in rules])
    for party, rule in rules:
        here = (rows.party == party) & ~own
        match rule.rule:
            case "most_complete":
                worth = ibis.ifelse(here, ibis.coalesce(rows.filled, 0), worth)
            case "trusted":
                worth = ibis.ifelse(here, _trust(rows.source, rule), worth)
            case "oldest":
                sign = ibis.ifelse(here, ibis.literal(-1), sign)
    return rows.mutate(
        own=ibis.coalesce(ruled & own, False).cast("int64"),
        worth=ibis.coalesce(worth.cast("int64"), 0),
        at=rows.occurred_us * ibis.coalesce(sign.cast("int64"), 1),
        number=rows.event_id * ibis.coalesce(sign.cast("int64"), 1),
    )


def _trust(source: ir.Value, rule: SurvivalRule) -> ir.Value:
    import ibis

    worth: ir.Value = ibis.literal(-len(rule.sources))
    for place, name in enumerate(rule.sources):
        worth = ibis.ifelse(source == name, ibis.literal(-place), worth)
    return worth


def _after(one_us: ir.Value, one_id: ir.Value, other_us: ir.Value, other_id: ir.Value) -> ir.Value:
    return (one_us > other_us) | ((one_us == other_us) & (one_id > other_id))


def last_of(rows: ir.Table, *per: str, last: bool = True) -> ir.Table:
    """Of each group the row that happened last (or first)."""
    import ibis

    keys = [rows.occurred_us, rows.event_id]
    if last:
        keys = [key.desc() for key in keys]
    order = ibis.window(group_by=list(per), order_by=keys)
    numbered = rows.mutate(place=ibis.row_number().over(order))
    return numbered.filter(numbered.place == 0).drop("place")
