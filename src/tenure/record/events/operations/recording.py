"""The door of the log: check, append once, and answer every event with a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.events import OWN_SOURCE
from tenure.record.events.models import UndoneBatch
from tenure.record.events.operations import refusing
from tenure.record.events.operations.basis import LogBasis, basis, check_unchanged
from tenure.record.events.operations.belonging import refuse_taken
from tenure.record.events.operations.companions import (
    add_companions,
    add_identifiers,
    known_digests,
    remember_stored,
    stored_mark,
)
from tenure.record.events.operations.incoming import IncomingEvent, Receipt, RefusalError
from tenure.record.events.operations.placing import place
from tenure.record.events.operations.prepared import Origin, Prepared
from tenure.record.events.operations.reading import Reader
from tenure.record.events.operations.refused import Refused, keep_refused
from tenure.record.events.operations.retelling import Retold, keep_retellings
from tenure.record.events.operations.shapes import Shapes
from tenure.record.events.operations.warning import warnings_of
from tenure.record.events.operations.writing import lock_log
from tenure.record.library.queries import current_library
from tenure.record.vault.queries import keyring
from tenure.words import TenureError, Words


def record_events(
    events: Sequence[IncomingEvent],
    *,
    source: str,
    by: Actor,
    at: datetime,
    batch_id: int | None = None,
) -> list[Receipt]:
    """Append events to the log; a repeat of (source, key) is recognised and stays out.

    All in one transaction: what is answered "accepted" is durable, nothing is half there. Good
    batches are of 1,000. Refused events are kept as dead letters, to be mended and replayed.

    Args:
        events: in any order; several types may be mixed.
        source: name of the system they come from, at most 100 characters.
        by: on whose behalf.
        at: the recording moment, aware.
        batch_id: the import they belong to, so that it can be undone as a whole.

    Returns:
        One receipt per event, in the order of ``events``.

    Raises:
        ValueError: ``at`` has no time zone, or ``source`` is no name.
    """
    return record(events, source=source, by=by, at=at, batch_id=batch_id)


def record(
    events: Sequence[IncomingEvent],
    *,
    source: str,
    by: Actor,
    at: datetime,
    batch_id: int | None = None,
    internal: bool = False,
    about: int | None = None,
    each_about: Sequence[int] | None = None,
    set_aside: bool = True,
) -> list[Receipt]:
    """As :func:`record_events`, for the log's own operations.

    ``internal`` admits the types Tenure records about itself; ``about`` is the identifier of
    events that name none, ``each_about`` one for each of them; without ``set_aside`` refused
    events are not kept as dead letters.
    """
    batch = read_batch(
        events,
        source=source,
        by=by,
        at=at,
        batch_id=batch_id,
        internal=internal,
        about=about,
        each_about=each_about,
    )
    with transaction.atomic():
        return append_batch(batch, set_aside=set_aside)


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """Events read and checked, not yet appended; what :func:`read_batch` made."""

    events: Sequence[IncomingEvent]
    origin: Origin
    kept_in: LogBasis
    prepared: list[Prepared | None]
    refused: dict[int, RefusalError]


def read_batch(
    events: Sequence[IncomingEvent],
    *,
    source: str,
    by: Actor,
    at: datetime,
    batch_id: int | None = None,
    internal: bool = False,
    about: int | None = None,
    each_about: Sequence[int] | None = None,
) -> ReadBatch:
    """The half of :func:`record` that needs no transaction, and so keeps no one waiting.

    Raises:
        ValueError: ``at`` has no time zone, or ``source`` is no name.
    """
    if not 0 < len(source) <= 100 or not source.isprintable():
        raise ValueError(f"{source!r} is no name of a source")
    origin = Origin(source, by.key, to_microseconds(at), batch_id, internal, about)
    kept_in = basis()
    reader = _reader(origin, kept_in)
    prepared: list[Prepared | None] = []
    refused: dict[int, RefusalError] = {}
    for position, event in enumerate(events):
        if each_about is not None:
            reader.turn_to(each_about[position])
        try:
            prepared.append(reader.read(event))
        except RefusalError as refusal:
            prepared.append(None)
            refused[position] = refusal
    return ReadBatch(events, origin, kept_in, prepared, refused)


def append_batch(batch: ReadBatch, *, set_aside: bool = True) -> list[Receipt]:
    """The other half: append what was read, once. Call it inside a transaction.

    Raises:
        BasisError: the base currency or time zone was changed since the events were read.
        BatchUndoneError: the import these events belong to has been undone.
    """
    origin, refused = batch.origin, batch.refused
    lock_log()
    check_unchanged(batch.kept_in)
    number = origin.batch_id
    if number is not None and UndoneBatch.objects.filter(batch_id=number).exists():
        raise BatchUndoneError(number)
    receipts = _append(batch.prepared, refused)
    if refused and set_aside:
        letters = [Refused(batch.events[n], why.reasons) for n, why in refused.items()]
        keep_refused(letters, origin)
    return receipts


def record_about(identifier_id: int, event: IncomingEvent, *, by: Actor, at: datetime) -> Receipt:
    """Record something Tenure did or a person decided about a customer, under Tenure's own source.

    Args:
        identifier_id: an identifier of the customer, by its number.
        event: without identifiers of its own.
        by: who did it.
        at: the recording moment, aware.
    """
    [receipt] = record([event], source=OWN_SOURCE, by=by, at=at, about=identifier_id)
    return receipt


def record_about_each(
    events: Sequence[tuple[int, IncomingEvent]], *, by: Actor, at: datetime
) -> list[Receipt]:
    """As :func:`record_about`, of many customers at once; good batches are of 1,000.

    Args:
        events: identifier of a customer, and the event about that one.
        by: who did it.
        at: the recording moment, aware.
    """
    told = [event for _, event in events]
    numbers = [number for number, _ in events]
    return record(told, source=OWN_SOURCE, by=by, at=at, each_about=numbers)


def recorded_id(receipt: Receipt) -> int:
    """The event of the log's own act.

    Raises:
        RuntimeError: it was refused, which the log's own acts must not be.
    """
    if receipt.event_id is None:
        raise RuntimeError(f"the log refused its own event: {receipt.reasons}")
    return receipt.event_id


class BatchUndoneError(TenureError):
    """Events were sent under an import that has been undone."""

    def __init__(self, batch_id: int) -> None:
        super().__init__(
            Words(
                f"导入 {batch_id} 已被撤销，不能再写入事件：请作为新的导入重新开始",
                f"import {batch_id} has been undone and takes no more events: start a new import",
            )
        )


def _append(prepared: list[Prepared | None], refused: dict[int, RefusalError]) -> list[Receipt]:
    """Write what was prepared, in order; answer for every position."""
    mark = stored_mark()
    fresh = _fresh_identifiers(prepared, refused, mark)
    refuse_taken(prepared, refused)
    placed = place({n: item[0] for n, item in enumerate(prepared) if item is not None})
    retold: list[Retold] = []
    receipts: list[Receipt] = []
    accepted: list[tuple[Prepared, int]] = []
    for position, item in enumerate(prepared):
        if item is None:
            receipts.append(Receipt("refused", None, refused[position].reasons))
            continue
        event_id, is_new, first = placed[position]
        warnings = () if item[2] is None else warnings_of(item[2].oddities)
        if is_new:
            accepted.append((item, event_id))
            receipts.append(Receipt("accepted", event_id, (), warnings))
        else:
            receipts.append(Receipt("repeated", event_id, (), warnings))
            if first is not None:
                retold.append(Retold(item, *first))
    if fresh:
        kept = [item for item, _ in accepted] + [one.item for one in retold]
        add_identifiers([one for item in kept for one in item[1] if one.id in fresh], mark)
    if accepted:
        add_companions(accepted)
    keep_retellings(retold)
    return receipts


def _fresh_identifiers(
    prepared: list[Prepared | None], refused: dict[int, RefusalError], mark: object
) -> set[int]:
    """Ids of identifiers not on record yet; an event whose identifier collides is refused."""
    unsure = {
        one.id: one
        for item in prepared
        if item is not None
        for one in item[1]
        if one.stored is not mark
    }
    if not unsure:
        return set()
    known = known_digests(list(unsure))
    digests = dict(known)
    for position, item in enumerate(prepared):
        for one in item[1] if item is not None else ():
            if one.id in unsure and digests.setdefault(one.id, one.digest) != one.digest:
                refused[position] = RefusalError(refusing.COLLISION)
                prepared[position] = None
                break
    remember_stored([one for one in unsure.values() if known.get(one.id) == one.digest], mark)
    return unsure.keys() - known.keys()


def _reader(origin: Origin, kept_in: LogBasis) -> Reader:
    ring = keyring()
    return Reader(
        reading_shapes(),
        origin,
        secret=ring.identity,
        zone=kept_in.zone,
        base_currency=kept_in.currency,
    )


_prepared: dict[tuple[str, bytes], Shapes] = {}


def reading_shapes() -> Shapes:
    """How events are read under the library as published now; made once per publication."""
    library, fingerprint = current_library()
    known = (fingerprint, keyring().identity)
    shapes = _prepared.get(known)
    if shapes is None:
        _prepared.clear()
        shapes = _prepared[known] = Shapes(library)
    return shapes
