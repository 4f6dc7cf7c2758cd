"""Writing down what somebody says about one customer: the event, and its note in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.queries.identity import customer_of
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.guard.audit.operations import note
from tenure.record.events.operations import IncomingEvent, record_about
from tenure.words import TenureError


class StatementError(TenureError):
    """What was said about a customer cannot be recorded; says why."""


def state(
    customer_id: int,
    kind: str,
    fields: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
    told: Mapping[str, object] | None = None,
) -> int:
    """Record an event about a customer whom ``by`` may edit.

    Args:
        customer_id: any identifier of the customer.
        kind: event type.
        fields: of the event.
        by: who says so.
        at: the recording moment, aware.
        occurred_at: when it became so; ``at`` when ``None``.
        told: what the audit notes besides; never a personal value.

    Returns:
        The number of the event.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: the log refuses it.
    """
    demand_customer(customer_id, viewer=by, right="customer.edit")
    number = customer_of(customer_id)
    event = IncomingEvent(type=kind, occurred_at=occurred_at or at, fields=dict(fields))
    with transaction.atomic():
        receipt = record_about(number, event, by=by, at=at)
        if receipt.event_id is None:
            raise StatementError(receipt.reasons[0])
        if receipt.status == "accepted":
            note(kind, by=by, at=at, about=f"customer:{number}", detail=told)
    return receipt.event_id
