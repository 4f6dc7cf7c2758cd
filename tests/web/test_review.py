"""The queue of customers who may be one: what it shows, to whom, and how it is decided."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenure.definitions import load_text
from tenure.derive.customers.models import Suggestion
from tenure.derive.customers.operations import refresh_suggestions
from tenure.derive.customers.queries import customer_of
from tenure.derive.lifecycles.operations import tick
from tenure.guard.access.models import Role
from tenure.guard.trail.models import AuditEntry
from tenure.record.library.operations import publish
from tests.derive.company import TESTER
from tests.derive.staff import account
from tests.derive.test_suggestions import AT, pairs
from tests.web.test_customer_page import BUYERS

__all__ = ["pairs"]
Pairs = list[tuple[int, int]]
MERGER = {"customer.view": "all", "customer.merge": "all"}
MOST_QUERIES = 120
"""For one pair side by side; the length of the queue adds none."""


def _client(**more: object) -> Client:
    client = Client()
    client.force_login(account("boss@example.com", MERGER, **more))  # type: ignore[arg-type]
    return client


@pytest.fixture
def queue(pairs: Pairs) -> Pairs:
    publish(load_text(BUYERS, file="buyers.yaml"), note="n", by=TESTER, at=AT)
    tick(at=AT)
    refresh_suggestions("person", at=AT)
    return pairs


def test_the_queue_tells_why(queue: Pairs) -> None:
    client = _client(reads=("name",), language="en")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text = client.get(reverse("customers:review")).content.decode()
    assert "speaks strongly for it" in text
    assert "pairs of at least" in text
    assert "号" not in text  # addresses are masked
    assert len(queries) <= MOST_QUERIES, len(queries)
    with CaptureQueriesContext(connection) as queries:
        part = client.get(reverse("customers:review") + "?all=1&part=changes").content.decode()
    assert "Prospect" in part  # where both stand, and would stand
    assert "<html" not in part
    assert len(queries) <= MOST_QUERIES, len(queries)


def test_keys_have_their_buttons_and_both_languages(queue: Pairs) -> None:
    text = _client(language="zh").get(reverse("customers:review")).content.decode()
    assert all(f'data-review="{key}"' in text for key in ("next", "accept", "decline"))
    assert "有力支持" in text


def test_revealing_is_noted(queue: Pairs) -> None:
    client = _client(reads=("name",), language="en")
    Role.objects.update(reveals=["address"])
    number = Suggestion.objects.order_by("-probability", "id").values_list("id", flat=True)[0]
    answer = client.post(reverse("customers:review-reveal", args=[number]), {"group": "address"})
    assert "号" in answer.content.decode()
    assert AuditEntry.objects.filter(action="customer.revealed").count() == 2


def test_one_by_one(queue: Pairs) -> None:
    client, first = _client(language="en"), Suggestion.objects.order_by("-probability", "id")[0]
    client.post(reverse("customers:review-decide", args=[first.pk]), {"decision": "decline"})
    first.refresh_from_db()
    assert first.state == "declined"
    second = Suggestion.objects.filter(state="open")[0]
    client.post(reverse("customers:review-decide", args=[second.pk]), {"decision": "accept"})
    tick(at=AT)
    assert customer_of(second.left_id) == customer_of(second.right_id)
    for state in ("declined", "accepted", "history"):
        answer = client.get(reverse("customers:review"), {"state": state})
        assert answer.status_code == 200, state


def test_many_at_once_with_undo(queue: Pairs) -> None:
    client = _client(language="en")
    answer = client.post(reverse("customers:review-accept"), {"least": "0.9"}, follow=True)
    assert "merged" in answer.content.decode()
    assert Suggestion.objects.filter(state="accepted").exists()
    from tenure.derive.customers.models import CustomerAction

    action = CustomerAction.objects.get(kind="accept")
    client.post(reverse("customers:undo"), {"action": action.pk})
    assert not Suggestion.objects.filter(state="accepted").exists()


def test_nothing_to_decide(db: None) -> None:
    client = _client(language="en")
    page = client.get(reverse("customers:review") + "?all=1")
    assert "Nothing to decide" in page.content.decode()


def test_without_the_right(queue: Pairs) -> None:
    client = Client()
    client.force_login(account("seller@example.com", {"customer.view": "all"}))
    assert client.get(reverse("customers:review")).status_code == 403
