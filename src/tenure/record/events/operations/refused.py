"""Keeping refused events: the body in the vault, since it may hold personal data."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from tenure.record.events.models import DeadLetter, UndoneBatch
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
    """Put refused events aside; one that was refused before is not put aside twice.

    One that was refused in an import since undone waits again, under its new import.
    """
    by_digest: dict[bytes, tuple[Refused, str]] = {}
    for letter in letters:
        body = body_text(letter.event)
        by_digest.setdefault(_digest(origin.source, body), (letter, body))
    digests = list(by_digest)
    for start in range(0, len(digests), _SLICE):
        part = digests[start : start + _SLICE]
        known = {bytes(row.digest): row for row in DeadLetter.objects.filter(digest__in=part)}
        rows = DeadLetter.objects.bulk_create(
            [_row(code, by_digest[code][0], origin) for code in part if code not in known]
        )
        rows += _reopen(known, by_digest, origin)
        store(
            [
                Secret(LETTER_HOLDER, row.id, LETTER_FIELD, None, by_digest[bytes(row.digest)][1])
                for row in rows
            ]
        )


def _reopen(
    known: dict[bytes, DeadLetter], by_digest: dict[bytes, tuple[Refused, str]], origin: Origin
) -> list[DeadLetter]:
    """Move the letters of undone imports to the new one; those that have lost their body.

    What was discarded stays so: that was decided about the event, whatever import it is in.
    """
    batches = {row.batch_id for row in known.values() if row.batch_id is not None}
    undone = UndoneBatch.objects.filter(batch_id__in=batches).values_list("batch_id", flat=True)
    moved = {batch for batch in undone if batch != origin.batch_id} if batches else set()
    bodiless: list[DeadLetter] = []
    for code, row in known.items():
        if row.batch_id not in moved or row.status == DeadLetter.Status.DISCARDED:
            continue
        row.digest, row.batch_id, row.recorded_us = code, origin.batch_id, origin.recorded_us
        row.reasons = _reasons(by_digest[code][0])
        if row.status == DeadLetter.Status.REPLAYED:
            row.status, row.event_id, row.note = DeadLetter.Status.WAITING, None, ""
            row.closed_us, row.closed_by = None, ""
            bodiless.append(row)
        row.save()
    return bodiless


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
    return DeadLetter(
        digest=code,
        source=origin.source,
        type=_type_name(letter.event),
        batch_id=origin.batch_id,
        reasons=_reasons(letter),
        recorded_us=origin.recorded_us,
    )


def _reasons(letter: Refused) -> str:
    reasons = [Reason(zh=words.zh, en=words.en) for words in letter.reasons]
    return msgspec.json.encode(reasons).decode()


def _type_name(event: IncomingEvent) -> str:
    """The type as far as it can be shown."""
    text = str(getattr(event, "type", ""))[:100]
    return text if text.isprintable() else "?"


def _digest(source: str, body: str) -> bytes:
    secret = keyring().identity[:32]
    text = f"{source}\x1f{body}".encode()
    return blake2b(text, digest_size=16, key=secret, usedforsecurity=False).digest()
