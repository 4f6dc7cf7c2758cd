"""Who is who, what made them one, what was refused: of customers the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db.models import QuerySet

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.derive.customers.models import IdentifierCustomer, RefusedLink
from tenure.derive.customers.projection import customers_of, members_known_at
from tenure.derive.customers.queries.masking import shown
from tenure.derive.customers.queries.visibility import Visible, visible
from tenure.record.events.queries import (
    IdentifierView,
    Statement,
    events_by_id,
    find_identifiers,
    identifiers,
    statements_about,
)
from tenure.record.events.queries.neighbours import latest_statements
from tenure.record.vault.queries import reveal
from tenure.words import Words

_EVENT_HOLDER = "event"
_LOOKED_AT = 10_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CustomerFound:
    """A customer whom a typed value leads to, and by which identifier."""

    customer_id: int
    identifier: IdentifierView


@dataclass(frozen=True, slots=True)
class RefusedLinkView:
    """Two identifiers that were seen together and still are not one customer, and why."""

    left: IdentifierView
    right: IdentifierView
    cause: Words


@dataclass(frozen=True, slots=True)
class MergeView:
    """Someone's word that two identifiers are, or are not, one customer, or taking it back.

    Attributes:
        event_id: where it stands in the log.
        merged: a merge; otherwise they are kept apart.
        taken_back: neither: what was said before no longer counts.
        by: key of the actor.
        reason: in that person's words; empty where it was erased.
        at: when it was said, aware.
    """

    event_id: int
    merged: bool
    left: int
    right: int
    by: str
    reason: str
    at: datetime
    taken_back: bool = False


def customer_of(identifier_id: int, *, known_at: datetime | None = None) -> int:
    """The customer of an identifier; its own number where it is linked to no other.

    Args:
        identifier_id: which.
        known_at: as it was believed at this moment (aware); as known now when ``None``.
    """
    if known_at is not None:
        return members_known_at(identifier_id, to_microseconds(known_at))[0]
    row = IdentifierCustomer.objects.filter(identifier_id=identifier_id).first()
    return row.customer_id if row else identifier_id


def identifiers_of(customer_id: int, *, known_at: datetime | None = None) -> list[int]:
    """All identifiers of a customer, the customer's own number first.

    Args:
        customer_id: which.
        known_at: as it was believed at this moment (aware), of whoever had the identifier
            ``customer_id`` then; as known now when ``None``.
    """
    if known_at is not None:
        return members_known_at(customer_id, to_microseconds(known_at))
    rows = IdentifierCustomer.objects.filter(customer_id=customer_id).order_by("identifier_id")
    return [customer_id, *rows.values_list("identifier_id", flat=True)]


def identifier_views_of(
    customer_id: int,
    *,
    viewer: Actor,
    known_at: datetime | None = None,
    with_personal: bool = False,
) -> list[IdentifierView]:
    """All identifiers of a customer with type and value; none of one the viewer may not see.

    Args:
        customer_id: which.
        viewer: who asks; personal values are masked where the viewer may not read them.
        known_at: as for :func:`identifiers_of`; of those only what is now of customers the
            viewer may see.
        with_personal: open the vault for the values of personal ones.
    """
    seen = visible(viewer)
    own = _allowed(seen, identifiers_of(customer_id, known_at=known_at))
    found = identifiers(own, with_personal=with_personal).values()
    views = [
        replace(one, value=shown(seen.rights, one.type, one.value))
        if one.personal and one.value
        else one
        for one in found
    ]
    return sorted(views, key=lambda view: (view.type, view.id))


def customers_found(
    value: str, *, viewer: Actor, known_at: datetime | None = None
) -> list[CustomerFound]:
    """Customers whom ``value`` leads to: a phone, a mail address, a number, as people type it.

    Args:
        value: tried under every identifier type, in that type's normal form.
        viewer: who asks; customers the viewer may not see are not found.
        known_at: whose it was believed to be at this moment (aware); now when ``None``.
    """
    views = find_identifiers(value)
    allowed = set(_allowed(visible(viewer), [view.id for view in views]))
    return [
        CustomerFound(customer_of(view.id, known_at=known_at), view)
        for view in views
        if view.id in allowed
    ]


def refused_links(
    *, viewer: Actor, customer_id: int | None = None, limit: int = 100
) -> list[RefusedLinkView]:
    """Links that do not count, with the reason.

    Args:
        viewer: who asks; both sides must be of customers the viewer may see.
        customer_id: only those at one of this customer's identifiers.
        limit: at most so many.
    """
    rows = RefusedLink.objects.order_by("-found", "left_id", "right_id")
    if customer_id is not None:
        own = identifiers_of(customer_id)
        rows = rows.filter(left_id__in=own) | rows.filter(right_id__in=own)
    chosen = _first_allowed(visible(viewer), rows, limit)
    views = identifiers({number for row in chosen for number in (row.left_id, row.right_id)})
    return [
        RefusedLinkView(views[row.left_id], views[row.right_id], _refusal_words(row))
        for row in chosen
    ]


def refused_link_count() -> int:
    """How many links do not count."""
    return RefusedLink.objects.count()


def merges(*, viewer: Actor, customer_id: int | None = None, limit: int = 100) -> list[MergeView]:
    """Merges and unmerges by people, newest first: who, when, why.

    Args:
        viewer: who asks; both sides must be of customers the viewer may see.
        customer_id: only those about one of this customer's identifiers.
        limit: at most so many.
    """
    seen = visible(viewer)
    if customer_id is not None:
        said: Sequence[Statement] = statements_about(identifiers_of(customer_id))[::-1]
    else:
        said = latest_statements(limit if seen.everybody else _LOOKED_AT)
    allowed = set(_allowed(seen, {end for one in said for end in (one.left, one.right)}))
    said = [one for one in said if {one.left, one.right} <= allowed][:limit]
    return merge_views(said)


def merge_views(said: Sequence[Statement]) -> list[MergeView]:
    """Words with who said them and why, in their order; the caller has looked at rights."""
    numbers = [statement.event_id for statement in said]
    events, secrets = events_by_id(numbers), reveal(_EVENT_HOLDER, numbers)
    return [
        MergeView(
            event_id=statement.event_id,
            merged=statement.linked is True,
            taken_back=statement.linked is None,
            left=statement.left,
            right=statement.right,
            by=events[statement.event_id].recorded_by,
            reason=secrets.get(statement.event_id, {}).get("reason", ""),
            at=statement.recorded_at,
        )
        for statement in said
    ]


def _allowed(seen: Visible, identifier_ids: Iterable[int]) -> list[int]:
    """Those of some identifiers whose customer is reached, in their order."""
    asked = list(identifier_ids)
    if seen.everybody or not asked:
        return asked
    whose = customers_of(np.array(asked, np.int64)).tolist()
    reached = seen.among(whose)
    return [one for one, customer in zip(asked, whose, strict=True) if customer in reached]


def _first_allowed(seen: Visible, rows: QuerySet[RefusedLink], limit: int) -> list[RefusedLink]:
    if seen.everybody:
        return list(rows[:limit])
    chosen: list[RefusedLink] = []
    start = 0
    while len(chosen) < limit and (part := list(rows[start : start + _AT_ONCE])):
        start += _AT_ONCE
        allowed = set(_allowed(seen, {end for row in part for end in (row.left_id, row.right_id)}))
        chosen += [row for row in part if {row.left_id, row.right_id} <= allowed]
    return chosen[:limit]


def _refusal_words(row: RefusedLink) -> Words:
    if row.reason == "too_large":
        return Words(
            zh=f"自动关联会把 {row.found} 个标识并成一个客户，超过上限 {row.limit}",
            en=f"automatic links would gather {row.found} identifiers in one customer, "
            f"more than the limit of {row.limit}",
        )
    return Words(
        zh=f"标识 {row.because_id} 与 {row.found} 个其他标识一起出现，"
        f"超过上限 {row.limit}，视为多人共用",
        en=f"the identifier {row.because_id} was seen with {row.found} others, more than its "
        f"limit of {row.limit}: taken as shared by several people",
    )
