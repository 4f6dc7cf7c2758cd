"""Signatures by the Standard Webhooks specification 1.0.0 (standardwebhooks.com), symmetric.

``v1,`` and the base64 of HMAC-SHA256 over ``{id}.{timestamp}.{body}``; several signatures, of
several secrets, stand side by side with spaces between them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
"""How every secret begins, by the specification, so that scanners for lost secrets know one."""
_SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh random secret, ``whsec_`` and base64 of 32 bytes."""
    return PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(
    message_id: str, body: bytes, signers: Sequence[str], *, at: datetime
) -> dict[str, str]:
    """The headers by which a receiver knows the message and that it is ours.

    Args:
        message_id: the same for every attempt.
        body: exactly as it is sent.
        signers: the secrets that sign now, the newest first.
        at: the moment of this attempt, aware; told in whole seconds.
    """
    timestamp = str(int(at.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in signers),
    }


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))
    return "v1," + b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
