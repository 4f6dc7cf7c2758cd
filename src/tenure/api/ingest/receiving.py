"""From a batch to an answer: checked, durable in the spool, told which events were refused."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse

from tenure.api.ingest.answers import Rejected, taken
from tenure.api.ingest.batches import Batch
from tenure.api.ingest.keys import keys_in_header, source_of
from tenure.api.ingest.refusing import busy, unknown_key
from tenure.clock import now, to_microseconds
from tenure.record.sources.arrived import Arrived, to_frame
from tenure.record.sources.queries import KnownSource
from tenure.record.sources.spool import SpoolFullError, house_spool
from tenure.record.sources.translating.checking import Fault, fault_of

RETRY_SECONDS = 10
"""After so long a sender tries again when nothing more can be taken."""
_SPOKEN = ("sdk", "form")
_IDS = ("messageId", "uuid", "_track_id")


def receive(
    request: HttpRequest, dialect: str, batch: Batch, *further_keys: str | None
) -> HttpResponse:
    """Keep a batch and answer.

    All events go to the spool, those with faults too: they are put aside where people see them.

    Args:
        request: for its key.
        dialect: how the events are written.
        batch: what was sent.
        further_keys: from the address.

    Raises:
        RefusedError: the key is none, or the spool takes no more.
    """
    source = source_of((*keys_in_header(request), batch.key, *further_keys))
    if source.kind not in _SPOKEN:
        raise unknown_key()  # webhooks have an address of their own, where signatures are checked
    if not batch.items:
        return taken(())
    faults = [
        (n, fault) for n, item in enumerate(batch.items) if (fault := fault_of(dialect, item))
    ]
    keep(source, dialect, batch)
    return taken([_rejected(n, batch.items[n], fault) for n, fault in faults])


def keep(source: KnownSource, dialect: str, batch: Batch) -> None:
    """Put a batch into the spool; it is on the disk when this returns.

    Raises:
        RefusedError: the spool takes no more.
    """
    arrived = Arrived(
        source_id=source.id,
        dialect=dialect,
        received_us=to_microseconds(now()),
        envelope=batch.envelope,
        items=batch.items,
        key_id=source.key_id,
    )
    try:
        house_spool().append([to_frame(arrived)])
    except SpoolFullError:
        raise busy(RETRY_SECONDS) from None


def _rejected(index: int, item: bytes, fault: Fault) -> Rejected:
    return Rejected(index, _id_of(item), fault.code, fault.words.en)


def _id_of(item: bytes) -> object:
    try:
        told = msgspec.json.decode(item)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    known = [told[name] for name in _IDS if name in told] if isinstance(told, dict) else []
    return known[0] if known and isinstance(known[0], (str, int)) else None
