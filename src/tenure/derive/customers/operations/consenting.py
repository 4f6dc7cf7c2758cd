"""Recording that a customer agreed to something, or took that back."""

from __future__ import annotations

from datetime import date, datetime

from tenure.actor import Actor
from tenure.derive.customers.operations.profiling_records import StatementError, state
from tenure.derive.customers.queries.consents import GIVEN, WITHDRAWN
from tenure.words import Words


def give_consent(
    customer_id: int,
    purpose: str,
    *,
    channel: str = "",
    expires_on: date | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Record a consent that a customer gave.

    Args:
        customer_id: any identifier of the customer.
        purpose: what it is about, such as ``marketing``.
        channel: by which means; blank: every one.
        expires_on: the last day it holds; ``None``: until it is withdrawn.
        by: who records it.
        at: the moment, aware.

    Returns:
        The number of the event.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: no purpose is named, or the end is past.
    """
    if expires_on is not None and expires_on < at.date():
        raise StatementError(Words("有效期已经过去", "the last day it would hold is past"))
    fields = _about(purpose, channel)
    if expires_on is not None:
        fields["expires_on"] = expires_on.isoformat()
    return state(customer_id, GIVEN, fields, by=by, at=at, told=fields)


def withdraw_consent(
    customer_id: int,
    purpose: str,
    *,
    channel: str = "",
    reason: str = "",
    by: Actor,
    at: datetime,
) -> int:
    """Record that a customer took a consent back; as :func:`give_consent`.

    Args:
        customer_id: any identifier of the customer.
        purpose: of the consent.
        channel: only of this channel; blank: the purpose as a whole.
        reason: in a person's words; kept in the vault.
        by: who records it.
        at: the moment, aware.
    """
    told = _about(purpose, channel)
    fields = {**told, "reason": reason.strip()} if reason.strip() else told
    return state(customer_id, WITHDRAWN, fields, by=by, at=at, told=told)


def _about(purpose: str, channel: str) -> dict[str, object]:
    if not purpose.strip():
        raise StatementError(Words("请写明用途", "name the purpose"))
    fields: dict[str, object] = {"purpose": purpose.strip()[:100]}
    if channel.strip():
        fields["channel"] = channel.strip()[:100]
    return fields
