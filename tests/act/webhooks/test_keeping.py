"""Endpoints: who may have what told where, and what of it is kept how."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenure.act.webhooks.models import Endpoint
from tenure.act.webhooks.operations import (
    Wanted,
    WebhookError,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    rotate_secret,
    send_again,
    send_test,
    switch_endpoint_off,
    switch_endpoint_on,
)
from tenure.act.webhooks.queries import deliveries, endpoint, endpoints
from tenure.guard.access.models import Account
from tenure.guard.access.queries import ForbiddenError, actor_of
from tenure.guard.trail.models import AuditEntry
from tenure.record.vault.models import VaultEntry
from tests.act.webhooks.receiving import URL, Clock, Pretended, endpoint_for, work
from tests.derive.staff import account
from tests.record.shop import NOW, TESTER, open_shop, sale, tell

pytestmark = pytest.mark.django_db
MANAGER = {"webhook.manage": "all"}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def test_address_and_secret_are_sealed_and_in_no_answer() -> None:
    number, secret = endpoint_for("sale.made")
    held = {
        entry.field: bytes(entry.token) for entry in VaultEntry.objects.filter(holder="webhook")
    }
    assert set(held) == {"url", "secret"}
    assert not any(secret.encode() in token or URL.encode() in token for token in held.values())
    said = f"{endpoints(TESTER, at=NOW)} {list(AuditEntry.objects.values())}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM webhooks_endpoint")
        said += str(cursor.fetchall())
    assert secret not in said
    assert URL not in said
    remove_endpoint(number, by=TESTER, at=NOW)
    assert not VaultEntry.objects.filter(holder="webhook").exists()
    assert endpoint(number, TESTER, at=NOW) is None


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 151}, {"types": []}, {"types": ["no.such"]}, {"reads": ["soul"]},
     {"keep_days": 0}, {"keep_days": 366}, {"name": "a\nb"}],
)  # fmt: skip
def test_what_cannot_be_is_said(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"name": "ERP", "url": URL, "types": ["sale.made"]}
    with pytest.raises(WebhookError) as refused:
        add_endpoint(Wanted(**{**good, **wrong}), by=TESTER, at=NOW)  # type: ignore[arg-type]
    assert refused.value.words.zh
    number, _ = endpoint_for("sale.made")
    with pytest.raises(WebhookError):
        change_endpoint(number, Wanted(**wrong), by=TESTER, at=NOW)  # type: ignore[arg-type]


def test_nobody_without_the_right() -> None:
    number, _ = endpoint_for("sale.made")
    other = actor_of(account("a@example.com", {"customer.view": "all"}))
    for refused in (
        lambda: add_endpoint(Wanted("X", URL, every_type=True), by=other, at=NOW),
        lambda: change_endpoint(number, Wanted(name="Y"), by=other, at=NOW),
        lambda: remove_endpoint(number, by=other, at=NOW),
        lambda: switch_endpoint_off(number, by=other, at=NOW),
        lambda: switch_endpoint_on(number, by=other, at=NOW),
        lambda: rotate_secret(number, overlap=timedelta(0), by=other, at=NOW),
        lambda: send_test(number, by=other, at=NOW),
        lambda: send_again(number, by=other, at=NOW),
        lambda: endpoints(other, at=NOW),
        lambda: endpoint(number, other, at=NOW),
        lambda: deliveries(number, other),
    ):
        with pytest.raises(ForbiddenError):
            refused()


def test_nobody_lets_an_endpoint_read_what_they_do_not() -> None:
    reader: Account = account("r@example.com", MANAGER, reads=["name", "other"])
    blind: Account = account("b@example.com", MANAGER)
    wanted = Wanted("ERP", URL, types=["site.opened"], reads=["other"])
    with pytest.raises(WebhookError, match="you do not read"):
        add_endpoint(wanted, by=actor_of(blind), at=NOW)
    number = add_endpoint(wanted, by=actor_of(reader), at=NOW).endpoint_id
    for wider in (
        Wanted(url="https://evil.example.com/take"),
        Wanted(types=["sale.made", "site.opened"]),
        Wanted(every_type=True),
        Wanted(reads=["other", "phone"]),
    ):
        with pytest.raises(WebhookError, match="you do not read"):
            change_endpoint(number, wider, by=actor_of(blind), at=NOW)
    change_endpoint(number, Wanted(name="Till"), by=actor_of(blind), at=NOW)
    assert Endpoint.objects.get().reads_by == actor_of(reader).key
    change_endpoint(number, Wanted(types=["sale.made"]), by=actor_of(reader), at=NOW)
    clock, network = Clock(), Pretended()
    tell(sale(1, fields={"receiver": "李雷"}))
    work(clock, network)
    Account.objects.filter(pk=reader.pk).update(is_active=False)
    tell(sale(2, fields={"receiver": "韩梅"}))
    work(clock, network)
    assert [got.said["fields"].get("receiver") for got in network.got] == ["李雷", None]
    change_endpoint(number, Wanted(reads=[]), by=actor_of(blind), at=NOW)
    assert Endpoint.objects.get().reads == []


def test_the_log_is_not_read_to_make_one() -> None:
    tell(*(sale(number) for number in range(50)))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        endpoint_for()
    told = [one["sql"] for one in asked if "events_event" in one["sql"]]
    assert len(told) == 1
    assert "MAX(" in told[0]
    network = Pretended()
    work(Clock(), network)
    assert network.got == []


def test_an_overlap_has_its_limits() -> None:
    number, _ = endpoint_for()
    for wrong in (timedelta(seconds=-1), timedelta(days=31)):
        with pytest.raises(WebhookError):
            rotate_secret(number, overlap=wrong, by=TESTER, at=NOW)
