"""Saving lists under a name, and choosing among them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.derive.customers.operations import choose_view, delete_view, save_view
from tenure.derive.lifecycles.queries.roster import customer_page, list_vocabulary
from tenure.web.components.toasts import toast
from tenure.web.customers.forms import LONGEST_CONDITION, whole
from tenure.web.viewer import page, viewer_of
from tenure.words import Words


@require_POST
@page("customer.view")
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands; opens it."""
    viewer, posted = viewer_of(request), request.POST
    condition, known = posted.get("q", "")[:LONGEST_CONDITION], list_vocabulary()
    customer_page(condition, viewer=viewer, limit=0)  # one that cannot be read is not kept
    columns, sort = known.columns if known else {}, posted.get("sort", "")
    number = save_view(
        name=posted.get("name", ""),
        condition=condition,
        columns=[key for key in posted.getlist("c") if key in columns],
        sort=sort if sort.removeprefix("-") in columns else "",
        shared="shared" in posted,
        view_id=None if "new" in posted else whole(posted.get("view", "")),
        by=viewer,
        at=now(),
    )
    choose_view(number, pinned="pinned" in posted, first="first" in posted, by=viewer)
    toast(request, Words("视图已保存", "The view is saved"))
    return redirect(f"{reverse('customers:list')}?view={number}")


@require_POST
@page("customer.view")
def choose(request: HttpRequest, view_id: int) -> HttpResponse:
    """Keep a view above the list or not, begin with it or not; or delete it."""
    viewer, view_id = viewer_of(request), whole(str(view_id)) or 0
    if "delete" in request.POST:
        delete_view(view_id, by=viewer)
        toast(request, Words("视图已删除", "The view is deleted"))
        return redirect(f"{reverse('customers:list')}?q=")
    choose_view(view_id, pinned="pinned" in request.POST, first="first" in request.POST, by=viewer)
    return redirect(f"{reverse('customers:list')}?view={view_id}")
