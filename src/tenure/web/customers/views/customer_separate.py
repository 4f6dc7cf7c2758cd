"""Making some identifiers of a customer another customer: choosing, seeing what changes, doing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tenure.clock import now
from tenure.derive.customers.operations.separating import separate_customer
from tenure.derive.customers.queries import identifier_views_of
from tenure.derive.customers.queries.separation import separation
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.queries.preview import separation_preview
from tenure.guard.access.queries import ForbiddenError
from tenure.record.events.queries import timeline_extent
from tenure.web.components.toasts import Undo, toast
from tenure.web.customers.views.act_inputs import is_number
from tenure.web.customers.views.customer import name_shown
from tenure.web.customers.views.customer_frame import Opened, open_customer
from tenure.web.customers.views.preview_table import (
    depth_asked,
    more_address,
    preview_context,
    type_names,
)
from tenure.web.language import told
from tenure.web.viewer import page
from tenure.words import TenureError, Words

Context = dict[str, Any]
STAYS, GOES = Words("留下的客户", "The one who stays"), Words("分出的客户", "The other one")


@page("customer.merge")
def separate(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Choose identifiers, see what would change, separate."""
    return _separate(request, customer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def _separate(request: HttpRequest, customer_id: int) -> HttpResponse:
    opened = open_customer(request, customer_id)
    if not opened.allowed["merge"]:
        raise ForbiddenError("customer.merge")
    posted = request.method == "POST"
    asked = (request.POST if posted else request.GET).getlist("id")
    leaving = {int(one) for one in asked if is_number(one)}
    problem: Words | None = None
    context: Context = {}
    try:
        if posted:
            return _do(opened, leaving)
        if leaving:
            context = _preview(opened, leaving)
    except TenureError as refused:
        problem = refused.words
    context |= {
        "opened": opened,
        "name": name_shown(opened)[0],
        "choices": _choices(opened, leaving),
        "problem": problem,
        "reason": request.POST.get("reason", ""),
    }
    if "sections" in context and depth_asked(request)[1]:
        return render(request, "customers/preview.html", context)
    status = 400 if problem else 200
    return render(request, "customers/customer_separate.html", context, status=status)


def _do(opened: Opened, leaving: set[int]) -> HttpResponse:
    reason = opened.request.POST.get("reason", "")
    done = separate_customer(opened.customer_id, leaving, reason=reason, by=opened.viewer, at=now())
    follow_log.enqueue()
    address = f"{opened.address}?tab=identity"
    undo = Undo(reverse("customers:undo"), {"action": str(done.action_id), "next": address})
    words = Words("已拆分，片刻后是两位客户", "Separated; two customers in a moment")
    toast(opened.request, words, undo=undo)
    return HttpResponseRedirect(address)


def _preview(opened: Opened, leaving: set[int]) -> Context:
    number, at = opened.customer_id, now()
    deep, only = depth_asked(opened.request)
    preview = separation_preview(number, leaving, viewer=opened.viewer, at=at, deep=deep)
    heads = [told(GOES if {*one.own} & leaving else STAYS) for one in preview.after]
    address = reverse("customers:separate", args=[number])
    return {
        **preview_context(preview, opened.viewer, heads, only_deep=only),
        "links": len(separation(number, leaving, by=opened.viewer, at=at).pairs),
        "more": None if deep else more_address(address, id=sorted(leaving)),
    }


def _choices(opened: Opened, leaving: set[int]) -> list[Context]:
    views = identifier_views_of(opened.customer_id, viewer=opened.viewer, with_personal=True)
    names = type_names(opened.library)
    return [
        {
            "id": one.id,
            "type": names(one.type),
            "value": one.value,
            "chosen": one.id in leaving,
            "events": timeline_extent([one.id]).total,
        }
        for one in views
    ]
