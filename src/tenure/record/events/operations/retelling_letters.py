"""Refused messages that could be no event, told anew as the events that they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.models import DeadLetter
from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.events.operations.recording import record
from tenure.record.events.operations.refused import LETTER_HOLDER, Reason
from tenure.record.vault.operations import discard
from tenure.words import Words

Told = Sequence[IncomingEvent] | Sequence[Words]
LEFT_OUT = "left out by the map"


@dataclass(slots=True)
class Retelling:
    """What telling refused messages anew came to, by messages; ``left_out``: on purpose."""

    recorded: int = 0
    refused: int = 0
    left_out: int = 0


def retell_dead_letters(
    told: Mapping[int, Told], *, source: str, by: Actor, at: datetime
) -> Retelling:
    """Record the events that refused messages are; a message is recorded whole or waits on.

    Args:
        told: number of the refused message, to its events, to none where it is left out on
            purpose, or to the reasons for which it is refused again.
        source: whose they are.
        by: who has them tried again.
        at: the recording moment, aware.
    """
    done = Retelling()
    with transaction.atomic():
        waiting = DeadLetter.objects.select_for_update().filter(status=DeadLetter.Status.WAITING)
        letters = waiting.filter(source=source).in_bulk(list(told))
        closed: list[int] = []
        for letter_id, letter in letters.items():
            events = [one for one in told[letter_id] if isinstance(one, IncomingEvent)]
            reasons = [one for one in told[letter_id] if isinstance(one, Words)]
            number: int | None = None
            if events and not reasons:
                number, reasons = _recorded(events, source, by=by, at=at)
            if reasons:
                kept = [Reason(zh=words.zh, en=words.en) for words in reasons]
                letter.reasons = msgspec.json.encode(kept).decode()
                done.refused += 1
            else:
                _close(letter, number, by=by, at=at)
                closed.append(letter_id)
                done.recorded += bool(events)
                done.left_out += not events
            letter.save()
        discard(LETTER_HOLDER, closed)
    return done


def _recorded(
    events: list[IncomingEvent], source: str, *, by: Actor, at: datetime
) -> tuple[int | None, list[Words]]:
    """The number of the first event, or every reason for which one was refused."""
    receipts = record(events, source=source, by=by, at=at, set_aside=False)
    reasons = [why for receipt in receipts for why in receipt.reasons]
    return receipts[0].event_id, reasons


def _close(letter: DeadLetter, number: int | None, *, by: Actor, at: datetime) -> None:
    letter.status = DeadLetter.Status.REPLAYED if number else DeadLetter.Status.DISCARDED
    letter.event_id, letter.note = number, letter.note if number else LEFT_OUT
    letter.closed_by, letter.closed_us = by.key, to_microseconds(at)
