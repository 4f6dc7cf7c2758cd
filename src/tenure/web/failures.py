"""Errors a user can mend are told in words; all others get a page, never a stack trace."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    PermissionDenied,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from tenure.guard.access.queries import ForbiddenError
from tenure.web.language import told
from tenure.words import TenureError, Words

_log = logging.getLogger(__name__)
NOT_FOUND = Words("没有这一页，或您无权查看", "There is no such page, or you may not see it")
BAD_REQUEST = Words("浏览器发来的请求无法理解", "The browser's request makes no sense")
STRANGE_HOST = Words(
    "这个地址不在允许之列。请管理员把它写进 TENURE_HOSTS 后重新启动",
    "This address is not allowed: an administrator adds it to TENURE_HOSTS and restarts Tenure",
)
EXPIRED = Words(
    "这张表单已过期或来自别处，请返回刷新后再提交",
    "This form has expired or comes from elsewhere: go back, reload and send it again",
)
FAULT = Words(
    "系统出错了，已记录下来；您的数据没有丢失",
    "Something went wrong and has been noted; none of your data is lost",
)


class ToldInWords:
    """Answers the errors of views with a page in words (a line, where htmx asked for a part)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Passes on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for ``error``."""
        if isinstance(error, ForbiddenError):
            return failure(request, error.words, 403)
        if isinstance(error, TenureError):
            return failure(request, error.words, 400)
        if isinstance(error, Http404 | PermissionDenied):
            return failure(request, NOT_FOUND, 404)
        if isinstance(error, SuspiciousOperation | BadRequest):
            return failure(request, BAD_REQUEST, 400)
        _log.exception("a page failed: %s", request.path)
        return failure(request, FAULT, 500)


def failure(request: HttpRequest, words: Words, status: int) -> HttpResponse:
    """A page, or a part of one, that says what went wrong."""
    part = request.headers.get("HX-Request") == "true"
    template = "components/failure_line.html" if part else "failure.html"
    return render(request, template, {"message": told(words), "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Where Django itself refuses a request; nothing of it is trusted, not even the host."""
    strange = isinstance(exception, DisallowedHost)
    return HttpResponse(_bare(STRANGE_HOST if strange else BAD_REQUEST), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Where Django's own parts refuse."""
    return failure(request, NOT_FOUND, 404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    return failure(request, NOT_FOUND, 404)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token that proves where it comes from."""
    return failure(request, EXPIRED, 403)


def fault(request: HttpRequest) -> HttpResponse:
    """Where not even the frame could be drawn: a page that needs nothing."""
    return HttpResponse(_bare(FAULT), status=500)


def _bare(words: Words) -> str:
    return render_to_string("bare.html", {"message": words})
