"""Reading customers: the list, one of them, whom a value leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from tenure.api.rest.cursors import cursor, place
from tenure.api.rest.customer_shown import customer_shown, line_shown, tag_of
from tenure.api.rest.problems import ProblemError
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.customers import Customer, CustomerPage, Found, Note, Notes, Sought
from tenure.api.rest.shapes.parts import Cursor, Limit, PathNumber, number_of
from tenure.api.rest.tokens import asker, viewer_of
from tenure.clock import now
from tenure.definitions.base import nearest_hint
from tenure.derive.customers.queries import customers_found
from tenure.derive.customers.queries.notes import notes_of
from tenure.derive.lifecycles.queries.roster import customers_from, list_vocabulary
from tenure.derive.lifecycles.queries.roster_asked import DEFAULT_SORT, ListPlace
from tenure.guard.access.queries import account_names
from tenure.guard.audit.operations import note
from tenure.words import Words

router = Router(tags=["customers"])
MOST_FOUND = 20
LONGEST_CONDITION = 2_000


@operation(router, "GET", "", right="customer.view", answer=CustomerPage)
def list_customers(
    request: HttpRequest,
    *,
    where: Annotated[
        str,
        Query(
            max_length=LONGEST_CONDITION,
            description="A condition in Tenure's condition language; empty for everybody",
            examples=["orders >= 2 and days_since_last_order <= 30"],
        ),
    ] = "",
    columns: Annotated[
        str,
        Query(
            max_length=LONGEST_CONDITION,
            description="Metrics and columns whose values are wanted, with commas",
            examples=["orders,days_since_last_order"],
        ),
    ] = "",
    sort: Annotated[
        str,
        Query(
            max_length=100,
            description="A column; with `-` before it the largest first",
            examples=["-last_seen"],
        ),
    ] = DEFAULT_SORT,
    limit: Limit = 50,
    cursor_: Cursor = None,
) -> CustomerPage:
    """Customers for whom a condition holds, of those the token reaches.

    Each page is noted in the audit with its rows, as an export of a list is.
    """
    viewer = viewer_of(request)
    wanted = [key.strip() for key in columns.split(",") if key.strip()]
    _check_columns([*wanted, sort.removeprefix("-")])
    of = ["customers", where, sort]
    begun = place(cursor_, of=of)
    found = customers_from(
        where,
        viewer=viewer,
        columns=wanted,
        sort=sort,
        after=ListPlace(*begun) if begun else None,
        limit=limit,
    )
    if found is None:
        return CustomerPage(items=[], next=None, as_of=None)
    owners = {row.card.owner_id for row in found.rows if row.card.owner_id is not None}
    names = account_names(owners)
    detail = {"rows": len(found.rows), "door": "api"}
    note("customer.exported", by=viewer, at=now(), detail=detail, address=_address(request))
    goes_on = found.next
    return CustomerPage(
        items=[line_shown(row.card, row.values, names) for row in found.rows],
        next=cursor([goes_on.value, goes_on.customer_id] if goes_on else None, of=of),
        as_of=found.at,
    )


@operation(router, "POST", "/find", right="customer.view", answer=Found)
def find_customers(request: HttpRequest, sought: Sought) -> Found:
    """Customers whom an identifier leads to; nobody whom the token does not reach."""
    viewer = viewer_of(request)
    numbers = [
        one.customer_id
        for one in customers_found(sought.value, viewer=viewer)
        if sought.type in (None, one.identifier.type)
    ]
    return Found(
        items=[_seen(request, number) for number in list(dict.fromkeys(numbers))[:MOST_FOUND]]
    )


@operation(router, "GET", "/{customer_id}", right="customer.view", answer=Customer)
def read_customer(
    request: HttpRequest, response: HttpResponse, customer_id: PathNumber
) -> Customer:
    """A customer by any of their numbers: profile, identifiers, stages."""
    shown = _seen(request, number_of(customer_id))
    response.headers["ETag"] = tag_of(shown)
    return shown


@operation(router, "GET", "/{customer_id}/notes", right="customer.view", answer=Notes)
def read_notes(request: HttpRequest, customer_id: PathNumber) -> Notes:
    """The notes of a customer, the newest first."""
    number = number_of(customer_id)
    found = notes_of(number, viewer=viewer_of(request))
    _note_view(request, number, "notes")
    return Notes(
        items=[
            Note(
                id=str(one.id),
                text=None if one.hidden else one.text,
                written_at=one.written_at,
                written_by=one.written_by,
                edited_at=one.edited_at,
            )
            for one in found
        ]
    )


def _check_columns(keys: Sequence[str]) -> None:
    known = list_vocabulary()
    for key in keys:
        if known is not None and key not in known.columns:
            hint = nearest_hint(key, known.columns)
            words = Words(f"没有列 {key}{hint.zh}", f"there is no column {key}{hint.en}")
            raise ProblemError(422, words)


def _seen(request: HttpRequest, number: int) -> Customer:
    shown = customer_shown(number, viewer_of(request))
    _note_view(request, int(shown.id), "")
    return shown


def _note_view(request: HttpRequest, number: int, part: str) -> None:
    note(
        "customer.viewed",
        by=asker(request).actor,
        at=now(),
        about=f"customer:{number}",
        detail={"part": part} if part else {},
        address=_address(request),
    )


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
