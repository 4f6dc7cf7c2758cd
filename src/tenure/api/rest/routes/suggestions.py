"""Who may be one customer: looking at suggestions and deciding them."""

from __future__ import annotations

from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Path, Query, Router

from tenure.actor import Actor
from tenure.api.rest.problems import NotFoundError
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.parts import Limit
from tenure.api.rest.shapes.suggestions import Evidence, Side, Suggestion, Suggestions
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.derive.customers.operations.suggesting import accept_suggestions, decline_suggestion
from tenure.derive.customers.queries import Card
from tenure.derive.customers.queries.suggestions import SuggestionView, suggestion, suggestions
from tenure.derive.lifecycles.jobs import follow_log

router = Router(tags=["suggestions"])
Id = Annotated[int, Path(ge=1, le=2**31)]


@operation(router, "GET", "", right="customer.merge", answer=Suggestions)
def list_suggestions(
    request: HttpRequest,
    least: Annotated[float, Query(ge=0, le=1, description="Of at least this probability")] = 0.0,
    limit: Limit = 50,
) -> Suggestions:
    """Open suggestions about customers both of whom the token may merge, the surest first."""
    found = suggestions(viewer=viewer_of(request), least=least, limit=limit)
    return Suggestions(items=[_shown(one) for one in found])


@operation(router, "POST", "/{suggestion_id}/accept", right="customer.merge", answer=Suggestion)
def accept(request: HttpRequest, suggestion_id: Id) -> Suggestion:
    """The two are one customer; an unmerge takes it back at any time."""
    viewer = viewer_of(request)
    _found(suggestion_id, viewer)
    with transaction.atomic():
        accept_suggestions([suggestion_id], by=viewer, at=now())
        transaction.on_commit(follow_log.enqueue)
        return _shown(_found(suggestion_id, viewer))


@operation(router, "POST", "/{suggestion_id}/decline", right="customer.merge", answer=Suggestion)
def decline(request: HttpRequest, suggestion_id: Id) -> Suggestion:
    """The two are not one; they are never suggested again."""
    viewer = viewer_of(request)
    _found(suggestion_id, viewer)
    with transaction.atomic():
        decline_suggestion(suggestion_id, by=viewer, at=now())
        transaction.on_commit(follow_log.enqueue)
        return _shown(_found(suggestion_id, viewer))


def _found(number: int, viewer: Actor) -> SuggestionView:
    found = suggestion(number, viewer=viewer)
    if found is None:
        raise NotFoundError
    return found


def _shown(one: SuggestionView) -> Suggestion:
    return Suggestion(
        id=one.id,
        left=_side(one.left_id, one.left),
        right=_side(one.right_id, one.right),
        party=one.party,
        probability=one.probability,
        evidence=[
            Evidence(field=part.field, level=part.level, weight=part.weight)
            for part in one.evidence
        ],
        state=one.state,
    )


def _side(number: int, card: Card | None) -> Side:
    return Side(
        id=str(card.customer_id if card else number),
        name=card.name if card else None,
        masked=card.masked if card else False,
    )
