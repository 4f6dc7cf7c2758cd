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


def test_identifiers_are_taken_out_and_the_log_tells(tmp_path: Path) -> None:
    done = python("-c", RECORD, home=tmp_path)
    assert done.returncode == 0, done.stderr
    [asked] = visit(tmp_path, "merge 1001 13800001111 --reason same --json")
    number = next(line.split()[0] for line in asked.err.splitlines() if line.startswith("  "))
    tried, merged, previewed, parted, log = visit(
        tmp_path,
        f"separate {number} --reason two",
        f"merge {number} 13800001111 --reason same --json",
        "separate 13800001111 --reason two --preview --json",
        "separate 13800001111 --reason two --json",
        "merges --json",
    )
    assert tried.code == 2
    assert len(merged.data["customers"]) == 1
    assert previewed.data["action"] is None
    assert (parted.data["links"], len(parted.data["customers"])) == (1, 2)
    assert [(one["said"], one["stands"]) for one in log.data] == [
        ("apart", True),
        ("merged", False),
    ]
