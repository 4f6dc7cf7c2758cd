"""Refused events at the terminal: seen, mended, replayed, discarded."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cli.terminal import python, visit

RECORD = """
from tenure.cli.house import open_house
house = open_house()
from datetime import timedelta
from tenure.record.events.operations import IncomingEvent, record_events
events = [
    IncomingEvent("order.placed", house.at + timedelta(days=days), {"member_no": "M1"},
                  {"amount": "12.50"}, key=f"k{days}")
    for days in (-3, 30, 60)
]
record_events(events, source="shop", by=house.by, at=house.at)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One accepted event and two from the future, which were refused."""
    folder = tmp_path / "home"
    done = python("-c", RECORD, home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_mended_replayed_and_discarded(home: Path, tmp_path: Path) -> None:
    waiting, shown, opened, again = visit(
        home,
        "dead-letters list --json",
        "dead-letters list --language zh",
        "dead-letters list --reveal --json",
        "dead-letters replay",
    )
    first, second = (letter["id"] for letter in waiting.data)
    assert waiting.data[0]["body"] is None
    assert "order.placed" in shown.out
    assert again.code == 1
    assert "Recorded 0, refused again 2" in again.out
    body = msgspec.json.decode(opened.data[0]["body"])
    body["occurred_at"] = "2024-05-01T10:00:00Z"
    mended = tmp_path / "mended.json"
    mended.write_bytes(msgspec.json.encode(body))
    nonsense = tmp_path / "nonsense.json"
    nonsense.write_text("{")
    bad, good, gone, left, everything = visit(
        home,
        f"dead-letters mend {first} --with {nonsense}",
        f"dead-letters mend {first} --with {mended}",
        f"dead-letters discard {second} --reason a~test~order",
        "dead-letters list",
        "dead-letters list --status all --json",
    )
    assert (bad.code, good.code, gone.code, left.code) == (2, 0, 0, 0)
    assert "This is no event" in bad.err
    assert "Recorded 1, refused again 0" in good.out
    assert "No refused events are waiting" in left.out
    assert [letter["status"] for letter in everything.data] == ["replayed", "discarded"]


def test_mending_without_a_terminal_shows_what_was_sent(home: Path) -> None:
    waiting, unknown = visit(home, "dead-letters mend 1", "dead-letters mend 99")
    assert waiting.code == 2
    assert '"occurred_at"' in waiting.err
    assert unknown.code == 2
    assert "99" in unknown.err


def test_a_customer_is_shown_before_any_lifecycle(home: Path) -> None:
    page, text = visit(home, "customer M1 --json", "customer M1 --language en")
    assert page.data["lifecycles"] == []
    assert len(page.data["events"]) == 1
    assert "M1" in text.out
