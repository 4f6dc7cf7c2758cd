"""Keeping refused events: the body in the vault, since it may hold personal data."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from tenure.record.events.models import DeadLetter
from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.events.operations.prepared import Origin
from tenure.record.vault.operations import Secret, store
from tenure.record.vault.queries import keyring
from tenure.words import Words

LETTER_HOLDER = "dead_letter"
LETTER_FIELD = "body"
_SLICE = 500
_READABLE = 20_000


class Refused(NamedTuple):
    """A refused event with every reason."""

    event: IncomingEvent
    reasons: tuple[Words, ...]


class Reason(msgspec.Struct):
    """A reason as it is stored."""

    zh: str
    en: str


def keep_refused(letters: Sequence[Refused], origin: Origin) -> None:
    """Put refused events aside; one that was refused before is not put aside twice."""
    by_digest: dict[bytes, tuple[Refused, str]] = {}
    for letter in letters:
        body = body_text(letter.event)
        by_digest.setdefault(_digest(origin.source, body), (letter, body))
    digests = list(by_digest)
    for start in range(0, len(digests), _SLICE):
        part = digests[start : start + _SLICE]
        known = DeadLetter.objects.filter(digest__in=part).values_list("digest", flat=True)
        fresh = [code for code in part if code not in {bytes(code) for code in known}]
        rows = DeadLetter.objects.bulk_create(
            [_row(code, by_digest[code][0], origin) for code in fresh]
        )
        store(
            [
                Secret(LETTER_HOLDER, row.id, LETTER_FIELD, None, by_digest[code][1])
                for row, code in zip(rows, fresh, strict=True)
            ]
        )


def body_text(event: IncomingEvent) -> str:
    """The event as JSON; what JSON cannot hold, as the text Python shows for it."""
    try:
        return msgspec.json.encode(event, enc_hook=_shown).decode()
    except (TypeError, ValueError, RecursionError, OverflowError):
        shown = repr(event)[:_READABLE].encode(errors="backslashreplace").decode()
        return msgspec.json.encode({"unreadable": shown}).decode()


def _shown(value: object) -> str:
    return repr(value)


def _row(code: bytes, letter: Refused, origin: Origin) -> DeadLetter:
    reasons = [Reason(zh=words.zh, en=words.en) for words in letter.reasons]
    return DeadLetter(
        digest=code,
        source=origin.source,
        type=_type_name(letter.event),
        batch_id=origin.batch_id,
        reasons=msgspec.json.encode(reasons).decode(),
        recorded_us=origin.recorded_us,
    )


def _type_name(event: IncomingEvent) -> str:
    """The type as far as it can be shown."""
    text = str(getattr(event, "type", ""))[:100]
    return text if text.isprintable() else "?"


def _digest(source: str, body: str) -> bytes:
    secret = keyring().identity[:32]
    text = f"{source}\x1f{body}".encode()
    return blake2b(text, digest_size=16, key=secret, usedforsecurity=False).digest()
