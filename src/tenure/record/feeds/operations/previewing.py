"""What a sample becomes under a map: the events, and the rows that would be refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tenure.record.events.operations import IncomingEvent
from tenure.record.events.queries import basis
from tenure.record.feeds.operations.keeping import feed_source, text_for
from tenure.record.feeds.operations.webhooks.planning import webhook_map
from tenure.record.feeds.operations.webhooks.translating import refusals_of
from tenure.record.imports.operations.drafts import Draft, draft_of
from tenure.record.imports.operations.mapping import ImportMap, load_map
from tenure.record.imports.operations.needs import needed_definitions, types_of
from tenure.record.imports.operations.planning.plan import make_plan
from tenure.record.imports.operations.running.flow import Flow, Rows
from tenure.record.imports.operations.running.tables import open_source
from tenure.record.imports.operations.running.tally import Tally
from tenure.record.imports.operations.uploading import open_upload, other_paths, upload_path
from tenure.record.library.queries import current_library, supposing
from tenure.words import Words

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """An event that a row would become."""

    line: int
    name: Words
    event: IncomingEvent


@dataclass(slots=True)
class Preview:
    """What a sample would become; of events and refused rows the first dozen.

    Attributes:
        rows: of the sample.
        left_out: of these, by the map.
    """

    rows: int = 0
    refused_rows: int = 0
    left_out: int = 0
    shown: list[Shown] = field(default_factory=list)
    refused: list[tuple[int, Words]] = field(default_factory=list)

    def refuse(self, rows: Rows, why: Words) -> None:
        """Note rows that would be refused."""
        self.refused_rows += len(rows)
        if len(self.refused) < _SHOWN:
            self.refused += [(line, why) for line, _ in rows]


def feed_draft(source_id: int, upload_id: int) -> Draft:
    """The map that a sample suggests; orders of one number are one, however often they are told.

    Raises:
        TenureError: the sample is gone, or is no table.
    """
    found, draft = feed_source(source_id), draft_of(upload_id)
    document = draft.guess.document
    order = next((name for name, part in draft.guess.chosen.items() if part == "order"), None)
    single = all(isinstance(event.get("type"), str) for event in document["events"])
    if order is not None and single and "group_by" not in document:
        draft.guess.document = {"source": found.key, "key": order, **document}
    else:
        draft.guess.document = {"source": found.key, **document}
    draft.text = draft.guess.text()
    return draft


def preview_map(source_id: int, upload_id: int, text: str, *, at: datetime) -> Preview:
    """Do all that reading a sample would do, and record nothing.

    Raises:
        TenureError: the map is none, or none for this feed, or the sample does not fit it.
    """
    found = feed_source(source_id)
    map_ = _map(found.kind, text_for(found.key, text))
    upload = open_upload(upload_id)
    with supposing(needed_definitions(types_of(map_))):
        opened = open_source(upload_path(upload), map_, other_paths(upload))
        library, _ = current_library()
        kept_in = basis()
        plan = make_plan(
            map_, opened.table, opened.own, library, zone=kept_in.zone, currency=kept_in.currency
        )
        preview, tally = Preview(), Tally()
        for unit in Flow(opened.table, plan, tally, preview.refuse).units():
            if unit is None:
                continue
            reasons = refusals_of(unit.events, found.key, at=at)
            if reasons:
                preview.refuse(unit.rows, reasons[0])
            elif len(preview.shown) < _SHOWN:
                preview.shown += [
                    Shown(unit.rows[0][0], _name(event.type), event) for event in unit.events
                ]
        preview.rows, preview.left_out = tally.rows, tally.left_out
    return preview


def _map(kind: str, text: str) -> ImportMap:
    return webhook_map(text) if kind == "webhook" else load_map(text, "feed.map.yaml")


def _name(key: str) -> Words:
    known = current_library()[0].event_types.get(key)
    return known.name if known is not None and known.name is not None else Words(key, key)
