"""How customers belong together: family, referrer, company and contacts, parent company.

A relation is told on both sides at once, so each customer's own log holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tenure.derive.customers.projection.mapping import customers_of
from tenure.derive.customers.queries.profile_log import RELATIONS, CustomerLog, customer_log
from tenure.record.events.queries import EventView
from tenure.words import Words

RELATED, UNRELATED = RELATIONS
PARENT = "parent"


@dataclass(frozen=True, slots=True)
class RelationKind:
    """What another customer is to this one, and what this one is to the other."""

    key: str
    name: Words
    inverse: str


RELATION_KINDS: Mapping[str, RelationKind] = {
    kind.key: kind
    for kind in (
        RelationKind("family", Words("家人", "Family"), "family"),
        RelationKind("referrer", Words("推荐人", "Referrer"), "referred"),
        RelationKind("referred", Words("被推荐人", "Referred by this one"), "referrer"),
        RelationKind("company", Words("所在公司", "Company"), "contact"),
        RelationKind("contact", Words("联系人", "Contact"), "company"),
        RelationKind(PARENT, Words("母公司", "Parent company"), "subsidiary"),
        RelationKind("subsidiary", Words("子公司", "Subsidiary"), PARENT),
    )
}


@dataclass(frozen=True, slots=True)
class RelationView:
    """Another customer this one is related to.

    Attributes:
        kind: what the other is.
        other_id: the other customer's number now.
        since: when it was stated, aware.
        by: key of the actor.
    """

    kind: RelationKind
    other_id: int
    since: datetime
    by: str


def relations_in(log: CustomerLog) -> list[RelationView]:
    """The relations at the end of a log."""
    events = log.of(*RELATIONS)
    whose = _customers([_other(event) for event in events])
    standing: dict[tuple[str, int], EventView] = {}
    for event in events:
        pair = (str(event.properties.get("relation", "")), whose.get(_other(event), 0))
        if event.type == RELATED:
            standing.setdefault(pair, event)
        else:
            standing.pop(pair, None)
    order = list(RELATION_KINDS)
    found = [
        RelationView(RELATION_KINDS[key], other, event.occurred_at, event.recorded_by)
        for (key, other), event in standing.items()
        if key in RELATION_KINDS and other not in (0, *log.own)
    ]
    return sorted(found, key=lambda one: (order.index(one.kind.key), -one.since.timestamp()))


def parents_above(customer_id: int) -> set[int]:
    """All customers above one in the tree of companies."""
    above: set[int] = set()
    waiting = [customer_id]
    while waiting:
        log = customer_log(waiting.pop(), types=RELATIONS)
        fresh = {one.other_id for one in relations_in(log) if one.kind.key == PARENT} - above
        above |= fresh
        waiting += fresh
    return above


def _customers(identifier_ids: Sequence[int]) -> dict[int, int]:
    asked = sorted({number for number in identifier_ids if number})
    if not asked:
        return {}
    return dict(zip(asked, customers_of(np.array(asked, np.int64)).tolist(), strict=True))


def _other(event: EventView) -> int:
    value = event.properties.get("other")
    return value if isinstance(value, int) else 0
