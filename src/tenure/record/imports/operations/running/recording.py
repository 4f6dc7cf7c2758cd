"""Writes batches of events together with the checkpoint of the import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from tenure.actor import Actor
from tenure.definitions import Library
from tenure.record.events.operations import IncomingEvent, Receipt, record_events
from tenure.words import Words

from ...models import Import
from .flow import Flow, Unit
from .report import RefusedRows
from .tally import Tally, count_words, encode_tally

_ZERO = Decimal(0)
Clock = Callable[[], datetime]


class _RefusedByLogError(Exception):
    """Rolls a batch back; carries the receipts."""

    def __init__(self, receipts: Sequence[Receipt]) -> None:
        super().__init__("refused")
        self.receipts = receipts


class Recorder:
    """Records units in batches.

    Args:
        row: the import; None for a dry run, whose batches are rolled back.
        clock: asked for each batch, since a long import is known bit by bit.
    """

    def __init__(
        self,
        *,
        row: Import | None,
        flow: Flow,
        tally: Tally,
        report: RefusedRows | None,
        library: Library,
        source: str,
        by: Actor,
        clock: Clock,
    ) -> None:
        self._row = row
        self._flow = flow
        self._tally = tally
        self._report = report
        self._source = source
        self._by = by
        self._clock = clock
        self._sums = {kind: Decimal(amount) for kind, amount in tally.amounts.items()}
        self._money = {
            key: field.key
            for key, kind in library.event_types.items()
            for field in kind.fields
            if field.type == "money"
        }

    def write(self, units: list[Unit]) -> None:
        """Record ``units`` and the checkpoint after them in one transaction.

        A unit of which the log refuses an event is refused whole: nothing of it is recorded.
        """
        while True:
            try:
                with transaction.atomic():
                    receipts = self._record(units)
                    self._count(units, receipts)
                    if self._row is None:
                        transaction.set_rollback(True)
                    else:
                        self._checkpoint(self._row)
            except _RefusedByLogError as refusal:
                units = self._without_refused(units, refusal.receipts)
                continue
            return

    def _record(self, units: Sequence[Unit]) -> list[Receipt]:
        events = [event for unit in units for event in unit.events]
        if not events:
            return []
        receipts = record_events(
            events,
            source=self._source,
            by=self._by,
            at=self._clock(),
            batch_id=self._row.id if self._row else None,
        )
        if any(receipt.status == "refused" for receipt in receipts):
            raise _RefusedByLogError(receipts)
        return receipts

    def _without_refused(self, units: list[Unit], receipts: Sequence[Receipt]) -> list[Unit]:
        kept = []
        position = 0
        for unit in units:
            answers = receipts[position : position + len(unit.events)]
            position += len(unit.events)
            reasons = [reason for answer in answers for reason in answer.reasons]
            if reasons:
                self._flow.refuse(unit.rows, _all(reasons))
            else:
                kept.append(unit)
        return kept

    def _count(self, units: Sequence[Unit], receipts: Sequence[Receipt]) -> None:
        tally, position = self._tally, 0
        for unit in units:
            answers = receipts[position : position + len(unit.events)]
            position += len(unit.events)
            repeated = 0
            for event, receipt in zip(unit.events, answers, strict=True):
                for warning in receipt.warnings:
                    count_words(tally.warnings, warning)
                if receipt.status == "repeated":
                    repeated += 1
                else:
                    self._count_accepted(event)
            tally.repeated += repeated
            tally.repeated_rows += len(unit.rows) if repeated == len(unit.events) else 0
        tally.amounts = {kind: format(amount, "f") for kind, amount in self._sums.items()}

    def _count_accepted(self, event: IncomingEvent) -> None:
        tally, kind = self._tally, event.type
        tally.accepted += 1
        tally.types[kind] = tally.types.get(kind, 0) + 1
        if not event.identifiers:
            tally.anonymous += 1
        amount = event.fields.get(self._money.get(kind, ""))
        if isinstance(amount, str):
            self._sums[kind] = self._sums.get(kind, _ZERO) + Decimal(amount)

    def _checkpoint(self, row: Import) -> None:
        # Before the earlier checkpoint is reached again there is nothing new to remember.
        row.position = max(row.position, self._flow.position)
        row.tally = encode_tally(self._tally)
        if self._report is not None:
            self._report.flush()
            row.report_bytes = self._report.size
            row.report = self._report.path.name if self._report.size else ""
        row.save(update_fields=["position", "tally", "report", "report_bytes"])


def _all(reasons: Sequence[Words]) -> Words:
    reasons = list(dict.fromkeys(reasons))
    return Words(
        zh="；".join(reason.zh for reason in reasons), en="; ".join(reason.en for reason in reasons)
    )
