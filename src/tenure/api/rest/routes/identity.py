"""Who is who through the interface: merging, separating, seeing what either changes, the log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router

from tenure.api.rest.registering import operation
from tenure.api.rest.routes import customers
from tenure.api.rest.shapes.identity import (
    CustomerSeen,
    Done,
    FieldSeen,
    MergeWith,
    Parting,
    Prefer,
    Preview,
    Separate,
    Word,
    Words,
)
from tenure.api.rest.shapes.parts import Limit, Number, PathNumber, Told, number_of
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.derive.customers.operations import merge_customers, unmerge_customers
from tenure.derive.customers.operations.preferring import prefer_value, unprefer_value
from tenure.derive.customers.operations.separating import separate_customer
from tenure.derive.customers.queries.identity_log import WordAsked, WordView, words_said
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.queries import preview
from tenure.derive.lifecycles.queries.preview import merge_preview, separation_preview

router = customers.router  # shared addresses, so a shared router
log = Router(tags=["customers"])
RIGHT = "customer.merge"
Other = Annotated[str, Query(pattern=r"^[0-9]{1,19}$", description="Any identifier of the other")]
Leaving = Annotated[list[Number], Query(min_length=1, max_length=500, alias="identifier")]
Before = Annotated[str | None, Query(pattern=r"^[0-9]{1,19}$", description="`next` of before")]


@operation(router, "POST", "/{customer_id}/merge", right=RIGHT, answer=Done)
def merge(request: HttpRequest, customer_id: PathNumber, body: MergeWith) -> Done:
    """State that two customers are one; can be taken back exactly at any time."""
    viewer, at = viewer_of(request), now()
    left, right = number_of(customer_id), number_of(body.other)
    with transaction.atomic():
        event = merge_customers(left, right, reason=body.reason, by=viewer, at=at)
        transaction.on_commit(follow_log.enqueue)
    return Done(event=str(event), action=None)


@operation(router, "POST", "/{customer_id}/unmerge", right=RIGHT, answer=Done)
def unmerge(request: HttpRequest, customer_id: PathNumber, body: Parting) -> Done:
    """State that two identifiers are not one customer's: both sides are as without the merge."""
    viewer, at = viewer_of(request), now()
    number_of(customer_id)
    left, right = number_of(body.left), number_of(body.right)
    with transaction.atomic():
        event = unmerge_customers(left, right, reason=body.reason, by=viewer, at=at)
        transaction.on_commit(follow_log.enqueue)
    return Done(event=str(event), action=None)


@operation(router, "POST", "/{customer_id}/separate", right=RIGHT, answer=Done)
def separate(request: HttpRequest, customer_id: PathNumber, body: Separate) -> Done:
    """Make some identifiers of a customer another customer."""
    viewer, at = viewer_of(request), now()
    number, leaving = number_of(customer_id), {number_of(one) for one in body.identifiers}
    with transaction.atomic():
        done = separate_customer(number, leaving, reason=body.reason, by=viewer, at=at)
        transaction.on_commit(follow_log.enqueue)
    return Done(event=None, action=done.action_id)


@operation(router, "GET", "/{customer_id}/merge-preview", right=RIGHT, answer=Preview)
def preview_merge(request: HttpRequest, customer_id: PathNumber, other: Other) -> Preview:
    """What merging with another customer would change; nothing is written."""
    viewer = viewer_of(request)
    found = merge_preview(number_of(customer_id), number_of(other), viewer=viewer, at=now())
    return _preview(found)


@operation(router, "GET", "/{customer_id}/separation-preview", right=RIGHT, answer=Preview)
def preview_separation(request: HttpRequest, customer_id: PathNumber, leaving: Leaving) -> Preview:
    """What taking identifiers out of a customer would change; nothing is written."""
    numbers = {number_of(one) for one in leaving}
    viewer = viewer_of(request)
    return _preview(separation_preview(number_of(customer_id), numbers, viewer=viewer, at=now()))


@operation(
    router, "PUT", "/{customer_id}/fields/{key}/preferred", right="customer.edit", answer=Done
)
def prefer(request: HttpRequest, customer_id: PathNumber, key: str, body: Prefer) -> Done:
    """Show the value of this statement, whatever the rule says."""
    viewer, at = viewer_of(request), now()
    with transaction.atomic():
        number = number_of(customer_id)
        event = prefer_value(number, key, number_of(body.event), by=viewer, at=at)
        transaction.on_commit(follow_log.enqueue)
    return Done(event=str(event), action=None)


@operation(
    router, "DELETE", "/{customer_id}/fields/{key}/preferred", right="customer.edit", answer=Done
)
def unprefer(request: HttpRequest, customer_id: PathNumber, key: str) -> Done:
    """Let the rule choose the value again."""
    with transaction.atomic():
        number = number_of(customer_id)
        event = unprefer_value(number, key, by=viewer_of(request), at=now())
        transaction.on_commit(follow_log.enqueue)
    return Done(event=str(event), action=None)


@operation(log, "GET", "", right=RIGHT, answer=Words)
def words(
    request: HttpRequest,
    before: Before = None,
    limit: Limit = 50,
    since: datetime | None = None,
) -> Words:
    """Who said when and why that two identifiers are, or are not, one customer's."""
    asked = WordAsked(since=since if since and since.tzinfo else None)
    start = number_of(before) if before else None
    found, following = words_said(asked, viewer=viewer_of(request), before=start, limit=limit)
    items = [_word(one) for one in found]
    return Words(items=items, next=str(following) if following else None)


def _word(one: WordView) -> Word:
    said = one.said
    kind = "reopened" if said.taken_back else "merged" if said.merged else "apart"
    return Word(
        event=str(said.event_id),
        said=kind,  # type: ignore[arg-type]
        left=str(said.left),
        right=str(said.right),
        by=said.by,
        reason=said.reason,
        at=said.at,
        stands=one.stands,
    )


def _preview(found: preview.Preview) -> Preview:
    return Preview(
        at=found.at,
        before=[_seen(one) for one in found.before],
        after=[_seen(one) for one in found.after],
        doubled=[Told.of(one) for one in found.doubled],
    )


def _seen(one: preview.CustomerSeen) -> CustomerSeen:
    return CustomerSeen(
        id=str(one.customer_id),
        identifiers=[str(number) for number in one.own],
        owner=one.owner_id,
        tags=list(one.tags),
        fields={
            entry.field.key: FieldSeen(
                value=entry.value
                if isinstance(entry.value, str | int | float | bool | None)
                else str(entry.value),
                source=entry.source,
                told_by=str(entry.event_id),
                rule=entry.rule.rule,
                chosen=entry.chosen,
                others=entry.others,
            )
            for entry in one.profile.fields
            if entry.event_id
        },
        stages={key: stage.stage.code for key, stage in one.stages.items()},
        metrics={key: one.metrics.get(key) for key in one.metrics},
        events=one.extent.total,
    )
