"""What is done from the list to the customers chosen, or to all results; each can be undone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.actor import Actor
from tenure.clock import now
from tenure.derive.customers.operations import (
    Changed,
    assign_customers,
    tag_customers,
    undo_action,
    untag_customers,
)
from tenure.derive.customers.operations.stating import MOST_AT_ONCE
from tenure.derive.lifecycles.queries.roster import customer_ids
from tenure.web.components.addresses import safe_return
from tenure.web.components.toasts import Undo, toast
from tenure.web.customers.forms import whole
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

RIGHTS = {"assign": "customer.assign", "tag": "customer.edit", "untag": "customer.edit"}


@require_POST
@page("customer.view")
def act(request: HttpRequest) -> HttpResponse:
    """Assign, tag or untag; tells how many, with an undo, on the page one came from."""
    viewer, kind = viewer_of(request), request.POST.get("act", "")
    if kind not in RIGHTS:
        raise TenureError(Words("请选择要做什么", "choose what to do"))
    chosen = _chosen(request, viewer, RIGHTS[kind])
    if not chosen:
        raise TenureError(Words("请先选择客户", "choose customers first"))
    done = _done(request, kind, chosen, viewer)
    here = safe_return(request, request.POST.get("next"), reverse("customers:list"))
    undo = None
    if done.action_id is not None:
        fields = {"action": str(done.action_id), "next": here}
        undo = Undo(reverse("customers:undo"), fields)
    toast(request, _told(kind, done), undo=undo)
    return redirect(here)


@require_POST
@page("customer.view")
def undo(request: HttpRequest) -> HttpResponse:
    """Take an action back."""
    number = whole(request.POST.get("action", "")) or 0
    count = undo_action(number, by=viewer_of(request), at=now())
    toast(request, Words(f"已撤销，{count:,} 位客户恢复原样", f"Undone: {count:,} as before"))
    return redirect(safe_return(request, request.POST.get("next"), reverse("customers:list")))


def _chosen(request: HttpRequest, viewer: Actor, right: str) -> list[int]:
    if request.POST.get("everything"):
        return customer_ids(
            request.POST.get("q", ""),
            viewer=viewer,
            sought=request.POST.get("find", "").strip(),
            right=right,
            limit=MOST_AT_ONCE + 1,
        )
    numbers = map(whole, request.POST.getlist("id"))
    return [one for one in numbers if one is not None]


def _done(request: HttpRequest, kind: str, chosen: list[int], viewer: Actor) -> Changed:
    at = now()
    if kind == "assign":
        text = request.POST.get("owner", "")
        if not text:
            raise TenureError(Words("请选择负责人", "choose an owner"))
        owner = None if text == "nobody" else whole(text) or -1
        return assign_customers(chosen, owner, by=viewer, at=at)
    tag = request.POST.get("tag", "")
    change = tag_customers if kind == "tag" else untag_customers
    return change(chosen, tag, by=viewer, at=at)


def _told(kind: str, done: Changed) -> Words:
    said = {
        "assign": Words("已分配 {n} 位客户", "{n} assigned"),
        "tag": Words("已给 {n} 位客户加标签", "{n} tagged"),
        "untag": Words("已从 {n} 位客户去掉标签", "Tag removed from {n}"),
    }[kind]
    left = Words("", "")
    if done.left_out:
        left = Words(
            f"；{done.left_out:,} 位无权更改，保持不变",
            f"; {done.left_out:,} left as they are, for want of the right",
        )
    count = f"{done.changed:,}"
    return Words(said.zh.format(n=count) + left.zh, said.en.format(n=count) + left.en)
