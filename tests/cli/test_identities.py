"""Merging at the terminal: which identifier is meant is never guessed."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import python, visit

RECORD = """
from tenure.cli.house import open_house
house = open_house()
from tenure.record.events.operations import IncomingEvent, record_events
told = [{"customer_id": "1001"}, {"member_no": "1001"}, {"phone": "13800001111"}]
events = [IncomingEvent("page.viewed", house.at, who) for who in told]
record_events(events, source="shop", by=house.by, at=house.at)
"""


def test_a_value_of_several_customers_is_asked_about(tmp_path: Path) -> None:
    done = python("-c", RECORD, home=tmp_path)
    assert done.returncode == 0, done.stderr
    [asked] = visit(tmp_path, "merge 1001 13800001111 --reason same --json")
    assert asked.code == 2
    numbers = [line.split()[0] for line in asked.err.splitlines() if line.startswith("  ")]
    assert len(numbers) == 2
    [merged] = visit(tmp_path, f"merge {numbers[0]} 13800001111 --reason same --json")
    assert len(merged.data["customers"]) == 1
