"""Who shows a write key: asked with every request, so answered from memory."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from tenure.record.sources.models import Source, WriteKey

_log = logging.getLogger("tenure.sources")
_AGAIN_SECONDS = 1.0
_NOW_US = {
    "sqlite": "SELECT CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",
    "postgresql": "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
}
"""Microseconds since the epoch, by the database's clock."""


class KnownSource(msgspec.Struct, frozen=True):
    """A source as doors and the loader know it.

    Attributes:
        key: the ``source`` of its events in the log.
        kind: sdk, webhook, folder, table or form.
        settings: what its kind reads.
        paused: whether its events wait as dead letters for now.
        key_id: number of the write key by which it was found; 0 where it was not.
    """

    id: int
    key: str
    name: str
    kind: str
    settings: Mapping[str, object]
    paused: bool
    key_id: int = 0


class _Known(NamedTuple):
    read_at: float
    by_id: Mapping[int, KnownSource]
    by_digest: Mapping[bytes, KnownSource]


_lock = threading.Lock()
_known: dict[str, _Known] = {}


def source_of_key(key: str) -> KnownSource | None:
    """The source a write key belongs to, also while it is paused; None for a bad key.

    From memory, read again at most every second: a revoked key or a new one counts after that.
    Whether a key has ended is told by the database's clock, the same for all servers.
    """
    return _read().by_digest.get(digest_of(key))


def known_sources() -> Mapping[int, KnownSource]:
    """All sources by number, as of the last second."""
    return _read().by_id


def forget_known() -> None:
    """Read again at the next question: this process has just changed a source or a key.

    Within a transaction also once it is committed, for until then others read what was.
    """
    _known.clear()
    if connection.in_atomic_block:
        transaction.on_commit(_known.clear)


def digest_of(key: str) -> bytes:
    """What is kept of a write key. Random and long, it needs no slow hash."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).digest()


def known_source(row: Source) -> KnownSource:
    """A stored source as doors know it."""
    return KnownSource(
        id=row.id,
        key=row.key,
        name=row.name,
        kind=row.kind,
        settings=msgspec.json.decode(row.settings, type=dict[str, object]),
        paused=row.paused_us is not None,
    )


def _read() -> _Known:
    place = f"{connection.settings_dict['HOST']}/{connection.settings_dict['NAME']}"
    known = _known.get(place)
    if known is not None and time.monotonic() - known.read_at < _AGAIN_SECONDS:
        return known
    if not _lock.acquire(blocking=known is None):
        assert known is not None
        return known  # another thread is reading; the last second's answer is good enough
    try:
        _known[place] = known = _read_anew()
        return known
    except DatabaseError:
        connection.close()
        if known is None:
            raise
        # What arrives is safe in the spool without the database: its keys stay good meanwhile.
        _log.warning("write keys cannot be read again; the last known ones stay good")
        _known[place] = known = known._replace(read_at=time.monotonic())
        return known
    finally:
        _lock.release()


def _read_anew() -> _Known:
    begun = time.monotonic()
    by_id = {row.id: known_source(row) for row in Source.objects.all()}
    good = Q(revoked_us=None) | Q(revoked_us__gt=_database_now())
    by_digest = {
        bytes(digest): msgspec.structs.replace(by_id[number], key_id=key_id)
        for key_id, digest, number in WriteKey.objects.filter(good).values_list(
            "id", "digest", "source_id"
        )
        if number in by_id
    }
    return _Known(begun, by_id, by_digest)


def _database_now() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NOW_US[connection.vendor])
        (moment,) = cursor.fetchone()
    return int(moment)
