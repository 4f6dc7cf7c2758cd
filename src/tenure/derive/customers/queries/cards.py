"""Customers as lists and headings show them: a name, masked by right, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.queries.masking import shown
from tenure.derive.customers.queries.visibility import Visible, visible
from tenure.guard.access.queries import Rights
from tenure.record.events.queries import IdentifierView, identifiers
from tenure.record.vault.queries import reveal

_EVENT_HOLDER = "event"
_SLICE = 900


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a customer.

    Attributes:
        name: how to call the customer: the name, else the best identifier, else the number;
            masked where the viewer may not read it.
        named: whether that is a name.
        masked: whether something of it is hidden.
        party: key of the party type; empty where nothing tells it.
        owner_id: number of the account whose customer this is; ``None``: nobody's.
        tags: in order.
        first_seen: when anything was first known of the customer, aware; ``None`` until the
            log has been followed.
        last_seen: when the customer last did something.
        channel: by which the customer first came.
    """

    customer_id: int
    name: str
    named: bool
    masked: bool
    party: str
    owner_id: int | None
    tags: tuple[str, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    channel: str | None


def cards(customer_ids: Iterable[int], viewer: Actor) -> dict[int, Card]:
    """Cards of those among some customers whom the viewer may see, in the order asked.

    Args:
        customer_ids: which.
        viewer: who asks; their rights choose whom and mask names.
    """
    return cards_within(list(dict.fromkeys(customer_ids)), visible(viewer))


def cards_within(customer_ids: Sequence[int], seen: Visible) -> dict[int, Card]:
    """As :func:`cards`, for a visibility looked up before (of any right)."""
    rows = {
        row.customer_id: row
        for start in range(0, len(customer_ids), _SLICE)
        for row in CustomerCard.objects.filter(customer_id__in=customer_ids[start : start + _SLICE])
        if seen.owners is None or row.owner_id in seen.owners
    }
    # a customer recorded a moment ago has no card yet: nobody's, so the scope ALL sees it
    new = [one for one in customer_ids if one not in rows] if seen.everybody else []
    labels = identifiers(
        [*(row.label_id for row in rows.values() if row.label_id is not None), *new],
        with_personal=True,
    )
    events = [row.name_event_id for row in rows.values() if row.name_event_id is not None]
    names = reveal(_EVENT_HOLDER, events) if events else {}
    found: dict[int, Card] = {}
    for one in customer_ids:
        if one in rows:
            found[one] = _card(rows[one], names, labels, seen.rights)
        elif one in labels:
            found[one] = _new(labels[one], seen.rights)
    return found


def newest_tags(event_id: int, owners: frozenset[int] | None, limit: int = 1_000) -> list[str]:
    """The tags of cards changed after an event, of some owners; those of many are cut short."""
    rows = CustomerCard.objects.filter(changed_id__gt=event_id).exclude(tags="")
    if owners is not None:
        rows = rows.filter(owner_id__in=sorted(owners))
    return [tag for tags in rows.values_list("tags", flat=True)[:limit] for tag in tags.split("\n")]


def _card(
    row: CustomerCard,
    names: dict[int, dict[str, str]],
    labels: dict[int, IdentifierView],
    rights: Rights,
) -> Card:
    plain = names.get(row.name_event_id or 0, {}).get(row.name_field, "")
    if plain:
        name, named = shown(rights, row.name_field, plain), True
    else:
        label = labels.get(row.label_id or 0)
        name, named = _label(label, rights, row.customer_id)
        plain = (label.value or "") if label else name
    return Card(
        customer_id=row.customer_id,
        name=name,
        named=named,
        masked=name != plain and bool(plain),
        party=row.party,
        owner_id=row.owner_id,
        tags=tuple(row.tags.split("\n")) if row.tags else (),
        first_seen=from_microseconds(row.first_us),
        last_seen=from_microseconds(row.last_us),
        channel=row.channel,
    )


def _label(label: IdentifierView | None, rights: Rights, number: int) -> tuple[str, bool]:
    """An identifier in the place of a name, and whether it is a name (a company's)."""
    if label is None or not label.value:
        return f"#{str(number)[:8]}", False
    value = shown(rights, label.type, label.value) if label.personal else label.value
    return value, label.type == "company_name"


def _new(label: IdentifierView, rights: Rights) -> Card:
    name, named = _label(label, rights, label.id)
    return Card(
        customer_id=label.id,
        name=name,
        named=named,
        masked=bool(label.value) and name != label.value,
        party="",
        owner_id=None,
        tags=(),
        first_seen=None,
        last_seen=None,
        channel=None,
    )
