"""Recording where a customer came from, by whoever met them: a fair, a store, a friend's word."""

from __future__ import annotations

from datetime import date, datetime, time

from tenure.actor import Actor
from tenure.derive.customers.operations.profiling_records import StatementError, state
from tenure.record.events.queries import basis
from tenure.record.sources.translating.touches import touch_fields
from tenure.words import Words

TOUCHED = "touch.recorded"


def record_touch(
    customer_id: int,
    channel: str,
    *,
    campaign: str = "",
    referred_by: str = "",
    on: date | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Record a touch that no address tells.

    Args:
        customer_id: any identifier of the customer.
        channel: how they came, such as ``exhibition``.
        campaign: for what; blank where it was for nothing in particular.
        referred_by: number of the customer or colleague who sent them.
        on: the day, in the organisation's zone; now when ``None``.
        by: who records it.
        at: the moment, aware.

    Returns:
        The number of the event.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: no channel is named, or the day is to come.
    """
    if not channel.strip():
        raise StatementError(Words("请选择从哪里来", "say where they came from"))
    when = at if on is None else datetime.combine(on, time(12), basis().zone)
    if on is not None and on > at.astimezone(basis().zone).date():
        raise StatementError(Words("这一天还没有到", "this day is to come"))
    fields = touch_fields({"ref": referred_by}, channel=channel, campaign=campaign)
    occurred = min(when, at)
    return state(customer_id, TOUCHED, fields, by=by, at=at, occurred_at=occurred)
