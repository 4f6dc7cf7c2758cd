"""The client, against the application itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tenure.api.client import Event, ProblemError, Request, Response, Tenure
from tenure.clock import now
from tenure.derive.lifecycles.operations import tick
from tests.api.rest.house import Shop, house, token_for

__all__ = ["house"]
pytestmark = pytest.mark.django_db


def application(request: Request) -> Response:
    """Sends to the application instead of the network."""
    parts = urlsplit(request.url)
    answer = Client().generic(
        request.method,
        f"{parts.path}?{parts.query}",
        request.body or b"",
        content_type=request.headers["Content-Type"],
        headers=dict(request.headers),
    )
    return Response(answer.status_code, dict(answer.headers.items()), answer.content)


@pytest.fixture
def tenure(house: Shop) -> Tenure:
    token = token_for(house.chief).token
    return Tenure("http://127.0.0.1", token, sender=application)


def test_the_list_and_one_of_them(house: Shop, tenure: Tenure) -> None:
    listed = list(tenure.customers(columns=["orders"], page=2))
    assert {one.id for one in listed} == {str(one) for one in house.known}
    one = tenure.customer(listed[0].id)
    assert one.name == listed[0].name
    [found] = tenure.find("M002")
    assert found.id == str(house.known[1])


def test_writing(house: Shop, tenure: Tenure) -> None:
    made = tenure.put_customer({"member_no": "M900"}, {"full_name": "李梅"}, key="m900")
    again = tenure.put_customer({"member_no": "M900"}, {"full_name": "李梅"}, key="m900")
    assert made == again
    tick(at=now())
    assert tenure.tag(made.id, add=["vip"]).tags == ["vip"]


def test_events_and_what_they_come_to(house: Shop, tenure: Tenure) -> None:
    number = str(house.known[1])
    order = Event(
        "order.placed",
        datetime(2026, 3, 2, tzinfo=UTC),
        {"member_no": "M002"},
        {"amount": "12.50"},
        key="o-1",
    )
    assert [one.status for one in tenure.record([order, order])] == ["accepted", "repeated"]
    tick(at=now())
    assert next(iter(tenure.timeline(number, page=1))).occurred_at
    assert "order.placed" in {one.type for one in tenure.timeline(number, page=1)}
    assert [one.value for one in tenure.metrics(number, keys=["orders"])] == [1]
    before = tenure.metrics(number, keys=["orders"], as_of=date(2026, 3, 1))
    assert [one.value for one in before] == [0]
    assert isinstance(tenure.stages(number), list)


def test_a_problem_is_an_exception(tenure: Tenure) -> None:
    with pytest.raises(ProblemError) as raised:
        list(tenure.customers("orders >"))
    assert raised.value.status == 422
    assert raised.value.errors
    with pytest.raises(ValueError, match="zone"):
        tenure.metrics("1", as_of=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="HTTP"):
        Tenure("file:///etc", "x").customer("1")
