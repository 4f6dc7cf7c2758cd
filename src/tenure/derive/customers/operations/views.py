"""Keeping lists of customers under a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.models import SavedView, ViewChoice
from tenure.guard.access.queries import ForbiddenError, account_id_of
from tenure.words import TenureError, Words

MOST_COLUMNS = 30
LONGEST_NAME = 60


class ViewError(TenureError):
    """A view cannot be kept or changed as asked."""


def save_view(
    *,
    name: str,
    condition: str,
    columns: Sequence[str],
    sort: str,
    shared: bool,
    by: Actor,
    at: datetime,
    view_id: int | None = None,
) -> int:
    """Keep a list under a name, or change one of the own.

    Args:
        name: in a person's words.
        condition: of the condition language, read before.
        columns: keys of columns, in order.
        sort: key of a column, ``-`` before it for the largest first.
        shared: whether every colleague sees it (each still only the customers they may see).
        by: an account.
        at: the moment, aware.
        view_id: which to change; a new one when ``None``.

    Raises:
        ViewError: no name, or not the own view.
    """
    text = " ".join(name.split())
    if not 0 < len(text) <= LONGEST_NAME or not text.isprintable():
        raise ViewError(
            Words(
                zh=f"请给视图起一个不超过 {LONGEST_NAME} 个字的名称",
                en=f"give the view a name of at most {LONGEST_NAME} characters",
            )
        )
    account = _account(by)
    fields = {
        "name": text,
        "condition": condition.strip(),
        "columns": list(columns)[:MOST_COLUMNS],
        "sort": sort,
        "shared": shared,
        "changed_at": at,
    }
    if view_id is None:
        return SavedView.objects.create(owner_id=account, **fields).pk
    if not SavedView.objects.filter(pk=view_id, owner_id=account).update(**fields):
        raise _not_own()
    return view_id


def choose_view(view_id: int, *, pinned: bool, first: bool, by: Actor) -> None:
    """Keep a view above the list, or begin with it; at most one is begun with.

    Raises:
        ViewError: there is no such view, or it is somebody else's and not shared.
    """
    account = _account(by)
    with transaction.atomic():
        view = SavedView.objects.filter(pk=view_id).first()
        if view is None or (view.owner_id != account and not view.shared):
            raise _not_own()
        if first:
            ViewChoice.objects.filter(account_id=account).update(first=False)
        ViewChoice.objects.update_or_create(
            account_id=account, view=view, defaults={"pinned": pinned, "first": first}
        )


def delete_view(view_id: int, *, by: Actor) -> None:
    """Forget one of the own views.

    Raises:
        ViewError: it is not the own one.
    """
    if not SavedView.objects.filter(pk=view_id, owner_id=_account(by)).delete()[0]:
        raise _not_own()


def _account(by: Actor) -> int:
    number = account_id_of(by)
    if number is None:
        raise ForbiddenError("customer.view")
    return number


def _not_own() -> ViewError:
    return ViewError(
        Words(zh="没有这个视图，或它不是您的", en="there is no such view, or it is not yours")
    )
