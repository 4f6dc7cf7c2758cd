"""Customers of the one who looks whose records are outdated: the owner is asked to update them."""

from __future__ import annotations

from django.http import HttpRequest

from tenure.clock import now
from tenure.derive.lifecycles.queries.records import outdated_before, outdated_condition
from tenure.derive.lifecycles.queries.roster import customer_page, list_vocabulary
from tenure.web.health.views.records import customers_where
from tenure.web.viewer import rights_on, viewer_of

_SHOWN = 6


def records_to_refresh(request: HttpRequest) -> dict[str, object]:
    """The oldest of the viewer's own outdated records, how many there are, and their address."""
    known = list_vocabulary()
    owns = rights_on(request).account_id is not None
    if not owns or known is None or "updated" not in known.columns:
        return {"refresh": None}
    condition = f"{outdated_condition(outdated_before(now()))} and owner = 'me'"
    found = customer_page(
        condition,
        viewer=viewer_of(request),
        columns=("updated",),
        sort="updated",
        limit=_SHOWN,
    )
    return {"refresh": found, "refresh_address": customers_where(condition, "updated")}
