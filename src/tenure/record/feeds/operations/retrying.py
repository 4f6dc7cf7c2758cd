"""Refused records of webhooks tried again, under the map as it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.definitions import Library
from tenure.record.events.operations import IncomingEvent, replay_dead_letters
from tenure.record.events.operations.retelling_letters import (
    Retelling,
    Told,
    retell_dead_letters,
)
from tenure.record.events.queries import DeadLetterView, dead_letters
from tenure.record.feeds.operations.problems import FeedError
from tenure.record.feeds.operations.webhooks.translating import translate_webhook
from tenure.record.library.queries import current_library
from tenure.record.sources.arrived import Arrived
from tenure.record.sources.operations.taking import UNREADABLE_TYPE
from tenure.record.sources.queries import KnownSource, known_sources
from tenure.record.sources.translating import Untranslatable
from tenure.words import Words

_AT_ONCE = 200


class _Kept(msgspec.Struct):
    """What of a refused message is kept: an event that holds its text."""

    occurred_at: datetime
    fields: dict[str, object]


def retry_refused(
    source_id: int, *, by: Actor, clock: Callable[[], datetime], most: int = 100_000
) -> Retelling:
    """Try every refused record of a webhook again; what fits now is recorded once.

    Args:
        source_id: of its source.
        by: who asks for it.
        clock: tells the moment of recording, aware; asked for every two hundred.
        most: so many at most.

    Raises:
        FeedError: there is no such webhook, or it is paused.
    """
    known = known_sources().get(source_id)
    if known is None or known.kind != "webhook":
        raise FeedError(
            Words(zh="只有 Webhook 的记录可以这样重试", en="only records of webhooks are tried so")
        )
    if known.paused:
        raise FeedError(
            Words(zh="来源已暂停：请先恢复", en="the source is paused: resume it first")
        )
    library, _ = current_library()
    done, after, tried = Retelling(), 0, 0
    while tried < most:
        letters = dead_letters(source=known.key, after=after, limit=_AT_ONCE, with_body=True)
        if not letters:
            break
        after, tried = letters[-1].id, tried + len(letters)
        _retry(letters, known, library, done, by=by, at=clock())
    return done


def _retry(
    letters: list[DeadLetterView],
    source: KnownSource,
    library: Library,
    done: Retelling,
    *,
    by: Actor,
    at: datetime,
) -> None:
    told = {one.id: _told(one, source, library) for one in letters if one.type == UNREADABLE_TYPE}
    some = retell_dead_letters(told, source=source.key, by=by, at=at)
    held = [one.id for one in letters if one.type != UNREADABLE_TYPE]
    replayed = replay_dead_letters(held, by=by, at=at) if held else None
    again = replayed.recorded if replayed else 0
    done.recorded += some.recorded + again
    done.refused += some.refused + (len(replayed.receipts) - again if replayed else 0)
    done.left_out += some.left_out


def _told(letter: DeadLetterView, source: KnownSource, library: Library) -> Told:
    """What a kept record is now: events, none, or reasons."""
    try:
        kept = msgspec.json.decode(letter.body or "", type=_Kept)
    except msgspec.DecodeError:
        return letter.reasons
    text = kept.fields.get("text")
    if not isinstance(text, str):
        return letter.reasons
    arrived = Arrived(
        source_id=source.id,
        dialect="webhook",
        received_us=to_microseconds(kept.occurred_at),
        envelope=b"",
        items=[text.encode(errors="replace")],
    )
    results = translate_webhook(arrived, source, library)
    reasons = [why for one in results if isinstance(one, Untranslatable) for why in one.reasons]
    return reasons or [one for one in results if isinstance(one, IncomingEvent)]
