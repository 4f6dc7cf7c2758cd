"""Saying that another customer is the same: finding them, seeing what changes, the reason."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tenure.clock import now
from tenure.derive.customers.operations import merge_customers
from tenure.derive.customers.queries import Card, cards, customers_found
from tenure.derive.customers.queries.profile_scope import UnknownCustomerError, demand_customer
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.queries.preview import merge_preview
from tenure.guard.access.queries import ForbiddenError
from tenure.web.components.toasts import toast
from tenure.web.customers.views.act_inputs import InputError
from tenure.web.customers.views.customer import name_shown
from tenure.web.customers.views.customer_frame import LARGEST_NUMBER, Opened, open_customer
from tenure.web.customers.views.preview_table import (
    depth_asked,
    more_address,
    preview_context,
)
from tenure.web.language import told
from tenure.web.viewer import page
from tenure.words import TenureError, Words

Context = dict[str, Any]
_MOST_FOUND = 20
AFTER = Words("合并后", "After the merge")


@page("customer.merge")
def merge(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Look for the other customer, compare, merge."""
    return _merge(request, customer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def _merge(request: HttpRequest, customer_id: int) -> HttpResponse:
    opened = open_customer(request, customer_id)
    if not opened.allowed["merge"]:
        raise ForbiddenError("customer.merge")
    other = _other(opened)
    problem: Words | None = None
    if request.method == "POST":
        if other is None:
            raise InputError(Words("请先选择另一位客户", "choose the other customer first"))
        try:
            return _do(opened, other)
        except TenureError as refused:
            problem = refused.words
    typed = request.GET.get("q", "").strip()[:200]
    context: Context = {
        "opened": opened,
        "name": name_shown(opened)[0],
        "typed": typed,
        "candidates": _candidates(opened, typed) if typed else [],
        "problem": problem,
        "reason": request.POST.get("reason", ""),
        **(_preview(opened, other) if other is not None else {}),
    }
    if other is not None and depth_asked(request)[1]:
        return render(request, "customers/preview.html", context)
    return render(request, "customers/customer_merge.html", context, status=400 if problem else 200)


def _do(opened: Opened, other: int) -> HttpResponse:
    reason = opened.request.POST.get("reason", "")
    merge_customers(opened.customer_id, other, reason=reason, by=opened.viewer, at=now())
    follow_log.enqueue()
    words = Words("已合并，片刻后成为一位客户", "Merged; they are one customer in a moment")
    toast(opened.request, words)
    return HttpResponseRedirect(f"{opened.address}?tab=identity")


def _other(opened: Opened) -> int | None:
    text = opened.request.POST.get("with") or opened.request.GET.get("with", "")
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    number = int(text)
    if number > LARGEST_NUMBER:
        raise Http404
    try:
        demand_customer(number, viewer=opened.viewer)
    except UnknownCustomerError as unknown:
        raise Http404 from unknown
    return number if number not in opened.own else None


def _candidates(opened: Opened, typed: str) -> list[Card]:
    found = {one.customer_id for one in customers_found(typed, viewer=opened.viewer)}
    if typed.isascii() and typed.isdigit() and len(typed) < 19:
        found.add(int(typed))
    found -= {*opened.own}
    return list(cards(sorted(found)[:_MOST_FOUND], opened.viewer).values())


def _preview(opened: Opened, other: int) -> Context:
    """Both sides beside one another, and all that the one customer would be."""
    deep, only = depth_asked(opened.request)
    found = merge_preview(opened.customer_id, other, viewer=opened.viewer, at=now(), deep=deep)
    heads = [told(AFTER) for _ in found.after]
    address = reverse("customers:merge", args=[opened.customer_id])
    more = None if deep else more_address(address, **{"with": other})
    context = preview_context(found, opened.viewer, heads, only_deep=only)
    return {"other": other, "more": more, **context}
