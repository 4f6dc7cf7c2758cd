"""Errors a user can mend are told in words; all others get a page, never a stack trace."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tenure.guard.access.queries import ForbiddenError
from tenure.web.language import told
from tenure.words import TenureError, Words

_log = logging.getLogger(__name__)
NOT_FOUND = Words("没有这一页，或您无权查看", "There is no such page, or you may not see it")
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
        _log.exception("a page failed: %s", request.path)
        return failure(request, FAULT, 500)


def failure(request: HttpRequest, words: Words, status: int) -> HttpResponse:
    """A page, or a part of one, that says what went wrong."""
    part = request.headers.get("HX-Request") == "true"
    template = "components/failure_line.html" if part else "failure.html"
    return render(request, template, {"message": told(words), "status": status}, status=status)
