"""Events of an import that another import, or a source itself, told again.

The repeat stays out of the log, but what it said is kept beside it: should the import that told
the event first be undone, the event still counts, as told by the next one that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from tenure.record.events.models import LIVE, Retelling
from tenure.record.events.operations.companions import EVENT_HOLDER, Links, add_links, pair_up
from tenure.record.events.operations.prepared import Prepared, Row
from tenure.record.events.operations.writing import write_rows
from tenure.record.vault.operations import Secret, discard, move, store
from tenure.record.vault.operations.inserting import Cell, insert_all

RETELLING_HOLDER = "retelling"
_SLICE = 500
_COLUMNS = {
    "key": "bytea",
    "first_batch_id": "bigint",
    "batch_id": "bigint",
    "source": "text",
    "type": "text",
    "identifier_id": "bigint",
    "occurred_us": "bigint",
    "local_date": "date",
    "amount_e4": "bigint",
    "currency": "text",
    "recorded_by": "text",
    "properties": "text",
    "strong_ids": "text",
}


class Retold(NamedTuple):
    """A repeat: what it says, under which key the log has the event, and from which import."""

    item: Prepared
    key: bytes
    first_batch_id: int


def key_after_undo(key: bytes, batch_id: int | None) -> bytes:
    """The key of an event that comes again after the import it was in was undone."""
    code = blake2b(key + str(batch_id).encode(), digest_size=12, usedforsecurity=False)
    return key[:4] + code.digest()


def keep_retellings(retold: Sequence[Retold]) -> None:
    """Keep what the repeats of one call say; of two under one key and import, the first.

    Call it inside the transaction that records, after the log was locked.
    """
    if not retold:
        return
    batch_id = retold[0].item[0][9] or LIVE
    by_key: dict[bytes, Retold] = {}
    for one in retold:
        by_key.setdefault(one.key, one)
    keys = list(by_key)
    for start in range(0, len(keys), _SLICE):
        part = keys[start : start + _SLICE]
        kept = _ids(batch_id, part)
        fresh = [by_key[key] for key in part if key not in kept]
        rows = [_cells(one, batch_id) for one in fresh]
        insert_all("events_retelling", _COLUMNS, rows, on_conflict="(key, batch_id) DO NOTHING")
        _keep_secrets([one for one in fresh if _secrets(one)], batch_id)


def retell(batch_id: int, *, at_us: int) -> None:
    """Append anew those events of an undone import that others told too; forget its own repeats.

    Each is recorded at ``at_us`` under the import that told it next, as that one told it.
    Call it in the transaction that undoes the import, after the log was locked.
    """
    _forget(Retelling.objects.filter(batch_id=batch_id).values_list("id", flat=True))
    waiting = Retelling.objects.filter(first_batch_id=batch_id).order_by("id")
    while part := list(waiting[:_SLICE]):
        first: dict[bytes, Retelling] = {}
        for one in part:
            first.setdefault(bytes(one.key), one)
        others = waiting.filter(key__in=list(first)).exclude(id__in=[o.id for o in first.values()])
        _hand_over(list(others), first)
        _append(list(first.values()), at_us)


def _hand_over(others: Sequence[Retelling], first: dict[bytes, Retelling]) -> None:
    """Let the further tellers wait on the new first one; who is in no import is never undone."""
    waiting: list[Retelling] = []
    needless: list[int] = []
    for one in others:
        teller = first[bytes(one.key)]
        if teller.batch_id == LIVE:
            needless.append(one.id)
            continue
        one.key = key_after_undo(bytes(one.key), one.first_batch_id)
        one.first_batch_id = teller.batch_id
        waiting.append(one)
    Retelling.objects.bulk_update(waiting, ["key", "first_batch_id"], batch_size=_SLICE)
    _forget(needless)


def _append(told: Sequence[Retelling], at_us: int) -> None:
    rows = [_row(one, at_us) for one in told]
    numbers = write_rows(rows).new
    links: Links = {}
    for one in told:
        ids: list[int] = msgspec.json.decode(one.strong_ids, type=list[int])
        pair_up(links, ids, batch_id=one.batch_id, occurred_us=one.occurred_us)
    add_links(links, at_us)
    ids_of = {one.id: numbers[row[0]] for one, row in zip(told, rows, strict=True)}
    move(RETELLING_HOLDER, ids_of, to=EVENT_HOLDER)
    Retelling.objects.filter(id__in=list(ids_of)).delete()


def _row(one: Retelling, at_us: int) -> Row:
    return (
        key_after_undo(bytes(one.key), one.first_batch_id),
        one.source,
        one.type,
        one.identifier_id,
        one.occurred_us,
        at_us,
        one.local_date.isoformat(),
        one.amount_e4,
        one.currency,
        one.batch_id or None,
        one.recorded_by,
        one.properties,
    )


def _cells(one: Retold, batch_id: int) -> list[Cell]:
    row, found, _ = one.item
    _, source, kind, node, occurred_us, _, day, amount_e4, currency, _, by, properties = row
    strong = msgspec.json.encode([identifier.id for identifier in found if identifier.strong])
    told: list[Cell] = [source, kind, node, occurred_us, day, amount_e4, currency, by, properties]
    return [one.key, one.first_batch_id, batch_id, *told, strong.decode()]


def _keep_secrets(retold: Sequence[Retold], batch_id: int) -> None:
    if not retold:
        return
    ids = _ids(batch_id, [one.key for one in retold])
    store(
        [
            Secret(RETELLING_HOLDER, ids[one.key], field, one.item[0][3], text, findable=True)
            for one in retold
            for field, text in _secrets(one)
        ]
    )


def _secrets(one: Retold) -> Sequence[tuple[str, str]]:
    extras = one.item[2]
    return () if extras is None else extras.secrets


def _ids(batch_id: int, keys: Sequence[bytes]) -> dict[bytes, int]:
    rows = Retelling.objects.filter(batch_id=batch_id, key__in=list(keys))
    return {bytes(key): number for key, number in rows.values_list("key", "id")}


def _forget(ids: Iterable[int]) -> None:
    wanted = list(ids)
    for start in range(0, len(wanted), _SLICE):
        part = wanted[start : start + _SLICE]
        discard(RETELLING_HOLDER, part)
        Retelling.objects.filter(id__in=part).delete()
