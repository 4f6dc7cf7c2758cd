"""Addresses of the page one is on, with some query parameters changed."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def address_with(request: HttpRequest, changes: Mapping[str, object]) -> str:
    """This page's address with parameters changed; ``None`` takes one away, a list repeats it."""
    parameters = request.GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is None:
            continue
        values = value if isinstance(value, list | tuple) else [value]
        parameters.setlist(name, [str(one) for one in values])
    query = parameters.urlencode()
    return f"{request.path}?{query}" if query else request.path


def safe_return(request: HttpRequest, wanted: str | None, otherwise: str = "/") -> str:
    """``wanted`` where it lies on this host, else ``otherwise``: no open redirects."""
    here = {request.get_host()}
    secure = request.is_secure()
    if wanted and url_has_allowed_host_and_scheme(wanted, here, require_https=secure):
        return wanted
    return otherwise
