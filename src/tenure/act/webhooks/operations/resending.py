"""Sending again what somebody asks for, and tests."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations.finding import WebhookError, locked
from tenure.act.webhooks.operations.routing import message_id
from tenure.act.webhooks.queries.managing import managing
from tenure.act.webhooks.queries.payload import TEST_TYPE
from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.guard.audit.operations import note
from tenure.words import Words


@transaction.atomic
def send_test(endpoint_id: int, *, by: Actor, at: datetime) -> int:
    """Send a test to an endpoint, once; the number of its delivery.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: there is no such endpoint, or it is switched off.
    """
    managing(by)
    row = _switched_on(endpoint_id)
    now_us = to_microseconds(at)
    made = Delivery.objects.create(
        endpoint=row,
        type=TEST_TYPE,
        message_id=message_id(row.token, f"test:{secrets.token_hex(16)}"),
        due_us=now_us,
        created_us=now_us,
    )
    note("webhook.tested", by=by, at=at, about=f"webhook:{row.id}", detail={"name": row.name})
    return made.id


@transaction.atomic
def send_again(endpoint_id: int, *, delivery_id: int | None = None, by: Actor, at: datetime) -> int:
    """Send a delivery again under the id it has, or all that failed; how many.

    Args:
        endpoint_id: of which endpoint.
        delivery_id: which one, whatever became of it; all that failed where it is ``None``.
        by: who asks for it.
        at: when, aware.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: there is no such endpoint or delivery, or the endpoint is switched off.
    """
    managing(by)
    row = _switched_on(endpoint_id)
    wanted = Delivery.objects.filter(endpoint=row)
    if delivery_id is None:
        wanted = wanted.filter(status=Delivery.Status.FAILED)
    else:
        wanted = wanted.filter(id=delivery_id)
    pending = Delivery.Status.PENDING
    count = wanted.update(status=pending, tries=0, due_us=to_microseconds(at))
    if not count and delivery_id is not None:
        raise WebhookError(
            Words(zh=f"没有投递 {delivery_id}", en=f"there is no delivery {delivery_id}")
        )
    said = {"name": row.name, "deliveries": count}
    note("webhook.resent", by=by, at=at, about=f"webhook:{row.id}", detail=said)
    return count


def _switched_on(endpoint_id: int) -> Endpoint:
    row = locked(endpoint_id)
    if row.off_us is not None:
        raise WebhookError(
            Words(zh="这个推送地址已停用，请先启用它", en="the endpoint is off; switch it on first")
        )
    return row
