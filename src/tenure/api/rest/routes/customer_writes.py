"""Writing about customers: upsert, profile, tags, owner, notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Status

from tenure.actor import Actor
from tenure.api.rest.customer_shown import customer_shown, tag_of
from tenure.api.rest.door import demand_match
from tenure.api.rest.registering import operation
from tenure.api.rest.routes import customers
from tenure.api.rest.shapes.customers import (
    Customer,
    Edit,
    Note,
    NoteText,
    Owner,
    OwnerSet,
    Tags,
    Upsert,
)
from tenure.api.rest.shapes.parts import PathNumber, number_of
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.derive.customers.operations import (
    assign_customers,
    tag_customers,
    untag_customers,
)
from tenure.derive.customers.operations.noting import write_note
from tenure.derive.customers.operations.receiving import set_fields, upsert_customer
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.derive.lifecycles.jobs import follow_log
from tenure.guard.access.queries import account_names
from tenure.record.events.operations.writing import lock_log

SOURCE = "api"
router = customers.router  # reads and writes share addresses, so they share a router
Given = str | int | float | bool | None


@operation(router, "PUT", "", right="customer.edit", answer=Customer)
def put_customer(request: HttpRequest, response: HttpResponse, body: Upsert) -> Customer:
    """Put a customer with these identifiers on record, or change the one who has them.

    New customers need the right to edit all customers; identifiers of two customers make them
    one, which needs the right to merge both.
    """
    viewer, at = viewer_of(request), now()
    identifiers = {
        kind: values if isinstance(values, str) else tuple(values)
        for kind, values in body.identifiers.items()
    }
    done = upsert_customer(identifiers, _texts(body.profile), source=SOURCE, by=viewer, at=at)
    if done.changed:
        transaction.on_commit(follow_log.enqueue)
    return _shown(response, done.customer_id, viewer)


@operation(router, "PATCH", "/{customer_id}", right="customer.edit", answer=Customer)
def edit_customer(
    request: HttpRequest,
    response: HttpResponse,
    customer_id: PathNumber,
    body: Edit,
) -> Customer:
    """Change fields of the profile; with `If-Match` only if nothing changed since it was read."""
    number, viewer, at = number_of(customer_id), viewer_of(request), now()

    def act() -> None:
        if set_fields(number, _texts(body.profile), by=viewer, at=at):
            transaction.on_commit(follow_log.enqueue)

    return _written(request, response, number, "customer.edit", act)


@operation(router, "POST", "/{customer_id}/tags", right="customer.edit", answer=Customer)
def tag_customer(
    request: HttpRequest,
    response: HttpResponse,
    customer_id: PathNumber,
    body: Tags,
) -> Customer:
    """Put tags on a customer, and take others off."""
    number, viewer, at = number_of(customer_id), viewer_of(request), now()

    def act() -> None:
        for tag in body.add:
            tag_customers([number], tag, by=viewer, at=at)
        for tag in body.remove:
            untag_customers([number], tag, by=viewer, at=at)

    return _written(request, response, number, "customer.edit", act)


@operation(router, "PUT", "/{customer_id}/owner", right="customer.assign", answer=Customer)
def assign_customer(
    request: HttpRequest,
    response: HttpResponse,
    customer_id: PathNumber,
    body: OwnerSet,
) -> Customer:
    """Make an account the owner of a customer, or nobody; the answer shows them as they were
    left, also where that puts them out of the token's reach.
    """
    number, viewer, at = number_of(customer_id), viewer_of(request), now()
    with transaction.atomic():
        demand_customer(number, viewer=viewer, right="customer.assign")
        lock_log()
        before = customer_shown(number, viewer)
        demand_match(request, tag_of(before))
        assign_customers([int(before.id)], body.account, by=viewer, at=at)
    after = before.model_copy(update={"owner": _owner_of(body)})
    response.headers["ETag"] = tag_of(after)
    return after


@operation(router, "POST", "/{customer_id}/notes", right="customer.edit", answer=Note, status=201)
def add_note(request: HttpRequest, customer_id: PathNumber, body: NoteText) -> Status[Note]:
    """Keep a note with a customer."""
    viewer, at = viewer_of(request), now()
    number = write_note(number_of(customer_id), body.text, by=viewer, at=at)
    made = Note(
        id=str(number),
        text=body.text.strip(),
        written_at=at,
        written_by=viewer.key,
        edited_at=None,
    )
    return Status(201, made)


def _owner_of(body: OwnerSet) -> Owner | None:
    if body.account is None:
        return None
    return Owner(account=body.account, name=account_names([body.account]).get(body.account, ""))


def _written(
    request: HttpRequest, response: HttpResponse, number: int, right: str, act: Callable[[], None]
) -> Customer:
    """The customer after an act, which happens only to the state the client has read."""
    viewer = viewer_of(request)
    with transaction.atomic():
        demand_customer(number, viewer=viewer, right=right)
        lock_log()
        if "If-Match" in request.headers:
            demand_match(request, tag_of(customer_shown(number, viewer)))
        act()
    return _shown(response, number, viewer)


def _shown(response: HttpResponse, number: int, viewer: Actor) -> Customer:
    shown = customer_shown(number, viewer)
    response.headers["ETag"] = tag_of(shown)
    return shown


def _texts(profile: Mapping[str, Given]) -> dict[str, str | None]:
    """Values as operations read them: as people type them."""
    return {key: _text(value) for key, value in profile.items()}


def _text(value: Given) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
