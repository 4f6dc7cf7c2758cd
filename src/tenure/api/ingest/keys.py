"""Whose events these are: the write key, wherever a library puts it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from django.http import HttpRequest

from tenure.api.ingest.refusing import unknown_key
from tenure.record.sources.queries import KnownSource, source_of_key

_LONGEST = 200


def keys_in_header(request: HttpRequest) -> list[str]:
    """The key of an ``Authorization`` header: Basic with or without a colon, or Bearer."""
    scheme, _, given = request.headers.get("Authorization", "").strip().partition(" ")
    given = given.strip()
    if scheme.lower() == "bearer":
        return [given]
    if scheme.lower() != "basic":
        return []
    try:
        plain = base64.b64decode(given + "=" * (-len(given) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        plain = ""
    return [key for key in (plain.partition(":")[0], given.partition(":")[0]) if key]


def source_of(candidates: Iterable[str | None]) -> KnownSource:
    """The source of the first key that is one.

    Raises:
        RefusedError: none is.
    """
    for key in candidates:
        if key and len(key) <= _LONGEST:
            source = source_of_key(key)
            if source is not None:
                return source
    raise unknown_key()
