"""Customers through the interface: as the pages show them, to those who may."""

from __future__ import annotations

import json

import pytest

from tenure.clock import now
from tenure.derive.lifecycles.operations import tick
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.queries import event_count
from tests.api.rest.house import Shop, house, token_for
from tests.derive.staff import PEOPLE, account

__all__ = ["house"]
pytestmark = pytest.mark.django_db


def test_a_customer_masked_as_on_pages(house: Shop) -> None:
    chief, ann = token_for(house.chief), token_for(house.ann)
    plain = chief.get(f"/api/customers/{house.known[0]}").json()
    assert plain["name"] == "王小明"
    assert {one["value"] for one in plain["identifiers"]} >= {"M001", "xm.wang@example.com"}
    masked = ann.get(f"/api/customers/{house.known[0]}").json()
    assert masked["name"] == "王小明"
    assert masked["owner"] == {"account": house.ann.pk, "name": "ann"}
    assert "xm.wang@example.com" not in str(masked)
    assert AuditEntry.objects.filter(action="customer.viewed").count() == 2


def test_another_owners_customer_is_not_there(house: Shop) -> None:
    ann = token_for(house.ann)
    answer = ann.get(f"/api/customers/{house.known[2]}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "there is no such customer, or you may not see them"
    assert ann.get("/api/customers/99999999999999999999").status_code == 422
    assert ann.get("/api/customers/9999999999999999999").status_code == 404


def test_the_list_goes_on_where_it_ended(house: Shop) -> None:
    chief = token_for(house.chief)
    for sort in ("last_seen", "-last_seen", "owner", "-owner", "channel", "tag"):
        seen: list[str] = []
        word = ""
        for _ in range(9):
            found = chief.get(f"/api/customers?sort={sort}&limit=2&columns=owner&cursor={word}")
            assert found.status_code == 200, found.json()
            page = found.json()
            seen += [one["id"] for one in page["items"]]
            word = page["next"]
            if word is None:
                break
        assert sorted(seen) == sorted(str(one) for one in house.known)
    assert AuditEntry.objects.filter(action="customer.exported", exported=2).exists()


def test_the_list_holds_whom_the_token_reaches(house: Shop) -> None:
    ann = token_for(house.ann)
    found = ann.get("/api/customers?where=owner = 'me'").json()["items"]
    assert {one["id"] for one in found} == {str(one) for one in house.known[:2]}
    everybody = ann.get("/api/customers").json()["items"]
    assert {one["id"] for one in everybody} == {str(one) for one in house.known[:2]}


@pytest.mark.parametrize(
    "query",
    [
        "where=orders >", "where=nothing = 1", "sort=no_such", "columns=no_such", "cursor=x",
        "limit=0", "limit=x",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(house: Shop, query: str) -> None:
    answer = token_for(house.chief).get(f"/api/customers?{query}")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_cursor_is_of_its_own_list(house: Shop) -> None:
    chief = token_for(house.chief)
    word = chief.get("/api/customers?limit=2").json()["next"]
    assert chief.get(f"/api/customers?limit=2&sort=owner&cursor={word}").status_code == 422


def test_finding_by_what_people_type(house: Shop) -> None:
    ann, chief = token_for(house.ann), token_for(house.chief)
    found = ann.ask("POST", "/api/customers/find", {"value": "139 1234 5678"}).json()["items"]
    assert [one["id"] for one in found] == [str(house.known[1])]
    assert ann.ask("POST", "/api/customers/find", {"value": PEOPLE[2].phone}).json()["items"] == []
    sought = {"value": PEOPLE[2].phone, "type": "email"}
    assert chief.ask("POST", "/api/customers/find", sought).json()["items"] == []


def test_upsert_makes_one_customer_and_then_changes_it(house: Shop) -> None:
    chief = token_for(house.chief)
    body = {
        "identifiers": {"phone": "13711112222", "member_no": "M900"},
        "profile": {"full_name": "李梅"},
    }
    made = chief.ask("PUT", "/api/customers", body)
    assert made.status_code == 200, made.json()
    tick(at=now())
    count = event_count()
    again = chief.ask("PUT", "/api/customers", body)
    found = chief.get(f"/api/customers/{made.json()['id']}").json()  # any number stays good
    assert again.json()["id"] == found["id"]
    assert event_count() == count
    body["profile"]["full_name"] = "李小梅"
    changed = chief.ask("PUT", "/api/customers", body).json()
    assert {one["key"]: one["value"] for one in changed["profile"]}["full_name"] == "李小梅"
    bad = {"identifiers": {"phone": "13711112222"}, "profile": {"no_such_field": "x"}}
    assert chief.ask("PUT", "/api/customers", bad).status_code == 422


def test_upsert_reaches_as_far_as_the_token(house: Shop) -> None:
    ann = token_for(house.ann)
    own = {"identifiers": {"phone": PEOPLE[1].phone}, "profile": {"full_name": "曾大华"}}
    assert ann.ask("PUT", "/api/customers", own).status_code == 200
    count = event_count()
    for identifiers in (
        {"phone": PEOPLE[2].phone},
        {"phone": "13711112222"},
        {"phone": PEOPLE[1].phone, "member_no": "M003"},
        {"phone": PEOPLE[1].phone, "member_no": "M900"},
    ):
        answer = ann.ask("PUT", "/api/customers", {"identifiers": identifiers})
        assert answer.status_code == 403, identifiers
    assert event_count() == count
    answer = ann.ask("PATCH", f"/api/customers/{house.known[2]}", {"profile": {"city": "x"}})
    assert answer.status_code == 404


def test_a_write_to_a_state_that_has_passed_is_refused(house: Shop) -> None:
    chief = token_for(house.chief)
    path = f"/api/customers/{house.known[0]}"
    tag = chief.get(path).headers["ETag"]
    assert chief.get(path, **{"If-None-Match": tag}).status_code == 304
    first = chief.ask("PATCH", path, {"profile": {"full_name": "王一"}}, **{"If-Match": tag})
    assert first.status_code == 200, first.json()
    assert first.headers["ETag"] == chief.get(path).headers["ETag"] != tag
    late = chief.ask("PATCH", path, {"profile": {"full_name": "王二"}}, **{"If-Match": tag})
    assert late.status_code == 412
    assert late.headers["ETag"] == first.headers["ETag"]


def test_tags_owner_and_notes(house: Shop) -> None:
    chief = token_for(house.chief)
    path = f"/api/customers/{house.known[3]}"
    tagged = chief.ask("POST", f"{path}/tags", {"add": ["vip", "b2b"]}).json()
    assert tagged["tags"] == ["b2b", "vip"]
    assert chief.ask("POST", f"{path}/tags", {"remove": ["vip"]}).json()["tags"] == ["b2b"]
    owned = chief.ask("PUT", f"{path}/owner", {"account": house.ben.pk}).json()
    assert owned["owner"] == {"account": house.ben.pk, "name": "ben"}
    assert chief.ask("PUT", f"{path}/owner", {"account": 10**6}).status_code == 422
    made = chief.ask("POST", f"{path}/notes", {"text": "想要晚上联系"})
    assert made.status_code == 201
    ben = token_for(house.ben)
    [note] = ben.get(f"{path}/notes").json()["items"]
    assert note["id"] == made.json()["id"]
    assert note["text"] is None
    events = ben.get(f"{path}/events").json()["items"]
    assert "想要晚上联系" not in json.dumps(events, ensure_ascii=False)
    assert "想要晚上联系" in json.dumps(chief.get(f"{path}/events").json(), ensure_ascii=False)


def test_an_account_without_an_owned_customer_sees_none(house: Shop) -> None:
    nobody = token_for(account("cat@example.com", {"customer.view": "team"}))
    assert nobody.get("/api/customers").json()["items"] == []
