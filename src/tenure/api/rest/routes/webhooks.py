"""Webhooks out: endpoints, their secrets and their delivery logs."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from tenure.act.webhooks.operations import (
    Wanted,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    rotate_secret,
    send_again,
    send_test,
    switch_endpoint_off,
    switch_endpoint_on,
)
from tenure.act.webhooks.queries import (
    RIGHT,
    STATUSES,
    DeliveryView,
    EndpointView,
    deliveries,
    delivery,
    endpoint,
    endpoints,
)
from tenure.actor import Actor
from tenure.api.rest.cursors import cursor, place
from tenure.api.rest.problems import NotFoundError, ProblemError
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.parts import NO_ZERO, Cursor, Limit, number_of
from tenure.api.rest.shapes.webhooks import (
    AddedWebhook,
    Delivery,
    DeliveryCounts,
    DeliveryPage,
    NewSecret,
    NewWebhook,
    Resend,
    Resent,
    Rotation,
    Webhook,
    WebhookChange,
    Webhooks,
)
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.words import Words

router = Router(tags=["webhooks"])
Id = Annotated[int, Path(ge=1, le=2**31)]


@operation(router, "GET", "", right=RIGHT, answer=Webhooks)
def list_webhooks(request: HttpRequest) -> Webhooks:
    """All endpoints and how they do."""
    found = endpoints(viewer_of(request), at=now())
    return Webhooks(items=[_shown(one) for one in found])


@operation(router, "POST", "", right=RIGHT, answer=AddedWebhook, status=201)
def add_webhook(request: HttpRequest, body: NewWebhook) -> Status[AddedWebhook]:
    """Add an endpoint: it is told of events recorded from now on."""
    viewer, at = viewer_of(request), now()
    wanted = Wanted(**body.model_dump())
    with transaction.atomic():
        added = add_endpoint(wanted, by=viewer, at=at)
        shown = _shown(_found(added.endpoint_id, viewer))
    return Status(201, AddedWebhook(webhook=shown, secret=added.secret))


@operation(router, "GET", "/{webhook_id}", right=RIGHT, answer=Webhook)
def read_webhook(request: HttpRequest, webhook_id: Id) -> Webhook:
    """One endpoint."""
    return _shown(_found(webhook_id, viewer_of(request)))


@operation(router, "PATCH", "/{webhook_id}", right=RIGHT, answer=Webhook)
def change_webhook(request: HttpRequest, webhook_id: Id, body: WebhookChange) -> Webhook:
    """Change an endpoint, or switch it on or off."""
    viewer, at = viewer_of(request), now()
    _found(webhook_id, viewer)
    wanted = Wanted(**body.model_dump(exclude={"on", "skip"}))
    with transaction.atomic():
        if wanted != Wanted():
            change_endpoint(webhook_id, wanted, by=viewer, at=at)
        if body.on is True:
            switch_endpoint_on(webhook_id, skip=body.skip, by=viewer, at=at)
        elif body.on is False:
            switch_endpoint_off(webhook_id, by=viewer, at=at)
    return _shown(_found(webhook_id, viewer))


@operation(router, "DELETE", "/{webhook_id}", right=RIGHT, answer=Webhook)
def remove_webhook(request: HttpRequest, webhook_id: Id) -> Webhook:
    """Remove an endpoint with its deliveries; the answer is what it was."""
    viewer, at = viewer_of(request), now()
    shown = _shown(_found(webhook_id, viewer))
    remove_endpoint(webhook_id, by=viewer, at=at)
    return shown


@operation(router, "POST", "/{webhook_id}/rotate", right=RIGHT, answer=NewSecret)
def rotate(request: HttpRequest, webhook_id: Id, body: Rotation) -> NewSecret:
    """Make a new signing secret; the old one signs as well until the overlap ends."""
    viewer, at = viewer_of(request), now()
    _found(webhook_id, viewer)
    overlap = timedelta(seconds=body.overlap_seconds)
    return NewSecret(secret=rotate_secret(webhook_id, overlap=overlap, by=viewer, at=at))


@operation(router, "GET", "/{webhook_id}/deliveries", right=RIGHT, answer=DeliveryPage)
def list_deliveries(
    request: HttpRequest,
    *,
    webhook_id: Id,
    status: Annotated[
        str, Query(max_length=20, description="Only of this status; all when empty")
    ] = "",
    type_: Annotated[
        str,
        Query(alias="type", max_length=100, pattern=NO_ZERO, description="Only of this event type"),
    ] = "",
    limit: Limit = 50,
    cursor_: Cursor = None,
) -> DeliveryPage:
    """The delivery log, newest first."""
    viewer = viewer_of(request)
    _found(webhook_id, viewer)
    if status and status not in STATUSES:
        known = ", ".join(STATUSES)
        raise ProblemError(422, Words(f"status 应为 {known} 之一", f"status is one of {known}"))
    of = ["deliveries", webhook_id, status, type_]
    begun = place(cursor_, of=of)
    found = deliveries(
        webhook_id,
        viewer,
        status=status,
        type_=type_,
        before=begun[0] if begun else None,
        limit=limit,
        with_answers=True,
    )
    return DeliveryPage(
        items=[_delivery(one) for one in found.deliveries],
        next=cursor(None if found.older is None else [found.older], of=of),
    )


@operation(router, "POST", "/{webhook_id}/test", right=RIGHT, answer=Delivery, status=202)
def test(request: HttpRequest, webhook_id: Id) -> Status[Delivery]:
    """Send a test; its delivery tells what became of it."""
    viewer, at = viewer_of(request), now()
    _found(webhook_id, viewer)
    with transaction.atomic():
        made = delivery(webhook_id, send_test(webhook_id, by=viewer, at=at), viewer)
    assert made is not None
    return Status(202, _delivery(made))


@operation(router, "POST", "/{webhook_id}/resend", right=RIGHT, answer=Resent, status=202)
def resend(request: HttpRequest, webhook_id: Id, body: Resend) -> Status[Resent]:
    """Send a delivery again under the id it has, or all that failed."""
    viewer, at = viewer_of(request), now()
    _found(webhook_id, viewer)
    chosen = None if body.delivery is None else number_of(body.delivery)
    count = send_again(webhook_id, delivery_id=chosen, by=viewer, at=at)
    return Status(202, Resent(deliveries=count))


def _found(number: int, viewer: Actor) -> EndpointView:
    found = endpoint(number, viewer, at=now())
    if found is None:
        raise NotFoundError
    return found


def _shown(one: EndpointView) -> Webhook:
    counts = one.counts
    return Webhook(
        id=one.id,
        name=one.name,
        address=one.address,
        every_type=one.every_type,
        types=list(one.types),
        reads=list(one.reads),
        keep_days=one.keep_days,
        state=one.state,
        off_at=one.off_at,
        failing_at=one.failing_at,
        held_until=one.held_until,
        old_secret_until=one.old_secret_until,
        created_at=one.created_at,
        last_at=one.last_at,
        counts=DeliveryCounts(
            pending=counts.pending,
            delivered=counts.delivered,
            failed=counts.failed,
            skipped=counts.skipped,
        ),
    )


def _delivery(one: DeliveryView) -> Delivery:
    return Delivery(
        id=str(one.id),
        event=None if one.event_id is None else str(one.event_id),
        type=one.type,
        message_id=one.message_id,
        status=one.status,
        attempts=one.attempts,
        created_at=one.created_at,
        attempted_at=one.attempted_at,
        due_at=one.due_at,
        code=one.code,
        problem=one.problem,
        millis=one.millis,
        answer=one.answer,
    )
