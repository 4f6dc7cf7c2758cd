"""What a door hands to the log, and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from tenure.words import Words

Status = Literal["accepted", "repeated", "refused"]


class IncomingEvent(msgspec.Struct):
    """An event as a source tells it.

    Attributes:
        type: event type key, such as ``order.placed``; unknown ones are kept and reported.
        occurred_at: when it happened in the world; aware.
        identifiers: identifier type to raw value, or to several values of that type, the event's
            own first; empty for an anonymous event.
        fields: field key to value; a money field as str, Decimal or int.
        key: the source's own id of the event; without one, equal content is a repeat.
        currency: ISO 4217 code of the money field; the organisation's own when absent.
        exchange_rate: base currency per unit of ``currency``; needed when that is foreign.
        keyed_at: the moment by which a repeat is recognised, where ``occurred_at`` is reckoned
            anew each time the event is sent (a device's clock put right); aware.
        other: identifier type and value of another customer whom the event is also about: the
            number of that identifier becomes its field ``other``, and nothing is linked.
    """

    type: str
    occurred_at: datetime
    identifiers: Mapping[str, str | tuple[str, ...]] = {}
    fields: dict[str, object] = {}
    key: str | None = None
    currency: str | None = None
    exchange_rate: Decimal | None = None
    keyed_at: datetime | None = None
    other: tuple[str, str] | None = None


class Receipt(msgspec.Struct, frozen=True):
    """What became of one incoming event.

    ``event_id`` is the event in the log (for a repeat, the one that was there first), ``None``
    when refused. ``reasons`` say why it was refused, ``warnings`` what was odd but accepted.
    """

    status: Status
    event_id: int | None = None
    reasons: tuple[Words, ...] = ()
    warnings: tuple[Words, ...] = ()


class RefusalError(Exception):
    """An event cannot be recorded; carries every reason found, in words."""

    def __init__(self, *reasons: Words) -> None:
        super().__init__("; ".join(reason.en for reason in reasons))
        self.reasons = reasons
