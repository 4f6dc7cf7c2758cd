"""The page of a customer: both clocks hold for all of it, and the vault is opened no further."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.terminal import python, visit

RECORD = """
from datetime import timedelta
from tenure.cli.house import open_house
house = open_house()
from tenure.definitions import load_pack
from tenure.derive.customers.operations import merge_customers
from tenure.derive.lifecycles.operations import tick
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import find_identifiers
from tenure.record.library.operations import publish
publish(load_pack("general"), note="test", by=house.by, at=house.at)
day = timedelta(days=1)
for past, who in ((9, "m-1"), (8, "m-2"), (3, "m-1")):
    at, note = house.at - past * day, {"note": f"day {past}"}
    event = IncomingEvent("contact.made", at, {"member_no": who}, note)
    record_events([event], source="shop", by=house.by, at=at)
first, second = [find_identifiers(who)[0].id for who in ("m-1", "m-2")]
merge_customers(first, second, reason="same", by=house.by, at=house.at - 2 * day)
tick(at=house.at)
print((house.at - 5 * day).isoformat())
"""


@dataclass(frozen=True)
class Shop:
    """A data directory, and a moment before its two customers became one."""

    home: Path
    then: str


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    home = tmp_path_factory.mktemp("shop")
    done = python("-c", RECORD, home=home)
    assert done.returncode == 0, done.stderr
    return Shop(home, done.stdout.strip())


def test_as_known_then_everything_is_as_known_then(shop: Shop) -> None:
    now, one, other, told = visit(
        shop.home,
        "customer m-1 --json",
        f"customer m-1 --known-at {shop.then} --json",
        f"customer m-2 --known-at {shop.then} --json",
        f"--language en customer m-2 --known-at {shop.then}",
    )
    assert len(now.data["identifiers"]) == 2
    assert len(now.data["events"]) == 4
    for page, value in ((one.data, "m-1"), (other.data, "m-2")):
        assert [identifier["value"] for identifier in page["identifiers"]] == [value]
        assert len(page["events"]) == 1
        assert page["known_at"] is not None
    assert one.data["customer_id"] != other.data["customer_id"]
    assert one.data["lifecycles"][0]["history"]
    assert "as known at" in told.out


def test_only_what_is_shown_is_revealed(shop: Shop) -> None:
    [page, none] = visit(
        shop.home, "customer m-1 --events 2 --reveal --json", "customer m-1 --events 0 --json"
    )
    assert len(page.data["events"]) == 2
    assert page.data["more_events"] == 2
    assert all(event["personal"] for event in page.data["events"])
    assert (none.data["events"], none.data["more_events"]) == ([], 4)
