"""Webhooks: an address of their own, signed or not; translated by a map, mended, tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tenure.clock import now
from tenure.record.events.models import DeadLetter, Event
from tenure.record.events.queries import dead_letters
from tenure.record.feeds.operations import (
    FeedError,
    add_feed,
    retry_refused,
    settle_feed_map,
    sign_webhook,
)
from tenure.record.feeds.queries.signing import fault_of_signature
from tenure.record.sources.operations import load_spool, pause_source, resume_source
from tenure.record.sources.queries import arrived_by_source
from tenure.record.sources.spool import house_spool
from tenure.words import TenureError
from tests.record.shop import TESTER, open_shop

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ORDER = {
    "id": 1001,
    "created_at": "2026-03-01T10:00:00+08:00",
    "total_price": "99.50",
    "customer": {"phone": "13800138000", "email": "li@example.com", "name": "李雷"},
}
MAP = """
customer: {phone: customer.phone}
key: id
events:
  - type: order.placed
    at: created_at
    fields: {order_id: id, amount: total_price}
"""


@pytest.fixture
def shop(settings: Any, tmp_path: Any) -> tuple[int, str]:
    """The number of a webhook and its key."""
    settings.TENURE_HOME = tmp_path
    open_shop()
    added = add_feed("shop", name="商城", kind="webhook", by=TESTER, at=AT)
    assert added.write_key is not None
    return added.source_id, added.write_key


def deliver(key: str, body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = headers.pop("content_type", "application/json")
    return Client().post(f"/hooks/{key}", raw, content_type=kind, headers=headers)


def load() -> Any:
    house_spool().close()
    return load_spool(clock=now)


def test_an_order_becomes_an_event_once_however_often_it_is_sent(shop: tuple[int, str]) -> None:
    source_id, key = shop
    settle_feed_map(source_id, MAP, by=TESTER, at=AT)
    for _ in range(3):
        answer = deliver(key, ORDER)
        assert (answer.status_code, answer.json()["success"]) == (200, True)
    taken = load()
    assert (taken.accepted, taken.repeated, taken.refused) == (1, 2, 0)
    [event] = Event.objects.filter(type="order.placed")
    assert (event.source, event.amount_e4) == ("shop", 995_000)


@pytest.mark.parametrize(
    ("list_at", "body"),
    [
        ("", [ORDER, {**ORDER, "id": 1002}]),
        ("data.orders", {"shop": "s1", "data": {"orders": [ORDER, {**ORDER, "id": 1002}]}}),
    ],
)
def test_a_list_and_a_list_under_a_path_are_so_many_records(
    shop: tuple[int, str], list_at: str, body: Any
) -> None:
    from tenure.record.feeds.operations import change_feed

    source_id, key = shop
    change_feed(source_id, list_at=list_at, by=TESTER, at=AT)
    settle_feed_map(source_id, MAP, by=TESTER, at=AT)
    deliver(key, body)
    assert load().accepted == 2


def test_a_form_is_a_record_and_tells_no_moment_but_that_it_came(shop: tuple[int, str]) -> None:
    source_id, key = shop
    text = "customer: {phone: mobile}\nevents:\n  - type: enquiry.made\n    at: _received_at\n"
    settle_feed_map(source_id, text, by=TESTER, at=AT)
    form = "mobile=13900139000&message=%E4%BD%A0%E5%A5%BD"
    deliver(key, form.encode(), content_type="application/x-www-form-urlencoded")
    taken = load()
    assert (taken.accepted, taken.refused) == (1, 0)
    assert Event.objects.filter(type="enquiry.made").count() == 1


def test_headers_say_what_a_body_is_about(shop: tuple[int, str]) -> None:
    source_id, key = shop
    text = MAP.replace(
        "type: order.placed",
        "type: {column: header.x-shopify-topic, values: {orders/create: order.placed}, "
        "otherwise: skip}",
    )
    settle_feed_map(source_id, text, by=TESTER, at=AT)
    deliver(key, ORDER, **{"X-Shopify-Topic": "orders/create"})
    deliver(key, {**ORDER, "id": 7}, **{"X-Shopify-Topic": "carts/update"})
    taken = load()
    assert (taken.accepted, taken.refused) == (1, 0)
    counts = arrived_by_source(TESTER, since=AT)[source_id]
    assert (counts.accepted, counts.refused, counts.left_out) == (1, 0, 1)


def test_what_does_not_fit_waits_and_is_tried_again_under_a_mended_map(
    shop: tuple[int, str],
) -> None:
    source_id, key = shop
    deliver(key, ORDER)
    assert load().refused == 1  # there is no map yet
    settle_feed_map(source_id, MAP, by=TESTER, at=AT)
    deliver(key, {**ORDER, "id": 2, "total_price": "ninety"})
    deliver(key, b"not json at all")
    taken = load()
    assert (taken.accepted, taken.refused) == (0, 2)
    reasons = [letter.reasons[0].en for letter in dead_letters(source="shop")]
    assert "no map yet" in reasons[0]
    assert "amount" in reasons[1]
    done = retry_refused(source_id, by=TESTER, clock=now)
    assert (done.recorded, done.refused) == (1, 2)
    mended = MAP.replace(
        "amount: total_price", "amount: {column: total_price, values: {ninety: '90'}}"
    )
    settle_feed_map(source_id, mended, by=TESTER, at=AT)
    done = retry_refused(source_id, by=TESTER, clock=now)
    assert (done.recorded, done.refused) == (1, 1)
    deliver(key, {**ORDER, "id": 2, "total_price": "ninety"})  # sent again much later
    assert load().repeated == 1
    assert Event.objects.filter(type="order.placed").count() == 2
    assert DeadLetter.objects.filter(status="waiting").count() == 1


def test_a_record_is_recorded_whole_or_not_at_all(shop: tuple[int, str]) -> None:
    source_id, key = shop
    two = MAP + "  - type: order.paid\n    at: paid_at\n    fields: {order_id: id}\n"
    settle_feed_map(source_id, two, by=TESTER, at=AT)
    deliver(key, {**ORDER, "paid_at": "2099-01-01T00:00:00+08:00"})
    taken = load()
    assert (taken.accepted, taken.refused) == (0, 1)
    assert not Event.objects.exists()


def test_reasons_tell_nothing_about_people(shop: tuple[int, str]) -> None:
    source_id, key = shop
    text = MAP.replace("at: created_at", "at: customer.name")
    settle_feed_map(source_id, text, by=TESTER, at=AT)
    deliver(key, ORDER)
    load()
    [letter] = dead_letters(source="shop")
    assert "李雷" not in letter.reasons[0].zh + letter.reasons[0].en


def test_a_paused_webhook_keeps_what_comes(shop: tuple[int, str]) -> None:
    source_id, key = shop
    settle_feed_map(source_id, MAP, by=TESTER, at=AT)
    pause_source(source_id, by=TESTER, at=AT)
    deliver(key, ORDER)
    assert load().refused == 1
    with pytest.raises(FeedError):
        retry_refused(source_id, by=TESTER, clock=now)
    resume_source(source_id, by=TESTER, at=AT)
    assert retry_refused(source_id, by=TESTER, clock=now).recorded == 1


def test_only_signed_requests_are_taken_once_there_is_a_secret(
    shop: tuple[int, str], caplog: pytest.LogCaptureFixture
) -> None:
    source_id, key = shop
    sign_webhook(
        source_id, form="header", header="X-Shopify-Hmac-Sha256", secret="hush-hush",
        by=TESTER, at=AT,
    )  # fmt: skip
    raw = json.dumps(ORDER).encode()
    good = base64.b64encode(hmac.digest(b"hush-hush", raw, hashlib.sha256)).decode()
    assert deliver(key, raw).status_code == 401
    assert deliver(key, raw, **{"X-Shopify-Hmac-Sha256": good[:-2] + "A="}).status_code == 401
    assert deliver(key, raw, **{"X-Shopify-Hmac-Sha256": good}).status_code == 200
    around = Client().post("/v1/track", {**ORDER, "writeKey": key}, content_type="application/json")
    assert around.status_code == 401
    assert "hush" not in deliver(key, raw).content.decode()
    assert Client().get(f"/hooks/{key}").status_code == 405
    assert key not in "".join(record.getMessage() for record in caplog.records)


def test_standard_webhooks_are_verified(shop: tuple[int, str]) -> None:
    source_id, key = shop
    secret = sign_webhook(source_id, form="standard", by=TESTER, at=AT)
    assert secret is not None
    assert secret.startswith("whsec_")
    raw, moment = json.dumps(ORDER).encode(), str(int(now().timestamp()))
    signed = hmac.digest(
        base64.b64decode(secret[6:]), f"msg_1.{moment}.".encode() + raw, hashlib.sha256
    )
    given = {
        "webhook-id": "msg_1", "webhook-timestamp": moment,
        "webhook-signature": "v1,bad= v1," + base64.b64encode(signed).decode(),
    }  # fmt: skip
    assert deliver(key, raw, **given).status_code == 200
    assert deliver(key, raw + b" ", **given).status_code == 401


def test_the_example_of_the_standard_webhooks_specification() -> None:
    """https://github.com/standard-webhooks/standard-webhooks: its libraries' own test vector."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    body = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)
    rule = {"form": "standard"}
    assert fault_of_signature(rule, secret, headers, body, at=at) is None
    late = at + timedelta(minutes=6)
    assert fault_of_signature(rule, secret, headers, body, at=late) is not None


def test_a_key_of_another_kind_opens_no_webhook(shop: tuple[int, str]) -> None:
    from tenure.record.sources.operations import add_source

    sdk = add_source("web", name="Web", kind="sdk", by=TESTER, at=AT).write_key
    assert sdk is not None
    assert deliver(sdk, ORDER).status_code == 401
    assert deliver("tw_nothing", ORDER).status_code == 401


def test_maps_for_whole_files_are_refused(shop: tuple[int, str]) -> None:
    with pytest.raises(TenureError, match="stand alone"):
        settle_feed_map(shop[0], MAP + "group_by: id\n", by=TESTER, at=AT)
