"""Who asks for a page, and whether they may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenure.actor import Actor
from tenure.guard.access.queries import ForbiddenError, Rights, actor_of, rights_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def viewer_of(request: HttpRequest) -> Actor:
    """The logged-in account as the one who acts."""
    return actor_of(request.user)  # type: ignore[arg-type]


def rights_on(request: HttpRequest) -> Rights:
    """What the logged-in account may; read once for a request."""
    known: Rights | None = getattr(request, "tenure_rights", None)
    if known is None:
        known = rights_of(viewer_of(request))
        request.tenure_rights = known  # type: ignore[attr-defined]
    return known


def page(right: str | None = None) -> Callable[[View[P]], View[P]]:
    """A view for accounts that are logged in and, where given, have ``right``."""

    def wrap(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if right is not None and not rights_on(request).may(right):
                raise ForbiddenError(right)
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return wrap
