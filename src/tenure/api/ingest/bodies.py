"""Bodies as they come over the wire: what they are is told by their bytes, never by a header."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

from django.http import HttpRequest

from tenure.api.ingest.refusing import bad_compression, bad_json, too_large

LARGEST = 500_000
"""Bytes of a request, unpacked, as Segment's specification has it."""
LARGEST_OF_RUDDER = 4_000_000
"""RudderStack's libraries make batches of up to 4 MB."""
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_PIECE = 65_536
_MOST_FORM_FIELDS = 20


def limit_of(request: HttpRequest) -> int:
    """How many bytes a request may have, unpacked."""
    agent = request.headers.get("User-Agent", "").lower()
    return LARGEST_OF_RUDDER if "rudder" in agent else LARGEST


def body_of(request: HttpRequest) -> bytes:
    """The body, unpacked if it is gzip, without a byte order mark.

    Raises:
        RefusedError: too large, or damaged gzip.
    """
    limit = limit_of(request)
    return unpacked_body(raw_body(request, limit), limit)


def unpacked_body(raw: bytes, limit: int) -> bytes:
    """A body unpacked if it is gzip, without a byte order mark.

    Raises:
        RefusedError: too large, or damaged gzip.
    """
    if raw[:2] == _GZIP:
        raw = unpacked(raw, limit)
    return raw.removeprefix(_BOM)


def raw_body(request: HttpRequest, limit: int) -> bytes:
    """At most ``limit`` bytes as they came; without a length (chunked) it is read as it comes.

    Raises:
        RefusedError: there are more.
    """
    stream = request
    if not request.META.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" in request.META:
        stream = request.META["wsgi.input"]
    raw = bytes(stream.read(limit + 1))
    if len(raw) > limit:
        raise too_large(limit)
    return raw


def unpacked(raw: bytes, limit: int) -> bytes:
    """The content of gzip, never more than ``limit`` bytes in memory.

    Raises:
        RefusedError: damaged, ended too soon, or more than ``limit``.
    """
    content = b""
    while raw[:2] == _GZIP:  # members may follow one another (RFC 1952, 2.2)
        member = zlib.decompressobj(wbits=31)
        try:
            content += member.decompress(raw, limit + 1 - len(content))
        except zlib.error:
            raise bad_compression() from None
        if len(content) > limit:
            raise too_large(limit)
        if not member.eof:
            raise bad_compression()
        raw = member.unused_data
    return content


def form_of(request: HttpRequest, body: bytes) -> Mapping[str, str]:
    """The fields of a form, or of the address where there is no body."""
    text = body.decode("latin-1") if body else request.META.get("QUERY_STRING", "")
    try:
        return dict(parse_qsl(text, max_num_fields=_MOST_FORM_FIELDS))
    except ValueError:
        raise bad_json() from None


def from_base64(text: str, limit: int) -> bytes:
    """What base64 stands for, unpacked if it is gzip; a plus sign may have become a space.

    Raises:
        RefusedError: neither base64 nor JSON, too large, or damaged gzip.
    """
    try:
        raw = base64.b64decode(text.replace(" ", "+"), validate=True)
    except (binascii.Error, ValueError):
        if text[:1] in "[{":  # some libraries send it plain
            return text.encode("latin-1")
        raise bad_json() from None
    return unpacked(raw, limit) if raw[:2] == _GZIP else raw
