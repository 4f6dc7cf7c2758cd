"""What goes into other tables along with new events: identifiers, links, secrets, oddities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from django.db import connection, transaction

from tenure.record.events.models import LIVE
from tenure.record.events.operations.identifying import Found
from tenure.record.events.operations.prepared import Prepared
from tenure.record.vault.operations import Secret, store
from tenure.record.vault.operations.inserting import insert_all

EVENT_HOLDER = "event"
IDENTIFIER_HOLDER = "identifier"
IDENTIFIER_FIELD = "value"

_SLICE = 10_000
_IDENTIFIER = {"id": "bigint", "type": "text", "digest": "bytea", "value": "text"}
_LINK = {
    "left_id": "bigint",
    "right_id": "bigint",
    "batch_id": "bigint",
    "occurred_us": "bigint",
    "recorded_us": "bigint",
}
_EARLIEST = (
    "(left_id, right_id, batch_id) DO UPDATE SET occurred_us = excluded.occurred_us "
    "WHERE excluded.occurred_us < events_link.occurred_us"
)
_ODDITY = {
    "kind": "text",
    "type": "text",
    "detail": "text",
    "count": "bigint",
    "first_us": "bigint",
    "last_us": "bigint",
}
_COUNTED = (
    "(kind, type, detail) DO UPDATE SET count = events_oddity.count + excluded.count, "
    "last_us = excluded.last_us"
)


Links = dict[tuple[int, int, int], int]
"""Left id, right id and import of a link, to the earliest moment it was seen."""


def known_digests(ids: Sequence[int]) -> dict[int, bytes]:
    """The digests on record for identifier ids; ids not in the result are new."""
    known: dict[int, bytes] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(ids), _SLICE):
            part = ids[start : start + _SLICE]
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT id, digest FROM events_identifier WHERE id = ANY(%s)", [list(part)]
                )
            else:
                marks = ", ".join(["%s"] * len(part))
                cursor.execute(
                    f"SELECT id, digest FROM events_identifier WHERE id IN ({marks})", part
                )
            known.update((number, bytes(digest)) for number, digest in cursor.fetchall())
    return known


class _Mark:
    """Stands for one life of the identifier table; ``witness`` is an identifier it must hold."""

    def __init__(self) -> None:
        self.witness: int | None = None


_mark = _Mark()


def stored_mark() -> object:
    """The mark of identifiers that need no look-up.

    Marks lose their meaning when the table was emptied or restored from a backup under this
    process: then it lacks the identifier that was marked last.
    """
    global _mark
    if _mark.witness is not None and not known_digests([_mark.witness]):
        _mark = _Mark()
    return _mark


def remember_stored(found: Sequence[Found], mark: object) -> None:
    """Mark identifiers as on record, once the surrounding transaction has been committed."""
    if found and mark is _mark:
        transaction.on_commit(lambda: _remember(found, mark))


def _remember(found: Sequence[Found], mark: object) -> None:
    if mark is _mark:
        _mark.witness = found[-1].id
        for identifier in found:
            identifier.stored = mark


def add_identifiers(found: Iterable[Found], mark: object) -> None:
    """Put identifiers on record; a personal value goes to the vault."""
    fresh = {identifier.id: identifier for identifier in found}
    if not fresh:
        return
    remember_stored(list(fresh.values()), mark)
    rows = [
        (one.id, one.type, one.digest, None if one.personal else one.value)
        for one in fresh.values()
    ]
    insert_all("events_identifier", _IDENTIFIER, rows, on_conflict="(id) DO NOTHING")
    store(
        [
            Secret(IDENTIFIER_HOLDER, one.id, IDENTIFIER_FIELD, one.id, one.value)
            for one in fresh.values()
            if one.personal
        ]
    )


def add_companions(accepted: Sequence[tuple[Prepared, int]]) -> None:
    """Write the links, secrets and oddities of new events, given with their ids."""
    links: Links = {}
    secrets: list[Secret] = []
    oddities: Counter[tuple[str, str, str]] = Counter()
    recorded_us = accepted[0][0][0][5] if accepted else 0
    for (row, found, extras), event_id in accepted:
        if len(found) > 1:
            pair_all(links, found, batch_id=row[9] or LIVE, occurred_us=row[4])
        if extras is not None:
            oddities.update(extras.oddities)
            secrets += [
                Secret(EVENT_HOLDER, event_id, field, row[3], text, findable=True)
                for field, text in extras.secrets
            ]
    store(secrets)
    add_links(links, recorded_us)
    odd_rows = [(*odd, count, recorded_us, recorded_us) for odd, count in oddities.items()]
    insert_all("events_oddity", _ODDITY, odd_rows, on_conflict=_COUNTED)


def pair_all(links: Links, found: Sequence[Found], *, batch_id: int, occurred_us: int) -> None:
    """Note the links of an event: a fleeting identifier is linked with the event's own only."""
    strong = [one for one in found if one.strong]
    lasting = [one.id for one in strong if not one.fleeting]
    pair_up(links, lasting, batch_id=batch_id, occurred_us=occurred_us)
    if len(lasting) < len(strong):
        for one in strong[1:]:
            if one.fleeting:
                own = (strong[0].id, one.id)
                pair_up(links, own, batch_id=batch_id, occurred_us=occurred_us)


def pair_up(links: Links, strong: Iterable[int], *, batch_id: int, occurred_us: int) -> None:
    """Note one link per pair of strong identifiers, with the earliest moment it was seen."""
    for left, right in combinations(sorted(set(strong)), 2):
        pair = (left, right, batch_id)
        links[pair] = min(occurred_us, links.get(pair, occurred_us))


def add_links(links: Links, recorded_us: int) -> None:
    """Write links; one that is there keeps the earlier moment."""
    rows = [(*pair, moment, recorded_us) for pair, moment in links.items()]
    insert_all("events_link", _LINK, rows, on_conflict=_EARLIEST)
