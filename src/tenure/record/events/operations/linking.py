"""Explicit statements that two identifiers are, or are not, one customer, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.record.events.events import LINKED, OWN_SOURCE, REOPENED, UNLINKED
from tenure.record.events.models import Event, Identifier, LinkStatement
from tenure.record.events.operations.incoming import IncomingEvent, Receipt
from tenure.record.events.operations.recording import record, recorded_id
from tenure.words import TenureError, Words


class UnknownIdentifierError(TenureError):
    """A link names an identifier that no event ever arrived with."""

    def __init__(self, identifier_id: int) -> None:
        super().__init__(
            Words(f"没有编号为 {identifier_id} 的标识", f"there is no identifier {identifier_id}")
        )


class SameIdentifierError(TenureError):
    """A link between an identifier and itself."""

    def __init__(self) -> None:
        super().__init__(
            Words("两侧是同一个标识：请选择两个不同的标识", "both sides are the same identifier")
        )


def link_identifiers(
    left: int,
    right: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
) -> Receipt:
    """State that two identifiers belong to one customer; event and link in one transaction.

    Args:
        left: an identifier's id.
        right: another one's; the order does not matter.
        reason: why, in a person's words; kept in the vault.
        by: who says so.
        at: the recording moment, aware.
        occurred_at: when it was found out, if that was earlier than ``at``.

    Raises:
        UnknownIdentifierError: one of them is not on record.
        SameIdentifierError: they are the same.
    """
    return _state(LINKED.key, left, right, reason=reason, by=by, at=at, occurred_at=occurred_at)


def unlink_identifiers(
    left: int,
    right: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
) -> Receipt:
    """State that two identifiers are not one customer; arguments as :func:`link_identifiers`."""
    return _state(UNLINKED.key, left, right, reason=reason, by=by, at=at, occurred_at=occurred_at)


def reopen_identifiers(left: int, right: int, *, reason: str, by: Actor, at: datetime) -> Receipt:
    """Take back what was said about two identifiers, as if it never had been; arguments as
    :func:`link_identifiers`.
    """
    return _state(REOPENED.key, left, right, reason=reason, by=by, at=at, occurred_at=None)


_SAID = {LINKED.key: True, UNLINKED.key: False, REOPENED.key: None}


def _state(
    kind: str,
    left: int,
    right: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    occurred_at: datetime | None,
) -> Receipt:
    if left == right:
        raise SameIdentifierError
    first, second = sorted((left, right))
    with transaction.atomic():
        known = set(Identifier.objects.filter(id__in=[first, second]).values_list("id", flat=True))
        for identifier_id in (first, second):
            if identifier_id not in known:
                raise UnknownIdentifierError(identifier_id)
        event = IncomingEvent(
            type=kind,
            occurred_at=occurred_at or at,
            fields={"left": first, "right": second, "reason": reason, "by": by.key},
        )
        [receipt] = record([event], source=OWN_SOURCE, by=by, at=at, internal=True, about=first)
        if receipt.status == "accepted":
            _keep_statement(receipt, first, second, linked=_SAID[kind])
    return receipt


def _keep_statement(receipt: Receipt, left: int, right: int, *, linked: bool | None) -> None:
    event = Event.objects.get(id=recorded_id(receipt))
    LinkStatement.objects.create(
        event_id=event.id,
        event_key=event.key,
        left_id=left,
        right_id=right,
        linked=linked,
        occurred_us=event.occurred_us,
        recorded_us=event.recorded_us,
    )
