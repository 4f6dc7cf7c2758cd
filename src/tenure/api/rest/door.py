"""What all answers have in common: problems instead of pages, entity tags, once for each key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from tenure.api.rest.language import code_of
from tenure.api.rest.problems import ProblemError, fault, problem, unreadable
from tenure.api.rest.tokens import limit_on, shown_token
from tenure.clock import now
from tenure.guard.access.operations.answers import (
    BeingAnsweredError,
    OtherRequestError,
    begin_answer,
    keep_answer,
)
from tenure.guard.access.queries import KnownToken
from tenure.words import Words

View = Callable[..., HttpResponseBase]
LONGEST_KEY = 200
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def door(view: View) -> View:
    """A view of the interface with all that every answer has."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponseBase:
        try:
            response = _answered(request, lambda: view(request, *args, **parts))
        except SuspiciousOperation as error:  # a body too large to read, or none at all
            response = unreadable(request, error)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told in one shape
            response = fault(request, error)
        if response.status_code == 405 and isinstance(response, HttpResponse):
            response = _no_method(request, response)
        return _finished(request, response)

    return opened


def etag_of(body: bytes) -> str:
    """The strong entity tag of an answer."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def demand_match(request: HttpRequest, current: str) -> None:
    """Refuse a write whose ``If-Match`` names another state than the one that stands.

    Raises:
        ProblemError: it does (412).
    """
    wanted = request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*" or current in _tags(wanted):
        return
    raise ProblemError(
        412,
        Words(
            "您读过之后有人改动了它，请重新读取再写",
            "somebody changed it since you read it; read it again before you write",
        ),
        {"ETag": current},
    )


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def _answered(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method not in _WRITES:
        return answer()
    known = shown_token(request)
    if known is None:
        return answer()  # which says 401
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        words = Words(
            f"Idempotency-Key 为 1 到 {LONGEST_KEY} 个可见字符",
            f"an Idempotency-Key has 1 to {LONGEST_KEY} visible characters",
        )
        return problem(request, 422, words)
    if request.content_type == "multipart/form-data":
        words = Words(
            "上传文件时不能使用 Idempotency-Key；重复上传只会多一份草稿",
            "uploads of files take no Idempotency-Key: a repeat is only another draft",
        )
        return problem(request, 422, words)
    return _once(request, known, key, answer)


def _once(
    request: HttpRequest, known: KnownToken, key: str, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The answer kept for this key; else the one made now, kept if all went well.

    One transaction: either what was asked is done and its answer kept, or neither is.
    """
    said = b"\0".join((str(request.method).encode(), request.get_full_path().encode()))
    asked = hashlib.sha256(said + b"\0" + request.body).digest()
    with transaction.atomic():
        try:
            before = begin_answer(known.token_id, key, asked, at=now())
        except OtherRequestError as other:
            return problem(request, 422, other.words)
        except BeingAnsweredError as busy:
            return problem(request, 409, busy.words, headers={"Retry-After": "1"})
        if before is not None:
            again = HttpResponse(before.body, status=before.status, headers=dict(before.headers))
            again.headers["Idempotent-Replayed"] = "true"
            return again
        response = answer()
        if not isinstance(response, HttpResponse) or response.status_code >= 300:
            transaction.set_rollback(True)
            return response
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response}
        keep_answer(
            known.token_id,
            key,
            status=response.status_code,
            headers=headers,
            body=response.content,
        )
    return response


def _no_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allowed = response.headers.get("Allow", "")
    words = Words(f"这里只支持 {allowed}", f"only {allowed} may be used here")
    return problem(request, 405, words, headers={"Allow": allowed})


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    json = "json" in response.headers.get("Content-Type", "")
    if request.method == "GET" and response.status_code == 200 and json:
        assert isinstance(response, HttpResponse)
        if "ETag" not in response.headers:
            response.headers["ETag"] = etag_of(response.content)
        tag = response.headers["ETag"]
        if tag in _tags(request.headers.get("If-None-Match", "")):
            response = HttpResponse(status=304, headers={"ETag": tag})
            response.headers.pop("Content-Type", None)
    limit = limit_on(request)
    for name, value in limit.headers().items() if limit is not None else ():
        response.headers[name] = value
    response.headers.setdefault("Content-Language", code_of(request))
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    patch_vary_headers(response, ["Authorization", "Accept-Language"])
    return response
