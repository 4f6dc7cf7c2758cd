"""Customers' records: a score for each, by owner and source; outdated ones asked to be updated."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.derive.customers.operations import assign_customers
from tenure.derive.customers.queries.records import record_of
from tenure.derive.lifecycles.operations import tick
from tenure.derive.lifecycles.operations.roster import refresh_roster
from tenure.derive.lifecycles.queries.roster import customer_ids
from tenure.guard.access.queries import organisation
from tenure.record.events.operations import IncomingEvent, record_events
from tests.web.house import Enter, enter, open_first

__all__ = ["enter"]
pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> None:
    open_first(tmp_path, settings, "general")


def profile(number: int, days: int, source: str = "crm", **fields: object) -> None:
    event = IncomingEvent(
        type="customer.profiled",
        occurred_at=now() - days * DAY,
        identifiers={"customer_id": f"C{number}"},
        fields=fields,
        key=f"P{number}-{days}-{source}",
    )
    record_events([event], source=source, by=SYSTEM, at=now())


def some_records() -> None:
    profile(1, 5, full_name="Ann Lee", birth_date="1990-01-02", city="Wuhan", gender="f")
    profile(2, 800, source="till", city="Beijing")
    profile(3, 400, source="till", full_name="Bo")
    profile(3, 390, source="till", cleared="full_name", city="Xi'an")
    tick(at=now())
    assert refresh_roster(at=now()) == 3


def ids(condition: str) -> list[int]:
    return customer_ids(condition, viewer=SYSTEM, limit=10)


def test_what_makes_a_score() -> None:
    some_records()
    [whole] = ids("source = 'crm'")
    record = record_of(whole, viewer=SYSTEM, at=now())
    assert record is not None
    assert (record.filled, record.asked) == (4, 16)
    assert "birth_date" not in {field.key for field in record.lacking}
    assert record.score == 40 * 4 / 16 + 60
    assert not record.outdated
    assert ids("data_score = 70 and complete = 0.25 and identified and not doubled") == [whole]


def test_a_field_that_was_emptied_is_missing_and_age_counts() -> None:
    some_records()
    assert len(ids("source = 'till' and lacking = 'full_name'")) == 2
    assert len(ids("lacking = 'city'")) == 0
    [oldest] = ids("updated < date '2025-01-01'") if now().year == 2026 else ids("data_score < 43")
    record = record_of(oldest, viewer=SYSTEM, at=now())
    assert record is not None
    assert record.outdated
    assert record.score == 40 / 16 + 40


def test_possible_duplicates_cost_points() -> None:
    at = now() - DAY
    shared = [
        IncomingEvent(
            type="order.placed",
            occurred_at=at,
            identifiers={"customer_id": f"S{n}", "phone": "13912345678"},
            fields={"amount": "1"},
            key=f"S{n}",
        )
        for n in range(8)
    ]
    record_events(shared, source="till", by=SYSTEM, at=now())
    tick(at=now())
    refresh_roster(at=now())
    found = ids("doubled")
    assert len(found) == 8
    record = record_of(found[0], viewer=SYSTEM, at=now())
    assert record is not None
    assert record.doubled


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_counts_by_owner_and_source_and_opens_customers(
    enter: Enter, language: str
) -> None:
    client = enter(language=language)
    assert client.get("/health/records/").status_code == 200
    some_records()
    page = client.get("/health/records/")
    assert page.context["whole"].customers == 3
    assert {line.name: line.figures.customers for line in page.context["sources"]} == {
        "till": 2,
        "crm": 1,
    }
    assert page.context["whole"].outdated == 2
    assert [row.values["data_score"] for row in page.context["worst"]] == [42.5, 61.1, 70.0]
    places = [page.context["addresses"]["outdated"], page.context["sources"][0].address]
    places += [line.outdated for line in page.context["owners"]]
    places += [bar.address for bar in page.context["bars"]]
    places += [place for _, _, place in page.context["lacking"]]
    for place in places:
        listed = client.get(place)
        assert "problem" not in listed.context, parse_qs(urlsplit(place).query)
    assert client.get(places[0]).context["list"].total == 2


def test_owners_see_only_theirs_and_are_asked_to_update(enter: Enter) -> None:
    client = enter("sales")
    some_records()
    mine = get_user_model().objects.get(email="sales-en@example.com")
    everybody = ids("")
    [old] = ids("data_score < 43")
    assign_customers([old], mine.pk, by=SYSTEM, at=now())
    assert len(everybody) == 3
    page = client.get("/?whole=1")
    assert [row.card.customer_id for row in page.context["refresh"].rows] == [old]
    assert "Records to refresh" in client.get("/today/refresh/").content.decode()
    profile(2, 0, city="Beijing")
    tick(at=now())
    assert "Records to refresh" not in client.get("/today/refresh/").content.decode()


def test_the_badge_on_the_page_of_a_customer(enter: Enter) -> None:
    some_records()
    client = enter("administrator")
    [whole] = ids("source = 'crm'")
    page = client.get(f"/customers/{whole}/").content.decode()
    assert "Record 70/100" in page
    assert "4 of 16 fields filled" in page
    assert "Occupation" in page


def test_the_organisation_sets_what_is_outdated(enter: Enter) -> None:
    some_records()
    client = enter("administrator")
    client.post("/health/records/days/", {"days": "600"})
    assert organisation().fresh_days == 600
    assert client.get("/health/records/").context["whole"].outdated == 1
    client.post("/health/records/days/", {"days": "0"})
    assert organisation().fresh_days == 600
    assert enter("sales").post("/health/records/days/", {"days": "9"}).status_code == 403
