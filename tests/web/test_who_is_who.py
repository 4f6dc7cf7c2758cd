"""Merging, separating, preferring a value, and the log of it all, as the pages do it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tenure.derive.customers.models import CustomerAction
from tenure.derive.customers.operations import merge_customers
from tenure.derive.customers.queries import customer_of, identifiers_of
from tenure.derive.customers.queries.profile import field_story, profile_of
from tenure.derive.lifecycles.operations import tick
from tenure.guard.access.models import Account
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.operations import IncomingEvent, record_events
from tests.derive.company import TESTER
from tests.derive.staff import START, account
from tests.web.test_customer_page import ALL_RIGHTS, boss, customers, logged_in

__all__ = ["boss", "customers"]
LATER = START + timedelta(days=63)


def test_a_merge_shows_all_that_changes(boss: Account, customers: list[int]) -> None:
    one, other = customers[0], customers[1]
    client = logged_in(boss)
    address = reverse("customers:merge", args=[one])
    text = client.get(address, {"with": other}).content.decode()
    assert "After the merge" in text
    assert "Identifiers" in text
    part = client.get(address, {"with": other, "part": "changes", "all": "1"}).content.decode()
    assert "Buyers" in part
    assert "Orders" in part
    assert "<html" not in part
    whole = client.get(address, {"with": other, "all": "1"}).content.decode()
    assert "Buyers" in whole


def test_identifiers_are_separated_and_put_back(boss: Account, customers: list[int]) -> None:
    one, other = customers[0], customers[1]
    merge_customers(one, other, reason="same", by=TESTER, at=LATER)
    tick(at=LATER)
    number, client = customer_of(one), logged_in(boss)
    theirs = [other, *(n for n in identifiers_of(number) if n == other)]
    address = reverse("customers:separate", args=[number])
    assert client.get(address).status_code == 200
    text = client.get(address, {"id": [str(other)]}).content.decode()
    assert "The other one" in text
    assert client.post(address, {"id": [str(other)], "reason": ""}).status_code == 400
    assert client.post(address, {"reason": "two"}).status_code == 400
    said = client.post(address, {"id": [str(other)], "reason": "two people"})
    assert said.status_code == 302
    tick(at=LATER + timedelta(days=1000))
    assert customer_of(theirs[0]) != customer_of(one)
    assert AuditEntry.objects.filter(action="customer.separated").exists()
    action = CustomerAction.objects.get(kind="separate")
    client.post(reverse("customers:undo"), {"action": action.pk})
    tick(at=LATER + timedelta(days=1001))
    assert customer_of(other) == customer_of(one)


def test_separating_needs_its_right(customers: list[int]) -> None:
    viewer = account("w@example.com", {"customer.view": "all", "customer.edit": "all"})
    client = logged_in(viewer)
    for address in (
        reverse("customers:separate", args=[customers[0]]),
        reverse("customers:review-log"),
    ):
        assert client.get(address).status_code == 403


def test_another_value_is_shown_by_hand(boss: Account, customers: list[int]) -> None:
    one = customers[0]
    events = [
        IncomingEvent("customer.profiled", LATER, {"member_no": "M001"}, {"city": city}, city)
        for city in ("Hangzhou", "Shanghai")
    ]
    record_events(events[:1], source="crm", by=TESTER, at=LATER)
    record_events(events[1:], source="shop", by=TESTER, at=LATER)
    client = logged_in(boss)
    history = reverse("customers:field-history", args=[one, "city"])
    text = client.get(history).content.decode()
    assert "the newest value" in text
    assert "1 other values" in text
    [other] = [told for told in field_story(one, "city", viewer=TESTER).told if not told.shown]
    prefer = reverse("customers:act", args=[one, "prefer"])
    fields = {"field": "city", "event": other.entry.event_id}
    assert client.post(prefer, fields).status_code == 302
    entry = profile_of(one, viewer=TESTER).field("city")
    assert entry is not None
    assert (entry.value, entry.chosen) == (other.entry.value, "preferred")
    assert "preferred by hand" in client.get(history).content.decode()
    client.post(reverse("customers:act", args=[one, "unprefer"]), {"field": "city"})
    entry = profile_of(one, viewer=TESTER).field("city")
    assert entry is not None
    assert entry.chosen == "rule"
    assert client.post(prefer, {"field": "city", "event": 99}).status_code == 400


def test_the_log_is_filtered_and_a_file(customers: list[int]) -> None:
    rights = {**ALL_RIGHTS, "customer.export": "all"}
    client = logged_in(account("boss@example.com", rights, language="en"))
    merge_customers(customers[0], customers[1], reason="=cmd", by=TESTER, at=LATER)
    page = reverse("customers:review")
    for language, found in (("merged", True), ("apart", False)):
        text = client.get(page, {"state": "history", "kind": language}).content.decode()
        assert ("=cmd" in text) is found
    absurd = {"state": "history", "since": "2026-02-31", "by": "x", "kind": "?", "before": "-1"}
    assert client.get(page, absurd).status_code == 200
    answer = client.get(reverse("customers:review-log"))
    lines = b"".join(answer).decode().splitlines()  # type: ignore[arg-type]
    assert len(lines) == 2
    assert "'=cmd" in lines[1]
    assert AuditEntry.objects.filter(action="identity.exported").exists()


@pytest.mark.usefixtures("customers")
def test_conflicts_say_what_to_do(boss: Account) -> None:
    person = {"member_no": "M001", "email": "one@example.com"}
    second = {"member_no": "M900", "email": "one@example.com"}
    events = [IncomingEvent("customer.recognised", LATER, dict(ids)) for ids in (person, second)]
    receipts = record_events(events, source="shop", by=TESTER, at=LATER)
    assert [one.status for one in receipts] == ["accepted", "accepted"]
    tick(at=LATER)
    page = reverse("customers:review")
    text = logged_in(boss).get(page, {"state": "conflicts"}).content.decode()
    assert "2 values" in text
    assert "Separate" in text
