"""Answers as senders' libraries expect them, open to pages of any origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tenure.api.ingest.refusing import RefusedError

_DAY = 86_400
View = Callable[..., HttpResponse]


class Rejected(msgspec.Struct):
    """An event that was not taken as it is; it is kept aside with the reason.

    Attributes:
        index: its place in the batch, from 0.
        messageId: its own id, as sent; None without one.
        code: a word for programs.
        message: for people.
    """

    index: int
    messageId: object  # noqa: N815
    code: str
    message: str


def answered(body: object, status: int = 200) -> HttpResponse:
    """JSON that a page of any origin may read."""
    response = HttpResponse(
        msgspec.json.encode(body), status=status, content_type="application/json"
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def taken(rejected: Sequence[Rejected]) -> HttpResponse:
    """Exactly 200: some libraries take any other success for a failure and send again."""
    if not rejected:
        return answered({"success": True, "status": 1})
    return answered({"success": True, "status": 1, "rejected": rejected})


def refused(refusal: RefusedError) -> HttpResponse:
    """The whole request was not taken."""
    body = {"success": False, "code": refusal.code, "message": refusal.words.en,
            "message_zh": refusal.words.zh}  # fmt: skip
    response = answered(body, refusal.status)
    if refusal.wait:
        response.headers["Retry-After"] = str(refusal.wait)
    if refusal.status == 405:
        response.headers["Allow"] = "POST, OPTIONS"
    return response


def open_door(view: View) -> View:
    """A view for libraries on any page: no cookie, no token of a form, preflight answered."""

    @wraps(view)
    def door(request: HttpRequest, **named: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _preflight(request)
        try:
            return view(request, **named)
        except RefusedError as refusal:
            return refused(refusal)

    return csrf_exempt(door)


def _preflight(request: HttpRequest) -> HttpResponse:
    """What a browser asks before it sends a header of its own to another origin (Fetch, CORS)."""
    asked = request.headers.get("Access-Control-Request-Headers", "")
    usual = "authorization, content-type, content-encoding"
    response = HttpResponse(status=204)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = asked if asked.isascii() and asked else usual
    response.headers["Access-Control-Max-Age"] = str(_DAY)
    return response
