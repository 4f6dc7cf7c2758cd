"""From the log to a receiver: what is sent, when again, and when no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations import (
    Wanted,
    WebhookError,
    change_endpoint,
    clean_deliveries,
    note_disclosures,
    rotate_secret,
    route_events,
    send_again,
    send_test,
    switch_endpoint_off,
    switch_endpoint_on,
)
from tenure.act.webhooks.operations.posting import Answer
from tenure.act.webhooks.operations.retrying import PAUSES, asked_to_wait, next_attempt
from tenure.act.webhooks.operations.sending import CLAIM
from tenure.act.webhooks.queries import deliveries, delivery, endpoint
from tenure.config.jobs.worker import recurring
from tenure.guard.access.queries import actor_of
from tenure.guard.trail.models import AuditEntry
from tenure.record.vault.models import VaultEntry
from tenure.record.vault.operations import rotate_keys
from tests.act.webhooks.receiving import (
    URL,
    Clock,
    Killed,
    Pretended,
    endpoint_for,
    statuses,
    verify,
    work,
)
from tests.derive.staff import account
from tests.record.shop import NOW, TESTER, open_shop, sale, tell

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def test_an_event_is_told_once_signed_and_whole() -> None:
    clock, network = Clock(), Pretended()
    tell(sale(1))
    number, secret = endpoint_for("sale.made")
    [receipt] = tell(
        sale(2, currency="CNY", fields={"receiver": "李雷", "remarks": "gate code 17"})
    )
    work(clock, network)
    work(clock, network)
    [got] = network.got
    assert got.path == URL
    assert verify(secret, got.headers, got.body, now=clock().timestamp())
    said = got.said
    assert said.pop("customer").isdecimal()
    assert said == {
        "version": 1,
        "type": "sale.made",
        "id": str(receipt.event_id),
        "occurred_at": "2025-05-01T08:30:00Z",
        "recorded_at": "2026-03-01T12:00:00Z",
        "source": "till",
        "amount": "12.5",
        "currency": "CNY",
        "fields": {"sale_id": "S2", "remarks": "gate code 17"},
    }
    assert statuses() == ["delivered"]
    shown = delivery(number, Delivery.objects.get().id, TESTER)
    assert shown is not None
    assert (shown.code, shown.attempts, shown.answer, shown.millis) == (200, 1, "ok", 3)


def test_retries_follow_the_schedule_under_one_id() -> None:
    clock, network = Clock(), Pretended([Answer(500)] * (len(PAUSES) + 1))
    endpoint_for("sale.made")
    steady, _ = endpoint_for("site.opened")
    tell(sale(1))
    for number, pause in enumerate([timedelta(0), *PAUSES]):
        clock.pass_(pause * 0.79)
        work(clock, network)
        assert len(network.got) == number or not number
        clock.pass_(pause * 0.42)
        work(clock, network)
        assert len(network.got) == number + 1
    assert len({got.id for got in network.got}) == 1
    first = Endpoint.objects.exclude(id=steady).get()
    assert (first.off_reason, statuses()) == ("failing", ["failed"])
    assert AuditEntry.objects.filter(action="webhook.switched_off").count() == 1


def test_a_worker_killed_after_sending_sends_it_again_under_the_same_id() -> None:
    clock, network = Clock(), Pretended([Killed])
    endpoint_for()
    tell(sale(1))
    with pytest.raises(Killed):
        work(clock, network)
    work(clock, network)
    assert len(network.got) == 1  # still claimed
    clock.pass_(CLAIM)
    work(clock, network)
    first, second = network.got
    assert (first.id, first.body) == (second.id, second.body)
    assert statuses() == ["delivered"]


def test_retry_after_is_respected_for_the_whole_endpoint() -> None:
    busy = Answer(429, retry_after="120")
    clock, network = Clock(), Pretended([busy])
    number, _ = endpoint_for()
    tell(sale(1), sale(2))
    work(clock, network)
    assert len(network.got) == 1
    shown = endpoint(number, TESTER, at=clock())
    assert shown is not None
    assert (shown.state, shown.held_until) == ("held", NOW + timedelta(seconds=120))
    clock.pass_(timedelta(seconds=119))
    work(clock, network)
    assert len(network.got) == 1
    clock.pass_(timedelta(seconds=1))
    work(clock, network)
    assert statuses() == ["delivered", "delivered"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), (" 7 ", 7), ("999999999999", 86_400), ("Sun, 01 Mar 2026 12:02:00 GMT", 120),
     ("Sun, 01 Mar 2020 12:02:00 GMT", 0), ("soon", None), ("", None), (None, None), ("-3", None)],
)  # fmt: skip
def test_retry_after_in_both_forms(header: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert asked_to_wait(header, at=NOW) == expected


def test_the_schedule_spans_three_days() -> None:
    assert timedelta(days=3) <= sum(PAUSES, timedelta(0)) <= timedelta(days=4)
    assert next_attempt(len(PAUSES) + 1, at=NOW, not_before=None) is None
    spread = {next_attempt(2, at=NOW, not_before=None) for _ in range(20)}
    assert len(spread) > 1


def test_gone_switches_it_off_and_nothing_is_lost() -> None:
    clock, network = Clock(), Pretended([Answer(410)])
    number, _ = endpoint_for()
    tell(sale(1))
    work(clock, network)
    tell(sale(2))
    clock.pass_(DAY)
    work(clock, network)
    assert len(network.got) == 1
    shown = endpoint(number, TESTER, at=clock())
    assert shown is not None
    assert shown.state == "gone"
    with pytest.raises(WebhookError):
        send_test(number, by=TESTER, at=clock())
    switch_endpoint_on(number, by=TESTER, at=clock())
    work(clock, network)
    assert statuses() == ["delivered", "delivered"]


def test_switched_off_by_a_person_and_on_again_from_now() -> None:
    clock, network = Clock(), Pretended()
    number, _ = endpoint_for()
    switch_endpoint_off(number, by=TESTER, at=NOW)
    tell(sale(1))
    work(clock, network)
    assert network.got == []
    switch_endpoint_on(number, skip=True, by=TESTER, at=NOW)
    tell(sale(2))
    work(clock, network)
    assert [got.said["fields"]["sale_id"] for got in network.got] == ["S2"]


def test_types_no_longer_chosen_are_not_sent_any_more() -> None:
    clock, network = Clock(), Pretended([Answer(500)])
    number, _ = endpoint_for("sale.made")
    tell(sale(1))
    work(clock, network)
    change_endpoint(number, Wanted(types=["site.opened"]), by=TESTER, at=clock())
    clock.pass_(DAY)
    work(clock, network)
    assert statuses() == ["skipped"]
    assert len(network.got) == 1


def test_both_secrets_sign_while_they_overlap() -> None:
    clock, network = Clock(), Pretended()
    number, old = endpoint_for()
    new = rotate_secret(number, overlap=DAY, by=TESTER, at=NOW)
    rotate_keys()
    tell(sale(1))
    work(clock, network)
    clock.pass_(DAY)
    tell(sale(2))
    work(clock, network)
    during, after = network.got
    moment = NOW.timestamp()
    assert verify(old, during.headers, during.body, now=moment)
    assert verify(new, during.headers, during.body, now=moment)
    moment = clock().timestamp()
    assert not verify(old, after.headers, after.body, now=moment)
    assert verify(new, after.headers, after.body, now=moment)
    assert new not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_personal_fields_only_with_the_right_and_never_once_erased() -> None:
    clock, network = Clock(), Pretended([Answer(200), Answer(500)])
    endpoint_for("sale.made", reads=["other"])
    fields = {"receiver": "李雷", "remarks": "gate code 17"}
    tell(sale(1, fields=fields))
    work(clock, network)
    assert network.got[0].said["fields"] == {"sale_id": "S1", **fields}
    assert note_disclosures(at=clock()) == 1
    assert note_disclosures(at=clock()) == 0
    noted = AuditEntry.objects.get(action="webhook.exported")
    assert (noted.exported, noted.detail["groups"]) == (1, ["other"])
    tell(sale(2, fields=fields))
    work(clock, network)
    VaultEntry.objects.filter(holder="event").delete()  # as an erasure does
    clock.pass_(DAY)
    work(clock, network)
    assert "receiver" not in network.got[2].said["fields"]
    assert network.got[2].id == network.got[1].id


def test_a_test_is_sent_once_and_does_no_harm() -> None:
    clock, network = Clock(), Pretended([Answer(500, text="no")])
    number, secret = endpoint_for("sale.made")
    made = send_test(number, by=TESTER, at=NOW)
    work(clock, network)
    clock.pass_(4 * DAY)
    work(clock, network)
    [got] = network.got
    assert verify(secret, got.headers, got.body, now=NOW.timestamp())
    assert (got.said["type"], got.said["id"]) == ("webhook.tested", None)
    shown = delivery(number, made, TESTER)
    assert shown is not None
    assert (shown.status, shown.answer) == ("failed", "no")
    one = endpoint(number, TESTER, at=clock())
    assert one is not None
    assert one.state == "live"


def test_what_failed_is_sent_again_when_asked_for() -> None:
    clock, network = Clock(), Pretended()
    number, _ = endpoint_for()
    tell(sale(1), sale(2))
    work(clock, network)
    Delivery.objects.filter(event_id__isnull=False).update(status="failed", tries=10)
    first = Delivery.objects.order_by("id").first()
    assert first is not None
    assert send_again(number, delivery_id=first.id, by=TESTER, at=NOW) == 1
    assert send_again(number, by=TESTER, at=NOW) == 1
    work(clock, network)
    assert statuses() == ["delivered", "delivered"]
    assert sorted(got.id for got in network.got[:2]) == sorted(got.id for got in network.got[2:])
    with pytest.raises(WebhookError):
        send_again(number, delivery_id=9_999, by=TESTER, at=NOW)


def test_old_deliveries_are_forgotten_with_their_answers() -> None:
    clock, network = Clock(), Pretended([Answer(200, text="ok"), Answer(500, text="bad")])
    number, _ = endpoint_for(keep_days=7)
    tell(sale(1))
    work(clock, network)
    tell(sale(2))
    work(clock, network)
    assert VaultEntry.objects.filter(holder="webhook_answer").count() == 2
    assert clean_deliveries(at=NOW + 6 * DAY) == 0
    assert clean_deliveries(at=NOW + 8 * DAY) == 1
    assert statuses() == ["pending"]
    assert VaultEntry.objects.filter(holder="webhook_answer").count() == 1
    work(clock, network)
    assert len(network.got) == 2  # what is forgotten is not told again
    page = deliveries(number, TESTER, status="pending", type_="sale.made", with_answers=True)
    assert [one.answer for one in page.deliveries] == ["bad"]


def test_cleaning_and_telling_the_audit_recur() -> None:
    schedules = {task.name: task.cron for task in recurring()}
    assert schedules["forget_deliveries"] == "50 3 * * *"
    assert schedules["tell_audit"] == "5 * * * *"


def test_an_answer_of_a_person_is_kept_in_the_vault_under_that_person() -> None:
    clock, network = Clock(), Pretended([Answer(200, text="thank you, 李雷")])
    endpoint_for("sale.made", reads=["other"])
    tell(sale(1, fields={"receiver": "李雷"}))
    work(clock, network)
    entry = VaultEntry.objects.get(holder="webhook_answer")
    assert entry.subject_id == Delivery.objects.get().subject_id is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM webhooks_delivery")
        assert "李雷" not in str(cursor.fetchall())
    blind = actor_of(account("b@example.com", {"webhook.manage": "all"}))
    one = Delivery.objects.get()
    for viewer, answer in ((TESTER, "thank you, 李雷"), (blind, "")):
        shown = delivery(one.endpoint_id, one.id, viewer)
        assert shown is not None
        assert (shown.answer, shown.withheld) == (answer, not answer)


def test_one_far_behind_keeps_nobody_waiting() -> None:
    clock, network = Clock(), Pretended()
    behind, _ = endpoint_for("site.opened")
    switch_endpoint_off(behind, by=TESTER, at=NOW)
    for start in range(0, 1_200, 400):
        tell(*(sale(number) for number in range(start, start + 400)))
    quick, _ = endpoint_for("sale.made")
    switch_endpoint_on(behind, by=TESTER, at=NOW)
    tell(sale(5_000))
    assert route_events(at=NOW) == 1
    assert Endpoint.objects.get(id=behind).cursor < Endpoint.objects.get(id=quick).cursor
    work(clock, network)
    assert len(network.got) == 1
