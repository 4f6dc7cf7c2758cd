"""Choosing by hand which of several values of a profile field is shown."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.operations.profiling_records import StatementError
from tenure.derive.customers.operations.stating import need_types
from tenure.derive.customers.queries.identity import customer_of
from tenure.derive.customers.queries.profile import FieldStory, field_story
from tenure.derive.customers.queries.profile_log import (
    PREFERRED,
    PROFILE_TYPES,
    UNPREFERRED,
    CustomerLog,
    customer_log,
    moment_after,
)
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.guard.audit.operations import note
from tenure.record.events.events import OWN_SOURCE
from tenure.record.events.operations import IncomingEvent, record_about
from tenure.record.events.operations.writing import lock_log
from tenure.words import Words


def prefer_value(customer_id: int, key: str, told_by: int, *, by: Actor, at: datetime) -> int:
    """Show the value of this statement, whatever the rule says, until a person writes another.

    The word stays with the identifier the statement was about, so that a separation takes it
    along with the value.

    Args:
        customer_id: any identifier of the customer.
        key: of the field.
        told_by: number of the event that told the value.
        by: who decides.
        at: the moment, aware.

    Returns:
        The number of the event.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: no such value stands.
    """
    demand_customer(customer_id, viewer=by, right="customer.edit")
    need_types(PREFERRED)
    with transaction.atomic():
        lock_log()
        log = customer_log(customer_id, types=PROFILE_TYPES)
        _need_standing(field_story(customer_id, key, viewer=by), told_by)
        about = next(event.identifier_id for event in log.events if event.id == told_by)
        fields = {"profile_field": key, "told_by": told_by}
        return _state(log, about or customer_id, PREFERRED, fields, by=by, at=at)


def unprefer_value(customer_id: int, key: str, *, by: Actor, at: datetime) -> int:
    """Let the rule choose the value of a field again; arguments as :func:`prefer_value`.

    Returns:
        The number of the last event; every identifier a value was preferred with gets one.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        StatementError: nobody preferred a value.
    """
    demand_customer(customer_id, viewer=by, right="customer.edit")
    need_types(UNPREFERRED)
    with transaction.atomic():
        lock_log()
        log = customer_log(customer_id, types=PROFILE_TYPES)
        pins = [one for one in log.of(PREFERRED) if one.properties.get("profile_field") == key]
        about = sorted({one.identifier_id for one in pins if one.identifier_id is not None})
        if not about:
            raise StatementError(
                Words("没有人指定过这个字段的值", "nobody preferred a value of this field")
            )
        numbers = [
            _state(log, one, UNPREFERRED, {"profile_field": key}, by=by, at=at) for one in about
        ]
        return numbers[-1]


def _state(
    log: CustomerLog,
    about: int,
    kind: str,
    fields: dict[str, object],
    *,
    by: Actor,
    at: datetime,
) -> int:
    moment = moment_after(log.events, OWN_SOURCE, at)
    receipt = record_about(about, IncomingEvent(kind, moment, {}, fields), by=by, at=at)
    if receipt.event_id is None:
        raise StatementError(receipt.reasons[0])
    note(kind, by=by, at=at, about=f"customer:{customer_of(about)}", detail=dict(fields))
    return receipt.event_id


def _need_standing(story: FieldStory, told_by: int) -> None:
    if not any(one.stands and one.entry.event_id == told_by for one in story.told):
        raise StatementError(
            Words(
                "这个值已不在：字段后来被清空，或来自已撤销的导入",
                "this value no longer stands: the field was emptied since, or its import undone",
            )
        )
