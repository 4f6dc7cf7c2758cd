"""Webhooks of foreign systems: ``/hooks/KEY``; the body goes into the spool as it came.

Nothing of it is looked at but its signature, where the source has a shared secret: what it
means is the business of the map, which may be mended later.
"""

from __future__ import annotations

import re

import msgspec
from django.http import HttpRequest, HttpResponse

from tenure.api.ingest.answers import open_door, taken
from tenure.api.ingest.batches import Batch
from tenure.api.ingest.bodies import LARGEST_OF_RUDDER, raw_body, unpacked_body
from tenure.api.ingest.keys import keys_in_header, source_of
from tenure.api.ingest.receiving import keep
from tenure.api.ingest.refusing import RefusedError, wrong_method
from tenure.clock import now
from tenure.record.feeds.operations.webhooks.records import Envelope
from tenure.record.feeds.queries.secrets import SECRET, secret_of
from tenure.record.feeds.queries.signing import WRONG, fault_of_signature
from tenure.record.sources.queries import KnownSource
from tenure.words import Words

_KEPT = re.compile(r"(?:x|webhook)-[a-z0-9\-]{1,60}")
_NOT_KEPT = re.compile(r"sign|hmac|secret|token|auth|key|forward|real-ip|client|request-id|trace")
_MOST_HEADERS, _LONGEST_HEADER = 30, 200


def hook(request: HttpRequest, key: str = "") -> HttpResponse:
    """One delivery: an object, a list, or a form; its address, which holds the key, is not logged.

    Django writes the address of whatever is answered 4xx into its log, unless that was done.
    """
    answer = _taken(request, key=key)
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


hook.csrf_exempt = True  # type: ignore[attr-defined]


@open_door
def _taken(request: HttpRequest, key: str) -> HttpResponse:
    if request.method != "POST":
        raise wrong_method()
    source = source_of((key, *keys_in_header(request)))
    if source.kind != "webhook":
        raise RefusedError(
            401,
            "no_webhook",
            Words("这个密钥不是 Webhook 的", "this key is not that of a webhook"),
        )
    raw = raw_body(request, LARGEST_OF_RUDDER)
    _check_signature(request, source, raw)
    body = unpacked_body(raw, LARGEST_OF_RUDDER)
    if not body.strip():
        return taken(())
    keep(source, "webhook", Batch([body], _envelope(request), None))
    return taken(())


def _check_signature(request: HttpRequest, source: KnownSource, raw: bytes) -> None:
    """Go on only with a good signature, where one is wanted.

    Raises:
        RefusedError: it is missing, wrong or too old.
    """
    rule = source.settings.get("signature")
    if not isinstance(rule, dict):
        return
    secret = secret_of(source.id, SECRET, rule.get("stamp"))
    fault = WRONG
    if secret is not None:
        found = fault_of_signature(rule, secret, request.headers, raw, at=now())
        if found is None:
            return
        fault = found
    raise RefusedError(401, "invalid_signature", fault)


def _envelope(request: HttpRequest) -> bytes:
    """The headers that say what a body is about, such as ``X-Shopify-Topic``."""
    headers: dict[str, str] = {}
    for name, text in request.headers.items():
        plain = name.lower()
        if _KEPT.fullmatch(plain) and not _NOT_KEPT.search(plain) and text.isprintable():
            headers[plain] = text[:_LONGEST_HEADER]
        if len(headers) >= _MOST_HEADERS:
            break
    return msgspec.json.encode(Envelope(headers))
