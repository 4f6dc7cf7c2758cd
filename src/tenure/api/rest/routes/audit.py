"""What was done and by whom; and what the token itself may."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from tenure.api.rest.cursors import cursor, place
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.audit import AuditPage, Entry, Granted, TokenShown
from tenure.api.rest.shapes.parts import Cursor, Limit, Moment, Told, boundary_of
from tenure.api.rest.tokens import asker, viewer_of
from tenure.guard.access.queries import RIGHTS
from tenure.guard.audit.queries import action_words, audit_page
from tenure.guard.trail.queries import Filters, Place

router = Router(tags=["audit"])
Narrowing = Annotated[str, Query(max_length=150)]


@operation(router, "GET", "/audit", right="audit.view", answer=AuditPage)
def read_audit(
    request: HttpRequest,
    *,
    actor: Narrowing = "",
    action: Narrowing = "",
    about: Narrowing = "",
    since: Moment = None,
    until: Moment = None,
    limit: Limit = 50,
    cursor_: Cursor = None,
) -> AuditPage:
    """Who did or looked at what, the newest first."""
    of = ["audit", actor, action, about, str(since), str(until)]
    begun = place(cursor_, of=of)
    found = audit_page(
        Filters(actor, action, about, boundary_of(since), boundary_of(until)),
        viewer_of(request),
        before=Place(datetime.fromisoformat(begun[0]), begun[1]) if begun else None,
        limit=limit,
    )
    older = found.older
    return AuditPage(
        items=[
            Entry(
                id=one.entry_id,
                at=one.at,
                actor=one.actor,
                actor_name=one.actor_name,
                action=one.action,
                action_name=Told.of(action_words(one.action)),
                about=one.about,
                detail=dict(one.detail),
            )
            for one in found.entries
        ],
        next=cursor([older.at.isoformat(), older.entry_id] if older else None, of=of),
    )


@operation(router, "GET", "/token", right=None, answer=TokenShown)
def read_token(request: HttpRequest) -> TokenShown:
    """Whose token this is, and what it may at this moment."""
    known = asker(request)
    return TokenShown(
        actor=known.actor.key,
        name=known.actor.name,
        rights=[
            Granted(right=right, name=Told.of(RIGHTS[right]), scope=scope.name.lower())
            for right, scope in known.rights.grants.items()
            if scope
        ],
        reads=sorted(known.rights.reads),
    )
