"""A visitor comes by a campaign and fills in a form: a customer with consent and first touch."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.definitions import load_packs
from tenure.derive.customers.queries import customer_of
from tenure.derive.lifecycles.operations import rebuild, tick
from tenure.derive.lifecycles.queries.biography import trends
from tenure.record.events.models import Event
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tenure.record.sources.operations import add_source, load_spool
from tests.web.forms import shown_token
from tests.web.house import Enter, enter

__all__ = ["enter"]
pytestmark = pytest.mark.django_db(transaction=True)
KEYS = ("first_touch_source", "first_touch_campaign", "last_touch_source", "last_touch_campaign",
        "touch_count")  # fmt: skip
ANSWERS = {"a-full_name": "Ann Lee", "a-phone": "13912345678", "consent-0": "yes",
           "consent-1": "yes"}  # fmt: skip


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.TENURE_HOME, settings.TENURE_SPOOL_FREE_BYTES = tmp_path, 0
    monkeypatch.setattr("tenure.record.forms.operations.guarding.LEAST_US", 0)
    publish(load_packs(["ecommerce"]), note="test", by=SYSTEM, at=now())
    return tmp_path


def visit(query: str, answers: dict[str, str]) -> None:
    """Open the hosted page by an address, and send what it holds with some answers."""
    page = Client().get(f"/f/member_signup/{query}")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', _text(page)))
    hidden["token"] = shown_token(page)
    sent = Client().post("/f/member_signup/", hidden | answers)
    assert sent.status_code == 303


def _text(page: Any) -> str:
    return str(page.content.decode())


def load(house: Path) -> None:
    load_spool(clock=now, directory=house / "spool")


def where_from(customer_id: int) -> list[object]:
    found = trends(customer_id, KEYS, [now() + timedelta(seconds=1)], viewer=SYSTEM)
    return [one.values[0] for one in found]


def test_from_a_campaign_to_a_customer(house: Path, enter: Enter) -> None:
    visit("?utm_source=baidu&utm_medium=cpc&utm_campaign=spring", ANSWERS)
    load(house)
    owner = Event.objects.filter(type="form.submitted").get().identifier_id
    assert owner is not None
    assert where_from(owner) == ["baidu", "spring", "baidu", "spring", 1]
    kinds = list(Event.objects.order_by("id").values_list("type", flat=True))
    assert kinds == ["form.submitted", "customer.profiled", "consent.given", "consent.given",
                     "customer.registered"]  # fmt: skip

    visit("?utm_source=wechat&utm_campaign=summer&ref=M77", ANSWERS)
    load(house)
    assert Event.objects.filter(identifier_id=owner).count() == len(kinds) * 2
    assert where_from(owner) == ["baidu", "spring", "wechat", "summer", 2]

    earlier = IncomingEvent(  # a fair of last year, typed in only now
        "touch.recorded", now() - timedelta(days=300), {"phone": "+8613912345678"},
        {"touch_source": "exhibition", "touch_medium": "(none)", "touch_campaign": "fair"},
    )  # fmt: skip
    record_events([earlier], source="office", by=SYSTEM, at=now())
    assert where_from(owner) == ["exhibition", "fair", "wechat", "summer", 3]

    rebuild(at=now())
    client = enter("data_administrator", "en")
    shown = client.get(f"/customers/{customer_of(owner)}/").content.decode()
    assert "Where from" in shown
    assert "Ann Lee" in shown
    card = client.get(f"/customers/{customer_of(owner)}/origin/").content.decode()
    assert "Exhibition" in card
    assert "summer" in card
    assert "M77" in card
    act = f"/customers/{customer_of(owner)}/acts/touch/"
    told = {"channel": "store", "campaign": "opening", "referred_by": "S9", "on": "2020-02-03"}
    assert client.post(act, told | {"on": "2999-01-01"}).status_code == 400
    assert client.post(act, told).status_code == 302
    assert where_from(owner)[:2] == ["store", "opening"]
    assert "S9" in client.get(f"/customers/{customer_of(owner)}/origin/").content.decode()
    listed = client.get("/customers/", {"q": "first_touch_campaign = 'fair'"})
    assert "Ann Lee" in listed.content.decode()
    assert "Ann Lee" not in client.get(
        "/customers/", {"q": "first_touch_campaign = 'spring'", "c": "first_touch_source"}
    ).content.decode()  # fmt: skip


def test_the_visits_before_join_the_customer(house: Path) -> None:
    """Pages seen under the analytics' own id count once the form tells who it was."""
    source = add_source("site", name="Site", kind="sdk", by=SYSTEM, at=now())
    context = {"campaign": {"source": "douyin", "medium": "video", "name": "launch"}}
    seen = {"type": "page", "name": "Home", "anonymousId": "anon-1", "context": context}
    answer = Client().post(
        "/v1/page", seen, content_type="application/json",
        headers={"authorization": f"Bearer {source.write_key}"},
    )  # fmt: skip
    assert answer.status_code == 200
    visit("", ANSWERS | {"visitor": "anon-1"})
    load(house)
    owner = Event.objects.filter(type="form.submitted").get().identifier_id
    assert owner is not None
    rebuild(at=now())
    person = customer_of(owner)
    assert person is not None
    first, campaign, *_ = where_from(person)
    assert (first, campaign) == ("douyin", "launch")


def test_the_same_phone_is_the_same_customer(house: Path) -> None:
    who = {"member_no": "M1", "phone": "139 1234 5678"}
    known = IncomingEvent("order.placed", now() - timedelta(days=9), who, {"amount": "9"})
    record_events([known], source="shop", by=SYSTEM, at=now())
    rebuild(at=now())
    visit("?utm_source=baidu", ANSWERS)
    load(house)
    tick(at=now())
    owner = Event.objects.filter(type="form.submitted").get().identifier_id
    buyer = Event.objects.filter(type="order.placed").get().identifier_id
    assert owner is not None
    assert buyer is not None
    assert owner != buyer
    assert customer_of(owner) == customer_of(buyer)
