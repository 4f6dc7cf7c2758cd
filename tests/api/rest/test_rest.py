"""Events, stages, definitions, imports, audit, and what all answers have in common."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from tenure.api.rest.limits import Buckets, forget_buckets
from tenure.clock import now
from tenure.derive.customers.models import Suggestion
from tenure.derive.lifecycles.operations import tick
from tenure.guard.access.models import ApiToken
from tenure.record.events.queries import event_count
from tests.api.rest.house import Asker, Shop, house, token_for
from tests.derive.staff import PEOPLE

__all__ = ["house"]
pytestmark = pytest.mark.django_db
ORDER = {
    "type": "order.placed",
    "occurred_at": "2026-03-02T08:00:00+08:00",
    "identifiers": {"member_no": "M002"},
    "fields": {"amount": "99.00"},
    "key": "o-1",
}


def test_events_are_recorded_once_and_read_back(house: Shop) -> None:
    chief = token_for(house.chief)
    said = chief.ask("POST", "/api/events", {"source": "till", "events": [ORDER, ORDER]}).json()
    assert [one["status"] for one in said["receipts"]] == ["accepted", "repeated"]
    page = chief.get(f"/api/customers/{house.known[1]}/events?limit=2").json()
    seen = list(page["items"])
    while page["next"]:
        page = chief.get(
            f"/api/customers/{house.known[1]}/events?limit=2&cursor={page['next']}"
        ).json()
        seen += page["items"]
    assert len({one["id"] for one in seen}) == len(seen)
    [order] = [one for one in seen if one["type"] == "order.placed"]
    assert (float(order["amount"]), order["source"]) == (99, "api:till")


def test_a_token_records_events_of_its_own_customers_only(house: Shop) -> None:
    ann = token_for(house.ann)
    count = event_count()
    others = [
        {**ORDER, "identifiers": {"member_no": "M003"}},
        {**ORDER, "identifiers": {"member_no": "M777"}},
        {**ORDER, "identifiers": {"member_no": "M002", "phone": PEOPLE[2].phone}},
        {**ORDER, "type": "customer.assigned", "fields": {"owner": str(house.ben.pk)}},
        {**ORDER, "type": "identity.linked", "fields": {"left": 1, "right": 2}},
    ]
    said = ann.ask("POST", "/api/events", {"events": others}).json()
    assert said["refused"] == 5
    assert event_count() == count
    assert ann.ask("POST", "/api/events", {"events": [ORDER]}).json()["accepted"] == 1


def test_stages_metrics_counts_and_flows(house: Shop) -> None:
    chief = token_for(house.chief)
    chief.ask("POST", "/api/events", {"events": [ORDER]})
    tick(at=now())
    path = f"/api/customers/{house.known[1]}"
    metrics = chief.get(f"{path}/metrics?metrics=orders").json()["items"]
    assert [(one["key"], one["value"]) for one in metrics] == [("orders", 1)]
    before = chief.get(f"{path}/metrics?metrics=orders&as_of=2026-03-01").json()["items"]
    assert [one["value"] for one in before] == [0]
    assert chief.get(f"{path}/metrics?metrics=nothing").status_code == 404
    keys = [one["key"] for one in chief.get("/api/lifecycles").json()["items"]]
    for key in keys:
        life = chief.get(f"{path}/stages?lifecycles={key}").json()["items"]
        assert life[0]["lifecycle"] == key
        counts = chief.get(f"/api/lifecycles/{key}/counts").json()
        flows = chief.get(f"/api/lifecycles/{key}/flows?from=2026-02-01").json()
        for account in flows["accounts"]:
            assert account["opening"] + account["entered"] - account["left"] == account["closing"]
        assert sum(one["customers"] for one in counts["items"]) >= 0
    assert chief.get("/api/lifecycles/nothing/counts").status_code == 404
    assert chief.get(f"{path}/stages?as_of=0001-01-01").status_code == 422


def test_definitions_are_checked_compared_and_published(house: Shop) -> None:
    chief = token_for(house.chief)
    text = (
        "kind: metric\nkey: biggest\nname: {zh: 最大一单, en: Biggest order}\n"
        "of: [order.placed]\nagg: max\nfield: amount\nunit: money\n"
    )
    [new] = chief.ask("POST", "/api/definitions/check", {"yaml": text}).json()["items"]
    assert new["version"] is None
    wrong = chief.ask("POST", "/api/definitions/check", {"yaml": text.replace("max", "mxa")})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["line"] == 5
    tag = chief.get("/api/definitions").headers["ETag"]
    body = {"yaml": text, "note": "test"}
    done = chief.ask("POST", "/api/definitions/publish", body, **{"If-Match": tag})
    assert done.json()["items"] == [{"kind": "metric", "key": "biggest", "version": 1}]
    again = chief.ask("POST", "/api/definitions/publish", body, **{"If-Match": tag})
    assert again.status_code == 412
    shown = chief.get("/api/definitions/metric/biggest").json()
    assert shown["explained"]["zh"]
    assert chief.get("/api/definitions/metric/nothing").status_code == 404
    assert token_for(house.ann).get("/api/definitions").status_code == 403


def test_a_file_is_handed_in_and_mapped(house: Shop) -> None:
    chief = token_for(house.chief)
    file = io.BytesIO("会员号,下单时间,金额\nM002,2026-03-05 10:00,12.5\n".encode())
    file.name = "orders.csv"
    made = Client().post(
        "/api/imports/uploads", {"file": file}, headers={"Authorization": f"Bearer {chief.token}"}
    )
    assert made.status_code == 201, made.content.decode()
    upload = made.json()
    assert upload["file"] == "orders.csv"
    path = f"/api/imports/uploads/{upload['id']}"
    assert chief.get(path).json()["id"] == upload["id"]
    assert chief.ask("PUT", f"{path}/map", {"map": "nonsense"}).status_code == 422
    if upload["map"]:
        assert chief.ask("POST", f"{path}/run").status_code == 202
    assert chief.get("/api/imports").json()["items"] == []
    assert chief.get("/api/imports/7").status_code == 404
    assert chief.get("/api/imports/uploads/777").status_code == 404
    assert chief.ask("POST", "/api/imports/7/undo", {"reason": "x"}).status_code == 404


def test_suggestions_are_decided_by_who_may_merge_both(house: Shop) -> None:
    left, right, third = house.known[1], house.known[2], house.known[3]
    row = {"party": "person", "probability": 0.99, "evidence": "[]", "found_at": now()}
    one, two = (
        Suggestion.objects.create(left_id=min(pair), right_id=max(pair), **row)
        for pair in ((left, right), (right, third))
    )
    ann, chief = token_for(house.ann), token_for(house.chief)
    assert ann.get("/api/suggestions").json()["items"] == []
    assert ann.ask("POST", f"/api/suggestions/{one.pk}/accept").status_code == 404
    listed = chief.get("/api/suggestions?least=0.9").json()["items"]
    assert {entry["id"] for entry in listed} == {one.pk, two.pk}
    done = chief.ask("POST", f"/api/suggestions/{one.pk}/accept")
    assert done.json()["state"] == "accepted"
    apart = chief.ask("POST", f"/api/suggestions/{two.pk}/decline")
    assert apart.json()["state"] == "declined"
    assert chief.ask("POST", f"/api/suggestions/{two.pk}/decline").status_code == 422
    tick(at=now())
    merged = {chief.get(f"/api/customers/{number}").json()["id"] for number in (left, right)}
    assert len(merged) == 1


def test_the_audit_pages_through(house: Shop) -> None:
    chief = token_for(house.chief)
    page = chief.get("/api/audit?limit=2").json()
    seen = list(page["items"])
    while page["next"]:
        page = chief.get(f"/api/audit?limit=2&cursor={page['next']}").json()
        seen += page["items"]
    numbers = [one["id"] for one in seen]
    assert numbers == sorted(set(numbers), reverse=True)
    shown = chief.get("/api/token").json()
    assert shown["name"] == "chief · test"


def test_the_same_key_is_carried_out_once(house: Shop) -> None:
    chief = token_for(house.chief)
    path = f"/api/customers/{house.known[0]}/notes"
    key = {"Idempotency-Key": "n-1"}
    first = chief.ask("POST", path, {"text": "一次"}, **key)
    again = chief.ask("POST", path, {"text": "一次"}, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(chief.get(path).json()["items"]) == 1
    other = chief.ask("POST", path, {"text": "两次"}, **key)
    assert other.status_code == 422
    mine = token_for(house.chief).ask("POST", path, {"text": "两次"}, **key)
    assert mine.status_code == 201
    failed = chief.ask("POST", path, {"text": " "}, **{"Idempotency-Key": "n-2"})
    assert failed.status_code == 422
    mended = chief.ask("POST", path, {"text": "三次"}, **{"Idempotency-Key": "n-2"})
    assert mended.status_code == 201


def test_every_problem_is_one_document_in_both_languages(house: Shop) -> None:
    chief = token_for(house.chief)
    asked = {
        401: Asker("tn_nobody").get("/api/customers"),
        403: token_for(house.ann).get("/api/audit"),
        404: chief.get("/api/no/such/address"),
        405: chief.ask("DELETE", "/api/customers"),
        422: chief.get("/api/customers?limit=0"),
    }
    for status, answer in asked.items():
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == "en"
        assert answer.json()["title"].isascii()
    assert {one.strip() for one in asked[405].headers["Allow"].split(",")} == {"GET", "PUT"}
    assert asked[401].headers["WWW-Authenticate"] == "Bearer"
    told = chief.get("/api/no", **{"Accept-Language": "zh-CN,zh;q=0.9"}).json()
    assert told["title"] == "没有这个对象"
    broken = Client().post(
        "/api/events", b"{", content_type="application/json",
        headers={"Authorization": f"Bearer {chief.token}"},
    )  # fmt: skip
    assert broken.status_code == 400
    assert broken.headers["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_is_told_and_not_shown(
    house: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("tenure.api.rest.routes.audit.audit_page", fail)
    answer = token_for(house.chief).get("/api/audit")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "secret" not in answer.content.decode()


def test_who_asks_too_often_is_told_when(house: Shop, settings) -> None:  # type: ignore[no-untyped-def]
    settings.API_REQUESTS_PER_SECOND = 0.5
    forget_buckets()
    chief = token_for(house.chief)
    assert chief.get("/api/token").status_code == 200
    answer = chief.get("/api/token")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert token_for(house.chief).get("/api/token").status_code == 200


def test_a_bucket_fills_again() -> None:
    buckets = Buckets(rate=2.0, burst=2)
    assert [buckets.take(1, 0.0), buckets.take(1, 0.0)] == [0.0, 0.0]
    assert buckets.take(1, 0.0) == 0.5
    assert buckets.take(1, 0.5) == 0.0
    assert buckets.take(2, 0.5) == 0.0


def test_use_is_remembered(house: Shop) -> None:
    token_for(house.chief).get("/api/token")
    assert ApiToken.objects.get().last_used_at is not None


def test_the_description_and_its_page_are_open() -> None:
    schema = Client().get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    names = [one["operationId"] for path in schema["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))
    page = Client().get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "cdn" not in text
    assert "https://" not in text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
