"""Adding endpoints, changing them, switching them on and off, removing them."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations.addresses import checked_url, shown
from tenure.act.webhooks.operations.choosing import (
    check_groups,
    checked_days,
    checked_name,
    checked_types,
)
from tenure.act.webhooks.operations.cleaning import note_disclosed
from tenure.act.webhooks.operations.finding import locked
from tenure.act.webhooks.operations.secret import HOLDER, forget_secrets, keep_first_secret
from tenure.act.webhooks.queries.managing import managing
from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.guard.audit.operations import note
from tenure.record.events.queries import last_event_id
from tenure.record.vault.operations import Secret, store

USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class AddedEndpoint:
    """A new endpoint; ``secret`` is shown this once."""

    endpoint_id: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint shall be; what is ``None`` stays as it is.

    Attributes:
        name: for people.
        url: where to.
        every_type: told of all event types, those yet to be defined included.
        types: told of these.
        reads: field groups whose personal values it is told.
        keep_days: how long its deliveries are kept in the log of deliveries.
    """

    name: str | None = None
    url: str | None = None
    every_type: bool | None = None
    types: Collection[str] | None = None
    reads: Collection[str] | None = None
    keep_days: int | None = None


@transaction.atomic
def add_endpoint(wanted: Wanted, *, by: Actor, at: datetime) -> AddedEndpoint:
    """Tell another system of events recorded from now on.

    The log is not read: the endpoint begins at its end.

    Args:
        wanted: name, address and types are required.
        by: who adds it.
        at: when, aware.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: something of it cannot be so.
        AddressError: webhooks do not go to that address.
    """
    rights = managing(by)
    url = checked_url(wanted.url or "")
    reads = check_groups(wanted.reads or (), rights)
    every = bool(wanted.every_type)
    row = Endpoint.objects.create(
        token=secrets.token_hex(16),
        name=checked_name(wanted.name or ""),
        address=shown(url),
        every_type=every,
        types=checked_types(wanted.types or (), every=every),
        reads=reads,
        reads_by=by.key if reads else "",
        keep_days=checked_days(USUAL_DAYS if wanted.keep_days is None else wanted.keep_days),
        cursor=last_event_id(),
        created_us=to_microseconds(at),
        created_by=by.key,
    )
    store([Secret(HOLDER, row.id, "url", None, url)])
    made = keep_first_secret(row.id)
    _note("webhook.added", row, by=by, at=at, reads=reads)
    return AddedEndpoint(row.id, made)


@transaction.atomic
def change_endpoint(endpoint_id: int, wanted: Wanted, *, by: Actor, at: datetime) -> None:
    """Change what is given in ``wanted``.

    Whoever lets an endpoint be told more (another address, further types or fields) answers for
    all that it reads: they must read it themselves. Deliveries on their way follow: what the
    endpoint no longer chooses is not sent any more.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: there is no such endpoint, or something of it cannot be so.
        AddressError: webhooks do not go to that address.
    """
    rights = managing(by)
    row = locked(endpoint_id)
    before = (row.every_type, frozenset(row.types), frozenset(row.reads))
    if wanted.name is not None:
        row.name = checked_name(wanted.name)
    if wanted.keep_days is not None:
        row.keep_days = checked_days(wanted.keep_days)
    every = row.every_type if wanted.every_type is None else wanted.every_type
    if wanted.types is not None or wanted.every_type is not None:
        given = row.types if wanted.types is None else wanted.types
        row.types, row.every_type = checked_types(given, every=every, known=row.types), every
    if wanted.reads is not None:
        row.reads = check_groups(wanted.reads, None)
    if wanted.url is not None:
        url = checked_url(wanted.url)
        row.address = shown(url)
        store([Secret(HOLDER, row.id, "url", None, url)])
    if wanted.url is not None or _is_wider(row, *before):
        row.reads = check_groups(row.reads, rights)
        row.reads_by = by.key if row.reads else ""
    row.save(
        update_fields=[
            "name", "keep_days", "types", "every_type", "reads", "reads_by", "address"
        ]
    )  # fmt: skip
    moved = {"moved": True} if wanted.url is not None else {}
    _note("webhook.changed", row, by=by, at=at, reads=row.reads, **moved)


@transaction.atomic
def switch_endpoint_off(endpoint_id: int, *, by: Actor, at: datetime) -> None:
    """Tell an endpoint nothing for now; what happens meanwhile waits in the log.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: there is no such endpoint.
    """
    managing(by)
    row = locked(endpoint_id)
    if row.off_us is None:
        row.off_us, row.off_reason = to_microseconds(at), Endpoint.Off.PERSON
        row.save(update_fields=["off_us", "off_reason"])
        _note("webhook.switched_off", row, by=by, at=at)


@transaction.atomic
def switch_endpoint_on(endpoint_id: int, *, skip: bool = False, by: Actor, at: datetime) -> None:
    """Tell an endpoint of events again.

    Args:
        endpoint_id: which.
        skip: leave out what waits and what happened meanwhile; otherwise it is told now.
        by: who switches it on.
        at: when, aware.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: there is no such endpoint.
    """
    managing(by)
    row = locked(endpoint_id)
    if row.off_us is None:
        return
    now_us = to_microseconds(at)
    waiting = Delivery.objects.filter(endpoint=row, status=Delivery.Status.PENDING)
    if skip:
        row.cursor = last_event_id()
        waiting.update(status=Delivery.Status.SKIPPED)
    else:
        waiting.update(due_us=now_us, tries=0)
    row.off_us, row.off_reason, row.failing_us, row.held_us = None, "", None, 0
    row.save(update_fields=["cursor", "off_us", "off_reason", "failing_us", "held_us"])
    _note("webhook.switched_on", row, by=by, at=at, skipped=skip)


@transaction.atomic
def remove_endpoint(endpoint_id: int, *, by: Actor, at: datetime) -> None:
    """Forget an endpoint with its secrets and its deliveries.

    Raises:
        ForbiddenError: they may not manage webhooks.
        WebhookError: there is no such endpoint.
    """
    managing(by)
    row = locked(endpoint_id)
    forget_secrets(row.id)
    note_disclosed(row, at=at)
    _note("webhook.removed", row, by=by, at=at)
    row.delete()


def _is_wider(row: Endpoint, every: bool, types: frozenset[str], reads: frozenset[str]) -> bool:
    """Whether the endpoint is told more than it was."""
    more_types = not every and (row.every_type or not frozenset(row.types) <= types)
    return more_types or not frozenset(row.reads) <= reads


def _note(action: str, row: Endpoint, *, by: Actor, at: datetime, **said: object) -> None:
    detail = {"name": row.name, "address": row.address, **said}
    note(action, by=by, at=at, about=f"webhook:{row.id}", detail=detail)
