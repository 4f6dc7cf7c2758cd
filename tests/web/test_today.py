"""Today: the first steps of an empty house, what changed, what is coming, what needs a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.derive.lifecycles.operations import tick
from tenure.record.events.operations import IncomingEvent, record_events
from tests.web.house import Enter, enter, open_first

__all__ = ["enter"]
pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
PARTS = ("/today/moves/", "/today/coming/", "/today/risk/")


@pytest.fixture
def empty(tmp_path: Path, settings: Any) -> None:
    open_first(tmp_path, settings)


@pytest.fixture
def living(tmp_path: Path, settings: Any) -> None:
    """Twenty customers who ordered over half a year, the last of them today."""
    open_first(tmp_path, settings, "general", "ecommerce")
    events = [
        IncomingEvent(
            type="order.placed",
            occurred_at=now() - DAY * (n * 9 % 180) - timedelta(minutes=n),
            identifiers={"customer_id": f"C{n % 20}"},
            fields={"amount": f"{n}.00"},
            key=f"K{n}",
        )
        for n in range(80)
    ]
    record_events(events, source="till", by=SYSTEM, at=now())
    tick(at=now())


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_house_says_what_to_do_first(enter: Enter, language: str) -> None:
    page = enter("administrator", language=language).get("/")
    assert page.status_code == 200
    assert {step.done for step in page.context["steps"]} == {False}
    addresses = {step.address for step in page.context["steps"]}
    assert {"/imports/new/", "/settings/people/"} <= addresses
    assert ("Load data" in page.content.decode()) is (language == "en")


@pytest.mark.usefixtures("empty")
def test_each_sees_the_steps_they_may_take(enter: Enter) -> None:
    assert enter("sales").get("/").context["steps"] == []
    steps = enter("data_administrator").get("/").context["steps"]
    assert "/imports/new/" in [step.address for step in steps]


@pytest.mark.usefixtures("living")
def test_what_changed_and_what_is_coming(enter: Enter) -> None:
    client = enter("administrator")
    page = client.get("/")
    assert page.context["look"] is not None
    whole = client.get("/?whole=1")
    assert whole.context["moves"] or whole.context["arrivals"]
    for row in [*whole.context["moves"], *whole.context["arrivals"]]:
        assert client.get(row.address).status_code == 200
    for path in PARTS:
        assert client.get(path).status_code == 200
    look = whole.context["look"]
    assert client.get(look.coming_page()).status_code == 200
    for address, _, rows in whole.context["risks"]:
        assert rows
        assert client.get(address).status_code == 200


@pytest.mark.usefixtures("living")
def test_nobody_sees_customers_who_are_not_theirs(enter: Enter) -> None:
    seller = enter("sales")
    whole = seller.get("/?whole=1")
    assert whole.status_code == 200
    assert not whole.context["moves"]
    assert not whole.context["coming"]
    assert not whole.context["risks"]


@pytest.mark.usefixtures("living")
def test_ones_own_customers_come_first(enter: Enter) -> None:
    from django.contrib.auth import get_user_model

    from tenure.derive.customers.models import CustomerCard

    client = enter("administrator")
    mine = CustomerCard.objects.order_by("customer_id").first()
    assert mine is not None
    account = get_user_model().objects.get(email="administrator-en@example.com")
    CustomerCard.objects.filter(pk=mine.pk).update(owner_id=account.pk)
    whole = client.get("/?whole=1")
    assert whole.context["look"].is_mine
    shown = {row.change.customer_id for row in whole.context["coming"]}
    assert shown <= {mine.customer_id}


@pytest.mark.usefixtures("living")
def test_news_by_right(enter: Enter) -> None:
    bad = IncomingEvent(
        type="order.placed", occurred_at=now(), identifiers={"customer_id": "C1"},
        fields={"amount": "ten"}, key="bad",
    )  # fmt: skip
    record_events([bad], source="till", by=SYSTEM, at=now())
    assert [one.icon for one in enter("administrator").get("/").context["news"]] == ["file-alert"]
    assert enter("sales").get("/").context["news"] == []


def test_the_door_is_closed_to_strangers(client: Any) -> None:
    assert client.get("/").status_code == 302


@pytest.mark.usefixtures("living")
def test_queries_are_few(enter: Enter, django_assert_max_num_queries: Callable[..., Any]) -> None:
    client = enter("administrator")
    for path in ("/", *PARTS):
        with django_assert_max_num_queries(26):
            assert client.get(path).status_code == 200
