"""Why somebody may, or may not, do something with a customer."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.actor import SYSTEM
from tenure.derive.customers.queries import cards
from tenure.guard.access.queries import SCOPED_RIGHTS, colleagues, explain_for, person
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

_NUMBER = re.compile(r"-?\d{1,19}")


@page("account.manage")
def why(request: HttpRequest) -> HttpResponse:
    """Choose a person, a right and a customer; the answer names role, scope and owner."""
    account, customer = request.GET.get("account", ""), request.GET.get("customer", "").strip()
    right = request.GET.get("right", "customer.view")
    context = {
        "people": colleagues(),
        "rights": SCOPED_RIGHTS,
        "right": right if right in SCOPED_RIGHTS else "customer.view",
        "account": int(account) if account.isdecimal() and len(account) < 19 else None,
        "customer": customer,
    }
    if context["account"] is not None and customer:
        try:
            context["answer"] = _answer(request, context["account"], str(context["right"]))
        except TenureError as problem:
            context["problem"] = problem.words
    return render(request, "settings/why.html", context)


def _answer(request: HttpRequest, account_id: object, right: str) -> Words:
    viewer = viewer_of(request)
    found = person(int(str(account_id)), viewer)
    return explain_for(found.account_id, right, _owner_of(request.GET["customer"]), viewer)


def _owner_of(text: str) -> int | None:
    """The owner of the customer whose number, or page, was given: the last number in it.

    Raises:
        TenureError: there is no such customer.
    """
    numbers = _NUMBER.findall(text)
    number = int(numbers[-1]) if numbers else 0
    card = cards([number], SYSTEM).get(number) if abs(number) < 2**63 else None
    if card is None:
        raise TenureError(
            Words(
                zh="没有这个编号的客户；编号在客户页的地址里",
                en="there is no customer of this number; it stands in the address of their page",
            )
        )
    return card.owner_id
