"""A paused source: nothing of it comes into the log, and nothing is lost."""

from __future__ import annotations

import pytest

from tenure.clock import to_microseconds
from tenure.definitions import load_pack
from tenure.record.events.operations import replay_dead_letters
from tenure.record.events.queries import dead_letter_count, event_count
from tenure.record.library.operations import publish
from tenure.record.sources.arrived import Arrived, to_frame
from tenure.record.sources.operations import add_source, pause_source, resume_source
from tenure.record.sources.operations.taking import prepare
from tests.record.shop import MAY, NOW, TESTER

pytestmark = pytest.mark.django_db


def test_events_of_a_paused_source_wait_and_can_be_replayed() -> None:
    publish(load_pack("core"), note="test", by=TESTER, at=MAY)
    added = add_source("site", name="Site", kind="sdk", by=TESTER, at=NOW)
    pause_source(added.source_id, by=TESTER, at=NOW)
    item = b'{"type":"identify","userId":"u1","messageId":"m1","traits":{"name":"Ann"}}'
    frame = to_frame(Arrived(added.source_id, "segment", to_microseconds(NOW), b"", [item]))
    taken = prepare([frame], at=NOW).append()
    assert (taken.refused, event_count(), dead_letter_count()) == (1, 0, 1)
    resume_source(added.source_id, by=TESTER, at=NOW)
    replay_dead_letters(by=TESTER, at=NOW)
    assert (event_count(), dead_letter_count()) == (1, 0)
    again = prepare([frame], at=NOW).append()
    assert (again.repeated, event_count()) == (1, 1)
