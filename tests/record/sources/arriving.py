"""What the tests of loading share: a source, and requests of it in a spool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from tenure.clock import to_microseconds
from tenure.record.sources.arrived import Arrived, to_frame
from tenure.record.sources.operations import Taken, add_source, load_spool
from tenure.record.sources.spool import Spool
from tenure.record.vault.queries import keyring
from tests.record.shop import NOW, TESTER, open_shop


def shop_source() -> int:
    """The number of a source ``web``, in a shop with definitions."""
    open_shop()
    return add_source("web", name="Web", kind="sdk", by=TESTER, at=NOW).source_id


def spool_in(directory: Path, **sizes: int) -> Spool:
    given = {"most_bytes": 500_000_000, "least_free_bytes": 0, **sizes}
    return Spool(directory, lambda: keyring().identity, **given)


def message(number: int, sent_at: datetime = NOW) -> bytes:
    """A message of Segment's libraries: number ``number`` of customer ``number % 7``."""
    told = {
        "type": "track",
        "event": "Site Opened",
        "messageId": f"m-{number}",
        "userId": f"u{number % 7}",
        "timestamp": (sent_at - timedelta(seconds=5)).isoformat(),
        "properties": {"page": f"/{number}"},
    }
    return msgspec.json.encode(told)


def request(
    source_id: int, numbers: Sequence[int], *, at: datetime = NOW, items: list[bytes] | None = None
) -> bytes:
    """A frame: one request with messages of those numbers, or with ``items``."""
    found = [message(number, at) for number in numbers] if items is None else items
    envelope = msgspec.json.encode({"sentAt": at.isoformat()})
    return to_frame(Arrived(source_id, "segment", to_microseconds(at), envelope, found))


def load(directory: Path, at: datetime = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)) -> Taken:
    taken = load_spool(clock=lambda: at, directory=directory)
    assert taken is not None
    return taken
