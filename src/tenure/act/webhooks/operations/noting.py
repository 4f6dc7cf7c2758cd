"""What an attempt came to: for its delivery, and for how its endpoint does."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations.posting import Answer
from tenure.act.webhooks.operations.retrying import FAILING_LONGEST, asked_to_wait, next_attempt
from tenure.act.webhooks.queries.answers import ANSWER_FIELD, ANSWER_HOLDER
from tenure.actor import SYSTEM
from tenure.clock import MICROSECOND, to_microseconds
from tenure.guard.audit.operations import note
from tenure.record.vault.operations import Secret, discard, store

_log = logging.getLogger("tenure.webhooks")
_GONE, _BUSY = 410, frozenset({429, 503})


@transaction.atomic
def note_attempt(delivery: Delivery, answer: Answer, *, told: list[str], at: datetime) -> None:
    """Write down what an attempt came to, when to try again, and whether to go on at all.

    Args:
        delivery: as it was claimed.
        answer: what came.
        told: groups of the personal values that were sent.
        at: when it ended, aware.
    """
    endpoint = Endpoint.objects.select_for_update().filter(id=delivery.endpoint_id).first()
    if endpoint is None:
        return
    good = answer.code is not None and 200 <= answer.code < 300
    wait = asked_to_wait(answer.retry_after, at=at) if answer.code in _BUSY else None
    outcome = {"status": Delivery.Status.DELIVERED} if good else _again(delivery, wait, at=at)
    held(delivery).update(
        attempts=F("attempts") + 1,
        tries=delivery.tries + 1,
        attempted_us=to_microseconds(at),
        code=answer.code,
        problem=answer.problem,
        millis=answer.millis,
        told=told,
        **outcome,
    )
    _keep_answer(delivery, answer.text)
    if good:
        endpoint.failing_us = None
    elif delivery.event_id is not None:
        _note_failure(endpoint, answer, wait, at=at)
    endpoint.disclosed += bool(told)
    endpoint.last_us = to_microseconds(at)
    endpoint.save(
        update_fields=["failing_us", "held_us", "off_us", "off_reason", "disclosed", "last_us"]
    )


def held(delivery: Delivery) -> QuerySet[Delivery]:
    """The delivery while whoever claimed it still has it."""
    return Delivery.objects.filter(
        id=delivery.id, status=Delivery.Status.PENDING, due_us=delivery.due_us
    )


def _again(delivery: Delivery, wait: datetime | None, *, at: datetime) -> dict[str, object]:
    """When it is sent again, or that it has failed; a test is sent once."""
    again = next_attempt(delivery.tries + 1, at=at, not_before=wait)
    if again is None or delivery.event_id is None:
        return {"status": Delivery.Status.FAILED}
    return {"due_us": to_microseconds(again)}


def _keep_answer(delivery: Delivery, text: str) -> None:
    if text:
        subject = delivery.subject_id
        store([Secret(ANSWER_HOLDER, delivery.id, ANSWER_FIELD, subject, text)])
    else:
        discard(ANSWER_HOLDER, [delivery.id])


def _note_failure(
    endpoint: Endpoint, answer: Answer, wait: datetime | None, *, at: datetime
) -> None:
    """Since when it fails, how long it asks to be left alone, and whether it is given up."""
    now_us = to_microseconds(at)
    endpoint.failing_us = endpoint.failing_us or now_us
    if wait is not None:
        endpoint.held_us = max(endpoint.held_us, to_microseconds(wait))
    if answer.code == _GONE:
        _switch_off(endpoint, Endpoint.Off.GONE, at=at)
    elif (now_us - endpoint.failing_us) * MICROSECOND >= FAILING_LONGEST:
        _switch_off(endpoint, Endpoint.Off.FAILING, at=at)


def _switch_off(endpoint: Endpoint, reason: str, *, at: datetime) -> None:
    if endpoint.off_us is not None:
        return
    endpoint.off_us, endpoint.off_reason = to_microseconds(at), reason
    said = {"name": endpoint.name, "address": endpoint.address, "reason": str(reason)}
    note("webhook.switched_off", by=SYSTEM, at=at, about=f"webhook:{endpoint.id}", detail=said)
    _log.warning("endpoint %d is switched off: %s", endpoint.id, reason)
