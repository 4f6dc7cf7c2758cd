"""From bodies of webhooks to events, by the map of their source; what does not fit is kept whole.

A record is recorded whole or refused whole: of one whose event the log would refuse nothing is
recorded, so that a mended map can tell all of it anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.definitions import Library
from tenure.record.events.operations import IncomingEvent
from tenure.record.events.operations.recording import read_batch
from tenure.record.events.queries import basis
from tenure.record.feeds.operations.webhooks.planning import webhook_map, webhook_plan
from tenure.record.feeds.operations.webhooks.records import (
    Envelope,
    NoRecordError,
    Record,
    records_of,
)
from tenure.record.imports.operations.masking import masked
from tenure.record.imports.operations.problems import RowProblem
from tenure.record.imports.operations.reading.json_lines import flat_mapping
from tenure.record.sources.arrived import Arrived
from tenure.record.sources.queries import KnownSource
from tenure.record.sources.translating import LeftOut, Result, Untranslatable
from tenure.words import TenureError, Words

NO_MAP = Words(
    "还没有映射：请在这个来源的页面上设置，然后重试",
    "there is no map yet: make one at the page of the source, then try again",
)
NO_RULE = Words(
    "映射里没有规则适用于这条记录：请补充规则后重试",
    "no rule of the map applies to this record: add one, then try again",
)
TOO_DEEP = Words("JSON 嵌套太深", "the JSON is nested too deeply")
_STRANGE = Words("内容无法写成 JSON", "it cannot be written as JSON")
Results = list[Result]


class Translation:
    """A map ready to translate with."""

    def __init__(self, text: str, library: Library) -> None:
        map_ = webhook_map(text)
        self._plan, self._columns = webhook_plan(map_, library)
        self._may_skip = any(
            "skip" in (rule.type.otherwise, *rule.type.values.values()) for rule in map_.events
        )

    def events_of(self, record: Record, repeat: int = 1) -> list[IncomingEvent]:
        """The events of one record; none where the map leaves it out on purpose.

        Args:
            record: flat or not.
            repeat: tells equal records of one body apart, from 1.

        Raises:
            RowProblem: a value does not fit, or no rule applies.
        """
        try:
            flat = flat_mapping(record.fields)
        except RecursionError:
            raise RowProblem(TOO_DEEP) from None
        cells = [flat.get(name) for name in self._columns]
        plan = self._plan
        try:
            if plan.skips and plan.skip(cells) is not None:
                return []
            key = plan.key_of(cells) if plan.keyed else f"{digest_of(record)}.{repeat}"
            events = plan.of_row(1, cells, key)
        except RowProblem as problem:
            told = masked(problem.words, [(1, cells)], range(len(cells)))  # kept for long
            raise RowProblem(told) from None
        if not events and not self._may_skip:
            raise RowProblem(NO_RULE)
        return events


def digest_of(record: Record) -> str:
    """What equal records share: of all that their sender wrote."""
    return blake2b(msgspec.json.encode(record.own, order="sorted"), digest_size=16).hexdigest()


_ready: dict[str, tuple[Library, object, Translation]] = {}


def translation_of(text: str, library: Library) -> Translation:
    """The map of a source ready to use; made once per map, library and basis of the log.

    Raises:
        TenureError: it is no map, or names what is not there.
    """
    kept_in = basis()
    known = _ready.get(text)
    if known is None or known[0] is not library or known[1] != kept_in:
        known = (library, kept_in, Translation(text, library))
        if len(_ready) > 200:
            _ready.clear()
        _ready[text] = known
    return known[2]


def translate_webhook(arrived: Arrived, source: KnownSource, library: Library) -> Results:
    """What the records of a request are, or why they can be no events; never fails."""
    text, list_at = source.settings.get("map"), source.settings.get("list_at")
    path = list_at if isinstance(list_at, str) else ""
    why, translation = NO_MAP, None
    if isinstance(text, str) and text:
        try:
            translation = translation_of(text, library)
        except TenureError as problem:
            why = problem.words
    results: Results = []
    for item in arrived.items:
        try:
            found = records_of(
                item, envelope_of(arrived.envelope), list_at=path, received_us=arrived.received_us
            )
        except NoRecordError as problem:
            results.append(Untranslatable(item, (problem.words,)))
            continue
        at = from_microseconds(arrived.received_us)
        results += _translated(found, item, translation, why, source, at=at)
    return results


def envelope_of(raw: bytes) -> Envelope:
    """What a request said besides its body; nothing where that is not known."""
    try:
        return msgspec.json.decode(raw, type=Envelope) if raw else Envelope()
    except msgspec.DecodeError:
        return Envelope()


def _translated(
    records: list[Record | NoRecordError],
    item: bytes,
    translation: Translation | None,
    why: Words,
    source: KnownSource,
    *,
    at: datetime,
) -> Results:
    results: Results = []
    times: dict[str, int] = {}
    for record in records:
        if isinstance(record, NoRecordError):
            results.append(Untranslatable(item, (record.words,)))
            continue
        try:
            body = msgspec.json.encode(record.fields)
            name = digest_of(record)
        except (ValueError, OverflowError, RecursionError, TypeError):
            results.append(Untranslatable(item, (_STRANGE,)))
            continue
        times[name] = times.get(name, 0) + 1
        if translation is None:
            results.append(Untranslatable(body, (why,)))
        else:
            results += told(record, body, translation, source.key, at=at, repeat=times[name])
    return results


def told(
    record: Record, body: bytes, translation: Translation, source: str, *, at: datetime, repeat: int
) -> Results:
    """The events of one record, or that it is left out, or the record with what is wrong with it.

    Args:
        record: as it came.
        body: what is kept of it where it is refused.
        translation: the map.
        source: key of the source.
        at: when it arrived, aware; nothing may lie far ahead of that.
        repeat: tells equal records of one body apart, from 1.
    """
    try:
        events = translation.events_of(record, repeat)
    except RowProblem as problem:
        return [Untranslatable(body, (problem.words,))]
    if not events:
        return [LeftOut()]
    reasons = refusals_of(events, source, at=at)
    return [Untranslatable(body, reasons)] if reasons else list(events)


def refusals_of(events: Sequence[IncomingEvent], source: str, *, at: datetime) -> tuple[Words, ...]:
    """Why the log would refuse any of these events; nothing where it would take them all."""
    by = Actor(f"source:{source}"[:100], "program", source)
    batch = read_batch(events, source=source, by=by, at=at)
    reasons = [why for refusal in batch.refused.values() for why in refusal.reasons]
    return tuple(dict.fromkeys(reasons))
