"""How an operation is registered: its address, the right it needs, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from tenure.api.rest.tokens import Token
from tenure.guard.access.queries import RIGHTS

F = TypeVar("F", bound=Callable[..., Any])


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    right: str | None,
    answer: Any,
    status: int = 200,
    **more: Any,
) -> Callable[[F], F]:
    """Registers a view for tokens that have ``right``.

    Args:
        router: of its topic.
        method: of HTTP.
        path: below the router's.
        right: a key of ``RIGHTS``; ``None``: any good token may.
        answer: shape of the answer.
        status: of the answer.
        more: further arguments of django-ninja.
    """
    extra = {"x-right": right or "", "x-right-words": _words(right)}
    return router.api_operation(
        [method],
        path,
        auth=Token(right),
        response={status: answer},
        openapi_extra=extra,
        **more,
    )


def _words(right: str | None) -> dict[str, str]:
    if right is None:
        return {"zh": "任何有效的令牌", "en": "Any good token"}
    return {"zh": RIGHTS[right].zh, "en": RIGHTS[right].en}
