"""Noting what accepted events looked like, in the transaction that records them.

Of each type the numbers of the latest events, and the fields that no definition knows: by them a
person sees what a source sends, and a definition can be proposed for what is not declared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from tenure.clock import to_microseconds
from tenure.record.events.operations import Receipt
from tenure.record.events.operations.prepared import Prepared
from tenure.record.sources.models import Sample
from tenure.record.vault.operations.inserting import Cell, insert_all

_UNKNOWN_FIELD = "unknown_field"
MOST_SAMPLES = 20
"""Events kept in mind for each type of a source."""
_SAMPLE = {"source_id": "bigint", "type": "text", "event_ids": "text", "last_us": "bigint"}
_NEWEST = (
    "(source_id, type) DO UPDATE SET event_ids = excluded.event_ids, last_us = excluded.last_us"
)
_UNKNOWN = {
    "source_id": "bigint",
    "type": "text",
    "field": "text",
    "count": "bigint",
    "first_us": "bigint",
    "last_us": "bigint",
    "event_id": "bigint",
}
_COUNTED = (
    "(source_id, type, field) DO UPDATE SET count = sources_unknownfield.count + excluded.count, "
    "last_us = excluded.last_us, event_id = excluded.event_id"
)
_decode = msgspec.json.Decoder(list[int]).decode


@dataclass(slots=True)
class Seen:
    """What the events of one batch looked like.

    Attributes:
        latest: source and type, to the numbers of new events in their order.
        unknown: source, type and field, to how many had it and the latest of these.
    """

    latest: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    unknown: dict[tuple[int, str, str], list[int]] = field(default_factory=dict)

    def note(
        self, source_id: int, prepared: Iterable[Prepared | None], receipts: Iterable[Receipt]
    ) -> None:
        """Look at events of one source, as they were prepared and answered."""
        for item, receipt in zip(prepared, receipts, strict=True):
            if item is None or receipt.status != "accepted" or receipt.event_id is None:
                continue
            row, _, extras = item
            self.latest.setdefault((source_id, row[2]), []).append(receipt.event_id)
            for kind, type_, name in extras.oddities if extras is not None else ():
                if kind == _UNKNOWN_FIELD:
                    known = self.unknown.setdefault((source_id, type_, name), [0, 0])
                    known[0] += 1
                    known[1] = receipt.event_id


def keep_seen(seen: Seen, *, at: datetime) -> None:
    """Keep it; call it in the transaction that records the events, after the log was locked."""
    moment = to_microseconds(at)
    before: dict[tuple[int, str], list[int]] = {}
    if seen.latest:
        sources = {source for source, _ in seen.latest}
        types = {type_ for _, type_ in seen.latest}
        rows = Sample.objects.filter(source_id__in=sources, type__in=types)
        before = {
            (source, type_): _decode(ids)
            for source, type_, ids in rows.values_list("source_id", "type", "event_ids")
        }
    samples: list[list[Cell]] = []
    for (source, type_), ids in sorted(seen.latest.items()):
        newest = [*reversed(ids[-MOST_SAMPLES:]), *before.get((source, type_), [])]
        text = msgspec.json.encode(newest[:MOST_SAMPLES]).decode()
        samples.append([source, type_, text, moment])
    insert_all("sources_sample", _SAMPLE, samples, on_conflict=_NEWEST)
    unknown: list[list[Cell]] = [
        [source, type_, name, count, moment, moment, event_id]
        for (source, type_, name), (count, event_id) in sorted(seen.unknown.items())
    ]
    insert_all("sources_unknownfield", _UNKNOWN, unknown, on_conflict=_COUNTED)
