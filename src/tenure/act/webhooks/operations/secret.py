"""Signing secrets: shown once, kept sealed in the vault, changed with an overlap."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations.finding import WebhookError, locked
from tenure.act.webhooks.operations.signing import new_secret
from tenure.act.webhooks.queries.answers import ANSWER_HOLDER
from tenure.act.webhooks.queries.managing import managing
from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.guard.audit.operations import note
from tenure.record.vault.operations import Secret, discard, store
from tenure.record.vault.queries import reveal
from tenure.words import Words

HOLDER = "webhook"
_NOW, _BEFORE = "secret", "old_secret"
LONGEST_OVERLAP = timedelta(days=30)
_SLICE = 900


@transaction.atomic
def rotate_secret(endpoint_id: int, *, overlap: timedelta, by: Actor, at: datetime) -> str:
    """A new signing secret, shown this once; until the overlap ends the old one signs as well.

    Args:
        endpoint_id: whose.
        overlap: zero to a month; the receiver has so long to learn the new one.
        by: who changes it.
        at: when, aware.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: there is no such endpoint, or the overlap is too long or negative.
    """
    managing(by)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise WebhookError(
            Words(zh="新旧密钥并用的时间为 0 到 30 天", en="both secrets sign for 0 to 30 days")
        )
    row = locked(endpoint_id)
    made, held = new_secret(), reveal(HOLDER, [row.id])[row.id]
    store(
        [
            Secret(HOLDER, row.id, _BEFORE, None, held[_NOW]),
            Secret(HOLDER, row.id, _NOW, None, made),
        ]
    )
    row.old_secret_until_us = to_microseconds(at + overlap)
    row.save(update_fields=["old_secret_until_us"])
    said = {"name": row.name, "overlap_hours": overlap.total_seconds() / 3600}
    note("webhook.secret_rotated", by=by, at=at, about=f"webhook:{row.id}", detail=said)
    return made


def keep_first_secret(endpoint_id: int) -> str:
    """The secret of an endpoint just made, in its transaction."""
    made = new_secret()
    store([Secret(HOLDER, endpoint_id, _NOW, None, made)])
    return made


def address_and_secrets(endpoint: Endpoint, *, at: datetime) -> tuple[str, list[str]]:
    """Where an endpoint is and the secrets that sign now (aware ``at``), the newest first."""
    held = reveal(HOLDER, [endpoint.id])[endpoint.id]
    until = endpoint.old_secret_until_us
    both = until is not None and to_microseconds(at) < until
    return held["url"], [held[_NOW], *([held[_BEFORE]] if both else [])]


def forget_secrets(endpoint_id: int) -> None:
    """Empty the vault of all that it holds of an endpoint and its deliveries."""
    discard(HOLDER, [endpoint_id])
    numbers = list(Delivery.objects.filter(endpoint_id=endpoint_id).values_list("id", flat=True))
    for start in range(0, len(numbers), _SLICE):
        discard(ANSWER_HOLDER, numbers[start : start + _SLICE])
