"""Addresses of PostHog's libraries: events, and true answers about flags (there are none)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tenure.api.ingest.answers import answered, open_door
from tenure.api.ingest.batches import posthog_batch
from tenure.api.ingest.bodies import body_of, form_of, from_base64, limit_of
from tenure.api.ingest.receiving import receive
from tenure.api.ingest.views import posted

_NOTHING = {
    "featureFlags": {},
    "featureFlagPayloads": {},
    "flags": {},
    "errorsWhileComputingFlags": False,
    "sessionRecording": False,
    "supportedCompression": ["gzip", "gzip-js", "base64"],
    "toolbarParams": {},
    "isAuthenticated": False,
    "surveys": False,
    "heatmaps": False,
    "siteApps": [],
}


@open_door
def capture(request: HttpRequest) -> HttpResponse:
    """``/batch/``, ``/capture/``, ``/e/``, ``/i/v0/e/``: one event or many, plain or as a form."""
    posted(request)
    body = body_of(request)
    if body[:5] == b"data=":
        body = from_base64(form_of(request, body).get("data", ""), limit_of(request))
    asked = {name: request.GET.get(name, "") for name in ("_", "api_key", "token")}
    found = posthog_batch(body, asked)
    return receive(request, "posthog", found, asked["api_key"], asked["token"])


@open_door
def flags(request: HttpRequest) -> HttpResponse:
    """``/flags/`` and ``/decide/``: no flag is set and nothing but events is collected."""
    return answered(_NOTHING)


@open_door
def config(request: HttpRequest, token: str) -> HttpResponse:
    """``/array/{token}/config``: what the browser library asks first."""
    told = {"token": token, "hasFeatureFlags": False, "captureDeadClicks": False,
            "capturePerformance": False, "autocapture_opt_out": False}  # fmt: skip
    return answered({**_NOTHING, **told})
