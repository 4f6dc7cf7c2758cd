"""Comparing from the queue and deciding many: what is told, to whom, and that it is done."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tenure.config.jobs.worker import run_due
from tenure.derive.customers.models import CustomerAction, Suggestion, SuggestionCheck
from tests.derive.staff import account
from tests.derive.test_suggestions import pairs
from tests.web.test_review import Pairs, _client, queue

__all__ = ["pairs", "queue"]


def test_the_page_tells_when_and_what_is_likely_right(queue: Pairs) -> None:
    text = _client(language="en").get(reverse("customers:review")).content.decode()
    assert "180 customers" in text
    assert "expected right" in text
    assert "预计" in _client2().get(reverse("customers:review")).content.decode()


def _client2() -> Client:
    client = Client()
    rights = {"customer.view": "all", "customer.merge": "all"}
    client.force_login(account("zh@example.com", rights, language="zh"))
    return client


def test_compared_again_with_progress_and_an_end(queue: Pairs) -> None:
    client = _client(language="en")
    client.post(reverse("customers:review-again"))
    assert "Waiting for the worker" in client.get(reverse("customers:review")).content.decode()
    assert "Stop" in client.get(reverse("customers:review-checking")).content.decode()
    client.post(reverse("customers:review-stop"))
    assert SuggestionCheck.objects.get().stopping
    SuggestionCheck.objects.update(job_id="")
    answer = client.get(reverse("customers:review-checking"))
    assert answer.headers["HX-Refresh"] == "true"


def test_all_pages_are_merged_and_taken_back(queue: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("web.customers.views.review_many", "derive.customers.operations.accepting"):
        monkeypatch.setattr(f"tenure.{module}.MOST_ACCEPTED", 9)
    client = _client(language="en")
    client.post(reverse("customers:review-accept"), {"least": "0.9"})
    assert not Suggestion.objects.filter(state="accepted").exists()  # it is the worker's
    _work()
    merged = Suggestion.objects.filter(state="accepted").count()
    assert merged > 9
    text = client.get(reverse("customers:review")).content.decode()
    assert f"{merged} pairs merged at once" in text
    group = CustomerAction.objects.filter(kind="accept").values_list("value", flat=True)[0]
    client.post(reverse("customers:review-undo"), {"group": group})
    _work()
    assert not Suggestion.objects.filter(state="accepted").exists()


def test_identifiers_that_fail_are_listed(queue: Pairs) -> None:
    text = _client(language="en").get(reverse("customers:review"), {"state": "conflicts"})
    assert "Identifiers that fail the rules" in text.content.decode()


@pytest.mark.parametrize("name", ["review-again", "review-stop", "review-undo", "review-accept"])
def test_without_the_right(queue: Pairs, name: str) -> None:
    client = Client()
    client.force_login(account("seller@example.com", {"customer.view": "all"}))
    assert client.post(reverse(f"customers:{name}")).status_code == 403


def _work() -> None:
    run_due()
