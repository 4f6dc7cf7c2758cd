"""Everything that goes wrong, as a document of one shape: RFC 9457, in the asker's language."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tenure.api.rest.language import code_of, told
from tenure.api.rest.unfit import unfit_words
from tenure.definitions import DefinitionError
from tenure.derive.customers.operations.profiling import ProfileConflictError
from tenure.derive.customers.queries.profile_scope import UnknownCustomerError
from tenure.derive.lifecycles.operations.ticking import UnknownLifecycleError
from tenure.guard.access.operations.answers import BeingAnsweredError
from tenure.guard.access.queries import ForbiddenError
from tenure.words import TenureError, Words

_log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TITLES: Mapping[int, Words] = {
    400: Words("请求无法理解", "The request makes no sense"),
    401: Words("需要有效的令牌", "A good token is needed"),
    403: Words("令牌没有这项权限", "The token may not do this"),
    404: Words("没有这个对象", "There is no such thing"),
    405: Words("这个地址不支持这种方法", "This address does not know this method"),
    409: Words("与现状冲突", "In conflict with how things stand"),
    412: Words("对象已被改动", "It has changed meanwhile"),
    413: Words("请求太大", "The request is too large"),
    415: Words("不支持这种内容类型", "This kind of content is not understood"),
    422: Words("内容不合要求", "The content does not fit"),
    429: Words("请求太多", "Too many requests"),
    500: Words("系统出错了", "Something went wrong"),
}
"""What a status means, in words."""
NO_TOKEN = Words(
    "请在 Authorization 头中写 Bearer 和令牌；令牌在“设置 → 接口令牌”里创建",
    "send “Authorization: Bearer …” with a token; tokens are made under Settings → API tokens",
)
NO_ADDRESS = Words("没有这个地址", "there is no such address")
FAULT = Words(
    "错误已记录下来；您的数据没有丢失",
    "it has been noted; none of your data is lost",
)


class ProblemError(TenureError):
    """A problem with a status of its own, and headers that go with it."""

    def __init__(self, status: int, words: Words, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.headers = dict(headers or {})


class NotFoundError(ProblemError):
    """There is none, or the viewer may not see it: which of the two is not said."""

    def __init__(self) -> None:
        super().__init__(
            404, Words("没有这个对象，或您无权查看", "there is none, or you may not see it")
        )


def problem(
    request: HttpRequest,
    status: int,
    words: Words,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer that tells of a problem.

    Args:
        request: whose language counts.
        status: of HTTP.
        words: what, and how to mend it.
        errors: single places that are wrong: where, and why.
        headers: further ones.
    """
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": told(request, TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": told(request, words),
        "instance": request.path,
    }
    if errors:
        body["errors"] = list(errors)
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE
    )
    response.headers["Content-Language"] = code_of(request)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def add_handlers(api: NinjaAPI) -> None:
    """Let every exception of an operation be answered with a problem."""
    for kind, answer in _ANSWERS.items():
        api.add_exception_handler(kind, answer)


def fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """Where the fault is ours."""
    _log.error("the interface failed: %s", request.path, exc_info=error)
    return problem(request, 500, FAULT)


def _of_tenure(request: HttpRequest, error: TenureError) -> HttpResponse:
    if isinstance(error, ProblemError):
        return problem(request, error.status, error.words, headers=error.headers)
    if isinstance(error, DefinitionError):
        return problem(request, 422, error.words, errors=_places(request, error))
    return problem(request, _status(error), error.words)


def _status(error: TenureError) -> int:
    if isinstance(error, ForbiddenError):
        return 403
    if isinstance(error, UnknownCustomerError | UnknownLifecycleError):
        return 404
    return 409 if isinstance(error, ProfileConflictError | BeingAnsweredError) else 422


def _places(request: HttpRequest, error: DefinitionError) -> list[dict[str, Any]]:
    return [
        {
            "where": one.path,
            "line": one.line,
            "column": one.column,
            "detail": told(request, one.cause),
            "nearest": one.nearest,
        }
        for one in error.problems
    ]


def _of_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [
        {
            "where": ".".join(str(part) for part in one["loc"]),
            "detail": told(request, unfit_words(one)),
        }
        for one in error.errors
    ]
    words = Words(
        f"有 {len(places)} 处不合要求，见 errors", f"{len(places)} values do not fit; see errors"
    )
    return problem(request, 422, words, errors=places)


def _of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return problem(request, 401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
    return problem(request, error.status_code, _UNREADABLE)


_UNREADABLE = Words("请求的内容不是 JSON，或无法读取", "the body is no JSON, or cannot be read")


def _of_absence(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, NO_ADDRESS)


def unreadable(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    """Where a body is too large to be read, or makes no sense."""
    if isinstance(error, RequestDataTooBig):
        words = Words("请求太大，请分成几次发送", "the request is too large; send it in parts")
        return problem(request, 413, words)
    return problem(request, 400, _UNREADABLE)


_ANSWERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    TenureError: _of_tenure,
    ValidationError: _of_values,
    HttpError: _of_http,
    Http404: _of_absence,
    SuspiciousOperation: unreadable,
    Exception: fault,
}
"""By kind of exception, how it is told; the nearest kind counts."""
