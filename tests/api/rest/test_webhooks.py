"""Webhooks by the interface and its typed client."""

from __future__ import annotations

import pytest

from tenure.act.webhooks.models import Delivery
from tenure.act.webhooks.operations.posting import Answer
from tenure.api.client import ProblemError, Tenure
from tenure.clock import now
from tests.act.webhooks.receiving import URL, Clock, Pretended, verify, work
from tests.api.rest.house import Shop, everything, house, token_for
from tests.api.rest.test_client import application
from tests.derive.staff import account

__all__ = ["house"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def tenure(house: Shop) -> Tenure:
    return Tenure("http://127.0.0.1", token_for(house.chief).token, sender=application)


def test_an_endpoint_from_end_to_end(house: Shop, tenure: Tenure) -> None:
    made = tenure.add_webhook("ERP", URL, types=["order.placed"], reads=["name"])
    number = made.webhook.id
    assert [one.id for one in tenure.webhooks()] == [number]
    assert (made.webhook.state, made.webhook.types) == ("live", ["order.placed"])
    newer = tenure.rotate_webhook(number, overlap_seconds=0)
    assert newer != made.secret
    asked = tenure.test_webhook(number)
    network, clock = Pretended([Answer(500, text="no"), Answer(200, text="yes")]), Clock(now())
    work(clock, network)
    [failed] = tenure.deliveries(number, status="failed", kind="webhook.tested")
    assert (failed.id, failed.event, failed.code, failed.answer) == (asked.id, None, 500, "no")
    assert tenure.resend(number) == 1
    assert tenure.resend(number, asked.id) == 1
    work(Clock(now()), network)
    assert [one.status for one in tenure.deliveries(number, page=1)] == ["delivered"]
    last = network.got[-1]
    assert verify(newer, last.headers, last.body, now=now().timestamp())
    off = tenure.change_webhook(number, name="Till", on=False)
    assert (off.name, off.state) == ("Till", "off")
    assert tenure.change_webhook(number, on=True, skip=True, every_type=True).every_type
    assert tenure.remove_webhook(number).name == "Till"
    assert tenure.webhooks() == []


def test_no_answer_tells_address_or_secret(house: Shop, tenure: Tenure) -> None:
    made = tenure.add_webhook("ERP", URL)
    token = token_for(house.chief)
    for path in ("/api/webhooks", f"/api/webhooks/{made.webhook.id}"):
        said = token.get(path).content.decode()
        assert URL not in said
        assert made.secret not in said


def test_what_is_wrong_is_a_problem(house: Shop, tenure: Tenure) -> None:
    for wrong, status in (
        (lambda: tenure.add_webhook("X", "http://10.0.0.1/"), 422),
        (lambda: tenure.add_webhook("X", URL, types=["no.such"]), 422),
        (lambda: tenure.add_webhook("", URL), 422),
        (lambda: tenure.change_webhook(99, name="X"), 404),
        (lambda: tenure.rotate_webhook(99), 404),
        (lambda: list(tenure.deliveries(99)), 404),
    ):
        with pytest.raises(ProblemError) as refused:
            wrong()
        assert refused.value.status == status
    number = tenure.add_webhook("X", URL).webhook.id
    with pytest.raises(ProblemError):
        list(tenure.deliveries(number, status="odd"))
    with pytest.raises(ProblemError):
        tenure.resend(number, "17")


def test_a_token_gives_no_more_than_it_reads(house: Shop) -> None:
    manager = account("m@example.com", everything(), reads=["name"])
    asker = token_for(manager, "webhook.manage", reads=("name",))
    body = {"name": "X", "url": URL, "every_type": True}
    assert asker.ask("POST", "/api/webhooks", {**body, "reads": ["phone"]}).status_code == 422
    assert asker.ask("POST", "/api/webhooks", {**body, "reads": ["name"]}).status_code == 201
    without = token_for(manager, "customer.view")
    assert without.get("/api/webhooks").status_code == 403
    assert Delivery.objects.count() == 0
