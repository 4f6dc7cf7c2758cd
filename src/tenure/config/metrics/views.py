"""The address ``/metrics``."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from tenure.clock import now
from tenure.config.metrics.requests import request_registry
from tenure.config.metrics.standing import Standing
from tenure.guard.access.queries import token_shown

RIGHT = "health.view"


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for this machine itself or by an API token with the right ``health.view``."""
    if not (_from_here(request) or _token_allows(request)):
        refused = HttpResponse("a token with the right health.view is needed\n", status=401)
        refused["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return refused
    registry = CollectorRegistry()
    registry.register(Standing(now()))
    body = generate_latest(registry) + generate_latest(request_registry())
    return HttpResponse(body, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _from_here(request: HttpRequest) -> bool:
    """Whether it was asked on this machine; never through a proxy, which is on it for all."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT or "X-Forwarded-For" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _token_allows(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    known = token_shown(token.strip(), now())
    return known is not None and known.rights.may(RIGHT)
