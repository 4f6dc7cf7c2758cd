"""Saved lists of customers, as one account sees them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from tenure.actor import Actor
from tenure.derive.customers.models import SavedView, ViewChoice
from tenure.guard.access.queries import account_id_of


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A saved list.

    Attributes:
        mine: made by the viewer, who may change it.
        pinned: the viewer keeps it above the list.
        first: the viewer's list begins with it.
    """

    view_id: int
    name: str
    mine: bool
    shared: bool
    pinned: bool
    first: bool
    condition: str
    columns: tuple[str, ...]
    sort: str


def saved_views(viewer: Actor) -> list[ViewShown]:
    """The own views and those colleagues share: pinned ones first, then by name."""
    account = account_id_of(viewer)
    if account is None:  # programs and the terminal keep none
        return []
    rows = SavedView.objects.filter(Q(owner_id=account) | Q(shared=True))
    choices = {one.view_id: one for one in ViewChoice.objects.filter(account_id=account)}
    found = []
    for row in rows:
        choice = choices.get(row.pk)
        found.append(
            ViewShown(
                view_id=row.pk,
                name=row.name,
                mine=row.owner_id == account,
                shared=row.shared,
                pinned=choice is not None and choice.pinned,
                first=choice is not None and choice.first,
                condition=row.condition,
                columns=tuple(str(one) for one in row.columns),
                sort=row.sort,
            )
        )
    return sorted(found, key=lambda view: (not view.pinned, view.name, view.view_id))
