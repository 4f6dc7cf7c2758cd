"""Addresses of Segment's and RudderStack's libraries."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tenure.api.ingest.answers import answered, open_door
from tenure.api.ingest.batches import segment_batch, segment_single
from tenure.api.ingest.bodies import body_of
from tenure.api.ingest.keys import keys_in_header, source_of
from tenure.api.ingest.receiving import receive
from tenure.api.ingest.refusing import RefusedError, wrong_method
from tenure.words import Words

KINDS = {
    "i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias",
}  # fmt: skip


def posted(request: HttpRequest) -> None:
    """Go on only with a POST.

    Raises:
        RefusedError: it is another method.
    """
    if request.method != "POST":
        raise wrong_method()


@open_door
def batch(request: HttpRequest) -> HttpResponse:
    """``/v1/batch``, ``/v1/b``, ``/beacon/v1/batch?writeKey=``: many events of any type."""
    posted(request)
    found = segment_batch(body_of(request))
    return receive(request, "segment", found, request.GET.get("writeKey"))


@open_door
def single(request: HttpRequest, kind: str) -> HttpResponse:
    """``/v1/track`` and its like, ``/v1/t`` and its like: one event."""
    posted(request)
    found = segment_single(KINDS.get(kind, kind), body_of(request))
    return receive(request, "segment", found, request.GET.get("writeKey"))


@open_door
def project_settings(request: HttpRequest, key: str) -> HttpResponse:
    """``/v1/projects/{key}/settings``: what analytics.js loads first; it sends to this host."""
    source_of((key,))
    segment: dict[str, object] = {
        "apiKey": key,
        "apiHost": f"{request.get_host()}/v1",
        "protocol": request.scheme,
        "deliveryStrategy": {"strategy": "batching", "config": {"size": 10, "timeout": 2_000}},
        "unbundledIntegrations": [],
        "addBundledMetadata": True,
        "maybeBundledConfigIds": {},
        "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
    }
    plan = {"track": {"__default": {"enabled": True, "integrations": {}}}}
    return answered(
        {
            "integrations": {"Segment.io": segment},
            "plan": plan,
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "enabledMiddleware": {},
            "metrics": {"sampleRate": 0},
            "legacyVideoPluginsEnabled": False,
            "remotePlugins": [],
        }
    )


@open_door
def source_config(request: HttpRequest) -> HttpResponse:
    """``/sourceConfig/``: what RudderStack's browser library loads first, or it never sends."""
    given = request.GET.get("writeKey")
    source = source_of((*keys_in_header(request), given))
    enabled = {"enabled": True, "destinations": [], "id": source.key, "name": source.key}
    told = {
        **enabled,
        "config": {
            "statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}
        },
        "connections": [],
        "dataplanes": {},
        "writeKey": given,
        "workspaceId": "tenure",
    }
    return answered({"source": told, "updatedAt": "2026-01-01T00:00:00.000Z"})


@open_door
def nowhere(request: HttpRequest) -> HttpResponse:
    """Addresses beneath ``/v1/`` that nothing answers: JSON, as libraries expect."""
    raise RefusedError(404, "not_found", Words("没有这个地址", "there is no such address"))
