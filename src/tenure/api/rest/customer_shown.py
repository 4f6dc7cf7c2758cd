"""Customers, put together for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tenure.actor import Actor
from tenure.api.rest.door import etag_of
from tenure.api.rest.shapes.customers import (
    Customer,
    CustomerLine,
    FieldShown,
    Identifier,
    Owner,
    Place,
)
from tenure.derive.customers.queries import Card, cards, customer_of, identifier_views_of
from tenure.derive.customers.queries.profile import Profile, profile_of
from tenure.derive.customers.queries.profile_scope import UnknownCustomerError
from tenure.derive.lifecycles.queries.biography import Standing, standings
from tenure.guard.access.queries import account_names


def customer_shown(customer_id: int, viewer: Actor) -> Customer:
    """All that is said of a customer at once.

    Raises:
        UnknownCustomerError: there is none, or the viewer may not see them.
    """
    profile = profile_of(customer_id, viewer=viewer)
    number = customer_of(customer_id)
    card = cards([number], viewer).get(number)
    if card is None:
        raise UnknownCustomerError
    views = identifier_views_of(number, viewer=viewer, with_personal=True)
    return Customer(
        **_card(card, _owner_names(card.owner_id)),
        identifiers=[
            Identifier(type=one.type, value=one.value, personal=one.personal) for one in views
        ],
        profile=_profile(profile),
        stages=[_place(one) for one in standings(number, viewer=viewer)],
    )


def line_shown(card: Card, values: Mapping[str, Any], names: Mapping[int, str]) -> CustomerLine:
    """A customer in a list."""
    return CustomerLine(
        **_card(card, names), values={key: _value(value) for key, value in values.items()}
    )


def tag_of(shown: Customer) -> str:
    """The entity tag of a customer as the viewer sees them."""
    return etag_of(shown.model_dump_json().encode())


def _card(card: Card, names: Mapping[int, str]) -> dict[str, Any]:
    owner = card.owner_id
    return {
        "id": str(card.customer_id),
        "name": card.name,
        "masked": card.masked,
        "party": card.party,
        "owner": None if owner is None else Owner(account=owner, name=names.get(owner, "")),
        "tags": list(card.tags),
        "first_seen": card.first_seen,
        "last_seen": card.last_seen,
        "channel": card.channel,
    }


def _owner_names(owner_id: int | None) -> dict[int, str]:
    return account_names([owner_id]) if owner_id is not None else {}


def _profile(profile: Profile) -> list[FieldShown]:
    return [
        FieldShown(
            key=one.field.key,
            value=_value(one.value),
            masked=one.hidden,
            set_at=one.set_at,
            source=one.source,
        )
        for one in profile.fields
        if one.event_id
    ]


def _place(one: Standing) -> Place:
    return Place(
        lifecycle=one.lifecycle.key,
        stage=one.stage,
        canonical=one.canonical,
        entered_at=one.entered_at,
        next_at=one.next_at,
        next_stage=one.next_stage or None,
    )


def _value(value: Any) -> Any:
    """Money exactly, as text; all else as it is."""
    return str(value) if isinstance(value, Decimal) else value
