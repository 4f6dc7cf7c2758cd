"""Whether a request was signed by whoever shares the secret of a webhook."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime

from tenure.words import Words

STANDARD = "standard"
HEX, BASE64 = "hex", "base64"
STANDARD_PREFIX = "whsec_"
TOLERANCE_SECONDS = 300
"""How old or how far ahead a signed moment may be (Standard Webhooks, "Verifying")."""

MISSING = Words(
    "请求没有签名：这个来源设了共享密钥，发送方须用它签名",
    "the request is not signed: this source has a shared secret, and its sender must sign with it",
)
WRONG = Words(
    "签名不符：请核对发送方的共享密钥与这里的是否相同，以及签名的写法",
    "the signature is wrong: check that the sender has the same shared secret, and how it signs",
)
TOO_OLD = Words(
    "签名的时刻与现在相差超过 5 分钟：请校准发送方的时钟",
    "the signed moment is more than 5 minutes from now: set the sender's clock right",
)


def fault_of_signature(
    rule: Mapping[str, object],
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    at: datetime,
) -> Words | None:
    """What is wrong with the signature of a request; None where it is good.

    Args:
        rule: ``form`` is ``standard`` (Standard Webhooks: ``webhook-id``, ``webhook-timestamp``
            and ``webhook-signature``, ``v1,`` and HMAC-SHA256 in base64 over
            ``id.timestamp.body``) or ``header``: HMAC-SHA256 over the body in the header
            ``header``, ``encoding`` hex or base64, behind ``prefix`` if any.
        secret: what both sides share.
        headers: of the request, names without regard to case.
        body: its bytes exactly as they came.
        at: now, aware.
    """
    if rule.get("form") == STANDARD:
        return _standard(secret, headers, body, at)
    given = headers.get(str(rule.get("header", "")), "").strip()
    if not given:
        return MISSING
    digest = hmac.digest(secret.encode(), body, hashlib.sha256)
    prefix = str(rule.get("prefix", ""))
    if prefix and not given.startswith(prefix):
        return WRONG
    given = given[len(prefix) :]
    if rule.get("encoding") == HEX:
        good = hmac.compare_digest(digest.hex().encode(), given.lower().encode())
    else:
        good = hmac.compare_digest(base64.b64encode(digest), given.encode())
    return None if good else WRONG


def _standard(secret: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Words | None:
    name, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not (name and moment and given):
        return MISSING
    if not (moment.isascii() and moment.isdigit() and len(moment) < 16):
        return WRONG
    if abs(at.timestamp() - int(moment)) > TOLERANCE_SECONDS:
        return TOO_OLD
    signed = f"{name}.{moment}.".encode() + body
    expected = [
        base64.b64encode(hmac.digest(key, signed, hashlib.sha256)) for key in _keys_of(secret)
    ]
    for one in given.split():
        version, _, signature = one.partition(",")
        if version == "v1" and any(
            hmac.compare_digest(good, signature.encode()) for good in expected
        ):
            return None
    return WRONG


def _keys_of(secret: str) -> Iterator[bytes]:
    """The bytes a secret stands for: base64 behind ``whsec_``; else its text."""
    if not secret.startswith(STANDARD_PREFIX):
        yield secret.encode()
        return
    try:
        yield base64.b64decode(secret[len(STANDARD_PREFIX) :], validate=True)
    except (binascii.Error, ValueError):
        yield secret.encode()
