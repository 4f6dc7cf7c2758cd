"""Pages of webhooks: added, looked at, changed, sent again, switched off, removed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations import switch_endpoint_off
from tenure.act.webhooks.operations.posting import Answer
from tenure.clock import now
from tenure.guard.trail.models import AuditEntry
from tests.act.webhooks.receiving import URL, Clock, Pretended, endpoint_for, work
from tests.record.shop import TESTER, sale, tell
from tests.web.house import Enter, enter, open_first

__all__ = ["enter"]
pytestmark = pytest.mark.django_db
FORM = {
    "name": "ERP 系统",
    "url": URL,
    "which": "some",
    "types": ["note.written"],
    "keep_days": "30",
}


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, settings: Any, db: None) -> None:
    open_first(tmp_path, settings)


def secret_in(answer: Any) -> str:
    [secret] = re.findall(r'value="(whsec_[\w+/=]+)"', answer.content.decode())
    return str(secret)


def sent(*answers: Answer) -> int:
    """An endpoint with deliveries: one for each answer."""
    number, _ = endpoint_for(at=now(), name="Till")
    for place, _ in enumerate(answers):
        tell(sale(place), at=now())
    work(Clock(now()), Pretended(list(answers)))
    return number


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_endpoint_from_end_to_end(enter: Enter, language: str) -> None:
    client = enter("data_administrator", language)
    zh = language == "zh"
    assert ("还没有推送地址" if zh else "No endpoints yet") in client.get(
        "/webhooks/"
    ).content.decode()
    form = client.get("/webhooks/new/").content.decode()
    assert "customer.profiled" in form
    added = client.post("/webhooks/new/", FORM)
    secret = secret_in(added)
    assert "no-store" in added.headers["Cache-Control"]
    number = Endpoint.objects.get().id
    shown = client.get(f"/webhooks/{number}/").content.decode()
    assert secret not in shown
    assert URL not in shown
    assert "ERP 系统" in shown
    newer = client.post(f"/webhooks/{number}/secret/", {"overlap": "86400"})
    assert secret_in(newer) != secret
    change = {**FORM, "url": "", "which": "every", "types": []}
    assert client.post(f"/webhooks/{number}/change/", change).status_code == 302
    assert Endpoint.objects.get().every_type
    asked = client.post(f"/webhooks/{number}/test/")
    assert ("正在发送" if zh else "Being sent") in client.get(asked["Location"]).content.decode()
    client.post(f"/webhooks/{number}/switching/", {"wanted": "off"})
    assert ("启用并补发" if zh else "catch up") in client.get(
        f"/webhooks/{number}/"
    ).content.decode()
    client.post(f"/webhooks/{number}/switching/", {"wanted": "on"})
    assert Endpoint.objects.get().off_us is None
    assert client.post(f"/webhooks/{number}/remove/", {"name": "x"}).status_code == 400
    assert client.post(f"/webhooks/{number}/remove/", {"name": "ERP 系统"}).status_code == 302
    assert not Endpoint.objects.exists()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {f"webhook.{act}" for act in (
        "added", "changed", "secret_rotated", "tested", "switched_off", "switched_on", "removed",
    )} <= actions  # fmt: skip


def test_the_delivery_log_is_filtered_and_sent_again(enter: Enter) -> None:
    client = enter("data_administrator", "en")
    number = sent(Answer(200, text="<b>thanks</b>", millis=41), Answer(404), Answer(None, "tls"))
    shown = client.get(f"/webhooks/{number}/").content.decode()
    for part in ("404", "the certificate is not good", "41 ms", "sale.made"):
        assert part in shown
    only = client.get(f"/webhooks/{number}/?status=delivered&type=sale.made").content.decode()
    assert "41 ms" in only
    assert "404" not in only
    assert "No such deliveries" in client.get(f"/webhooks/{number}/?type=no.such").content.decode()
    first = Delivery.objects.order_by("id").first()
    assert first is not None
    page = client.get(f"/webhooks/{number}/deliveries/{first.id}/").content.decode()
    assert "&lt;b&gt;thanks" in page
    assert "&quot;type&quot;: &quot;sale.made&quot;" in page
    client.post(f"/webhooks/{number}/again/", {"delivery": str(first.id)})
    first.refresh_from_db()
    assert first.status == "pending"
    Delivery.objects.update(status="failed")
    client.post(f"/webhooks/{number}/again/")
    assert set(Delivery.objects.values_list("status", flat=True)) == {"pending"}


def test_personal_values_are_on_no_page(enter: Enter) -> None:
    client = enter("data_administrator", "en")
    number, _ = endpoint_for(at=now(), reads=["other"])
    tell(sale(1, type="note.written", fields={"text": "Gate code 17"}), at=now())
    work(Clock(now()), Pretended())
    one = Delivery.objects.get()
    for path in (f"/webhooks/{number}/", f"/webhooks/{number}/deliveries/{one.id}/"):
        assert "Gate code" not in client.get(path).content.decode()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(enter: Enter) -> None:
    client = enter("data_administrator", "en")
    for wrong, said in (
        ({"url": "http://10.0.0.1/"}, "TENURE_WEBHOOK_ALLOW"),
        ({"types": []}, "at least one event type"),
        ({"keep_days": "0"}, "greater than or equal to 1"),
        ({"reads": ["health"]}, "health"),
    ):
        answer = client.post("/webhooks/new/", {**FORM, **wrong})
        assert answer.status_code == 400
        shown = answer.content.decode()
        assert said in shown
        assert "ERP 系统" in shown
    number = sent()
    assert client.post(f"/webhooks/{number}/secret/", {"overlap": "x"}).status_code == 400
    switch_endpoint_off(number, by=TESTER, at=now())
    assert client.post(f"/webhooks/{number}/test/").status_code == 400
    for path in (
        "/webhooks/99/",
        "/webhooks/99999999999999999999/",
        f"/webhooks/{number}/deliveries/9/",
    ):
        assert client.get(path).status_code == 404


def test_only_with_the_right(enter: Enter) -> None:
    number = sent(Answer(200))
    one = Delivery.objects.get().id
    analyst: Client = enter("analyst")
    for path in ("", "new/", f"{number}/", f"{number}/change/", f"{number}/deliveries/{one}/"):
        assert analyst.get(f"/webhooks/{path}").status_code == 403
    for path in ("secret", "switching", "test", "again", "remove"):
        assert analyst.post(f"/webhooks/{number}/{path}/").status_code == 403
    assert "/webhooks/" not in analyst.get("/").content.decode()
    assert "/webhooks/" in enter("data_administrator").get("/settings/about/").content.decode()


def test_pages_ask_no_more_for_more(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter("data_administrator")
    number = sent(*[Answer(200, text="ok")] * 30)
    for place in range(10):
        endpoint_for(at=now(), name=f"E{place}")
    client.get("/webhooks/")
    with django_assert_max_num_queries(14):
        client.get("/webhooks/")
    with django_assert_max_num_queries(16):
        client.get(f"/webhooks/{number}/")
