"""The list of customers: rights, filters, views, actions with undo, exports, search."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tenure.definitions import load_text
from tenure.derive.customers.models import CustomerCard, SavedView
from tenure.derive.customers.operations import assign_customers, tag_customers
from tenure.derive.customers.projection import customers_of
from tenure.derive.customers.queries import search
from tenure.derive.lifecycles.operations import rebuild
from tenure.derive.lifecycles.queries import roster
from tenure.guard.access.models import Account
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tenure.web.customers.views import list_page
from tests.derive.company import TESTER
from tests.derive.staff import PEOPLE, START, Person, account, meet, shop
from tests.derive.test_roster import LISTING

A_MINUTE = timedelta(minutes=1)
LIST = "/customers/"
ALL = {f"customer.{one}": "all" for one in ("view", "edit", "assign", "export")}


@pytest.fixture
def people(db: None) -> Iterator[list[int]]:
    with shop():
        publish(load_text(LISTING, "listing"), note="list", by=TESTER, at=START)
        formula = Person("M006", "=1+1", "13500009999", "", "@SUM(A1)")
        known = meet([*PEOPLE, formula])
        orders = [
            IncomingEvent("order.placed", START, {"member_no": "M002"}, {"amount": "1234.5"}, "o1")
        ]
        record_events(orders, source="shop", by=TESTER, at=START)
        rebuild(at=START + A_MINUTE)
        yield customers_of(np.array(known)).tolist()


def as_(one: Account) -> Client:
    client = Client()
    client.force_login(one)
    return client


@pytest.fixture
def boss(people: list[int]) -> Account:
    return account("boss@example.com", ALL, reads=["name"])


def text_of(client: Client, address: str = LIST, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_it_shows_names_stages_and_figures_in_both_languages(boss: Account) -> None:
    page = text_of(as_(boss), c=["stage_buyers", "revenue", "first_seen"])
    for one in PEOPLE:
        assert one.name in page
    assert "买家" in page
    assert "1,234.5" in page
    assert "截至" in page
    boss.language = "en"
    boss.save()
    page = text_of(as_(boss), c=["stage_buyers"])
    assert "Buyer" in page
    assert "Figures as of" in page


def test_names_are_masked_and_customers_scoped(people: list[int]) -> None:
    seller = account("seller@example.com", {"customer.view": "own"})
    assign_customers(people[:1], seller.pk, by=TESTER, at=START + 2 * A_MINUTE)
    for query in ({}, {"q": "tag is null"}, {"find": "138 0013 8001"}):
        page = text_of(as_(seller), **query)
        assert "王**" in page
        assert "王小明" not in page
        assert "曾" not in page
        assert "list-bulk" not in page
    assert "曾" not in text_of(as_(seller), find="zeng")
    assert as_(account("none@example.com", {})).get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302


def test_without_a_roster_it_says_what_to_do(db: None) -> None:
    with shop():
        page = text_of(as_(account("boss@example.com", ALL)))
    assert "tenure rebuild" in page


def test_conditions_chips_and_errors(boss: Account, people: list[int]) -> None:
    client = as_(boss)
    tag_customers(people[:2], "VIP", by=TESTER, at=START + 2 * A_MINUTE)
    page = text_of(client, q="tag = 'VIP' and stage_buyers = 'buyer'")
    assert "曾国华" in page
    assert "王小明" not in page
    assert "标签" in page
    assert "stage_buyers+%3D+%27buyer%27" in page or "stage_buyers%20" in page
    assert "“门店”" in text_of(client, q="channel = 'store'")
    page = text_of(client, q="revenu > 1")
    assert "revenue" in page
    assert "^^^^^^" in page
    assert "没有符合的客户" in text_of(client, q="orders > 100")
    added = client.get(LIST, {"q": "orders >= 1", "add": "tag", "op": "=", "value": "O'Neil"})
    assert added.status_code == 302
    assert "tag+%3D+%27O%27%27Neil%27" in added["Location"]
    refused = client.get(LIST, {"q": "", "add": "orders", "op": ">=", "value": "many"})
    assert refused.status_code == 400


def test_sorted_by_any_column(boss: Account) -> None:
    page = text_of(as_(boss), sort="-revenue", c=["revenue"])
    assert page.index("曾国华") < page.index("王小明")
    text_of(as_(boss), sort="nonsense", page="99999999999999")
    text_of(as_(boss), sort="tag")


def test_the_number_of_queries_does_not_grow_with_the_rows(
    boss: Account, people: list[int], django_assert_max_num_queries: Any
) -> None:
    client = as_(boss)
    tag_customers(people, "VIP", by=TESTER, at=START + 2 * A_MINUTE)
    text_of(client)
    with django_assert_max_num_queries(28):
        text_of(client, c=["stage_buyers", "owner", "tag", "revenue"])


def test_actions_over_all_results_are_undone(boss: Account, people: list[int]) -> None:
    client = as_(boss)
    given = {"act": "tag", "tag": "VIP", "everything": "1", "q": "orders = 0", "next": LIST}
    answer = client.post(reverse("customers:list-act"), given)
    assert answer.status_code == 302
    assert CustomerCard.objects.filter(tags="VIP").count() == 5
    page = text_of(client)
    assert "已给 5 位客户加标签" in page
    number = page.partition('name="action" value="')[2].partition('"')[0]
    client.post(reverse("customers:undo"), {"action": number, "next": "https://evil.example/"})
    assert not CustomerCard.objects.filter(tags="VIP").exists()
    assert client.post(reverse("customers:undo"), {"action": number}).status_code == 400
    client.post(
        reverse("customers:list-act"), {"act": "assign", "owner": str(boss.pk), "id": people[:2]}
    )
    assert CustomerCard.objects.filter(owner_id=boss.pk).count() == 2
    for wrong in (
        {"act": "tag", "tag": "x"}, {"act": "assign", "id": people, "owner": ""},
        {"act": "nothing"}, {"act": "assign", "id": people, "owner": "999999"},
    ):  # fmt: skip
        assert client.post(reverse("customers:list-act"), wrong).status_code == 400


def test_one_may_change_only_whom_one_reaches(people: list[int]) -> None:
    seller = account("seller@example.com", {"customer.view": "all", "customer.edit": "own"})
    assign_customers(people[:1], seller.pk, by=TESTER, at=START + 2 * A_MINUTE)
    client = as_(seller)
    client.post(reverse("customers:list-act"), {"act": "tag", "tag": "x", "everything": "1"})
    assert list(CustomerCard.objects.filter(tags="x").values_list("customer_id", flat=True)) == [
        people[0]
    ]
    forbidden = client.post(
        reverse("customers:list-act"), {"act": "assign", "owner": str(seller.pk), "id": people}
    )
    assert forbidden.status_code == 403


def test_exports_are_scoped_noted_and_harmless(boss: Account, people: list[int]) -> None:
    client = as_(boss)
    answer = client.get("/customers/export.csv", {"c": ["channel", "revenue"], "q": ""})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff"))))
    assert rows[0] == ["客户编号", "称呼", "首次渠道", "消费额"]
    assert {row[2] for row in rows[1:]} >= {"门店", "网站"}
    assert len(rows) == 7
    assert ["'=1+1", "'@SUM(A1)"] in [row[1:3] for row in rows]
    assert "1234.5" in [row[3] for row in rows]
    answer = client.get("/customers/export.xlsx", {"q": "revenue > 0", "c": ["revenue"]})
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    assert [cell.value for cell in list(sheet.rows)[1]][1:] == ["曾国华", 1234.5]
    noted = AuditEntry.objects.filter(action="customer.exported").order_by("id")
    assert [entry.detail["rows"] for entry in noted] == [6, 1]
    seller = account("seller@example.com", {"customer.view": "all", "customer.export": "own"})
    assign_customers(people[:1], seller.pk, by=TESTER, at=START + 2 * A_MINUTE)
    lines = as_(seller).get("/customers/export.csv").getvalue().decode().splitlines()
    assert len(lines) == 2
    assert "王**" in lines[1]
    viewer = account("viewer@example.com", {"customer.view": "all"})
    assert as_(viewer).get("/customers/export.csv").status_code == 403
    assert client.get("/customers/export.pdf").status_code == 404


def test_a_file_is_in_the_readers_language_to_its_last_line(boss: Account) -> None:
    boss.language = "en"
    boss.save(update_fields=["language"])
    asked = {"c": ["stage_buyers", "last_seen"]}
    answer = as_(boss).get("/customers/export.csv", asked)
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff"))))
    assert len(rows) == 7
    assert not any("买家" in row[2] or "年" in row[3] for row in rows)
    assert any("Buyer" in row[2] for row in rows[1:])


def test_a_search_is_within_the_condition(boss: Account, people: list[int]) -> None:
    client = as_(boss)
    tag_customers(people[:2], "VIP", by=TESTER, at=START + 2 * A_MINUTE)
    page = text_of(client, find="zeng", q="tag = 'VIP'", c=["revenue"])
    assert "曾国华" in page
    assert "标签" in page  # the chip stays
    assert "搜索“zeng”" in page
    assert "王小明" not in page
    assert "没有符合的客户" in text_of(client, find="zeng", q="tag is null")
    kept = page.partition('role="search"')[2].partition("</form>")[0]
    assert "tag = &#x27;VIP&#x27;" in kept
    added = client.get(LIST, {"q": "", "find": "zeng", "add": "orders", "op": ">=", "value": "1"})
    assert "find=zeng" in added["Location"]


def test_what_a_search_found_is_sorted_and_paged(
    boss: Account, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(boss)
    tail = text_of(client, find="example.com", sort="-revenue")
    assert "没有符合的客户" in tail
    page = text_of(client, find="m")  # too short for a word
    assert "没有符合的客户" in page
    monkeypatch.setattr(list_page, "SIZE", 1)
    answer = client.get(LIST, {"find": "wxm", "page": "2"})
    assert answer["Location"] == f"{LIST}?find=wxm&page=1"


def test_a_search_is_exported_and_acted_on_as_it_stands(boss: Account, people: list[int]) -> None:
    client = as_(boss)
    answer = client.get("/customers/export.csv", {"find": "wxm", "c": ["revenue"]})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode().removeprefix("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ["王小明"]
    noted = AuditEntry.objects.get(action="customer.exported")
    assert noted.detail["rows"] == 1
    assert noted.detail["searched"] is True
    assert "wxm" not in str(noted.detail)
    given = {"act": "tag", "tag": "VIP", "everything": "1", "find": "wxm", "q": "orders = 0"}
    client.post(reverse("customers:list-act"), given)
    assert list(CustomerCard.objects.filter(tags="VIP").values_list("customer_id", flat=True)) == [
        people[0]
    ]
    given |= {"q": "orders > 0", "tag": "none"}
    assert client.post(reverse("customers:list-act"), given).status_code == 400
    saved = {"name": "搜", "q": "orders = 0", "find": "wxm"}
    client.post(reverse("customers:save-view"), saved)
    assert not SavedView.objects.filter(condition__contains="wxm").exists()
    page = text_of(client, find="wxm", view=str(SavedView.objects.get().pk))
    assert "王小明" in page
    assert "不存入视图" in page


def test_a_search_that_finds_too_many_says_so(
    boss: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(boss)
    monkeypatch.setattr(search, "MOST_SOUGHT", 0)
    page = text_of(client, find="138 0013 8001")  # a whole identifier is always held
    assert "王小明" in page
    monkeypatch.setattr(search, "_subjects", lambda words, seen, most: [1, 2][:most])
    page = text_of(client, find="w")
    assert "请写得更完整" in page
    assert client.get("/customers/export.csv", {"find": "w"}).status_code == 400
    assert not AuditEntry.objects.filter(action="customer.exported").exists()
    given = {"act": "tag", "tag": "VIP", "everything": "1", "find": "w"}
    answer = client.post(reverse("customers:list-act"), given)
    assert answer.status_code == 400
    assert "请写得更完整" in answer.content.decode()


def test_bounds_are_said_where_they_are_met(boss: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_(boss)
    monkeypatch.setattr(list_page, "MOST_AT_ONCE", 5)
    assert "一次最多处理 5 位客户" in text_of(client)
    assert "翻页到第" not in text_of(client)
    monkeypatch.setattr(roster, "MOST_COUNTED", 3)
    page = text_of(client)
    assert "翻页到第 3 位为止" in page
    assert "超过 3" in page
    assert "全部 1 个结果" in text_of(client, find="wxm")
    boss.language = "en"
    boss.save(update_fields=["language"])
    assert "The only result" in text_of(client, find="wxm")


def test_a_page_beyond_the_last_leads_to_the_last(boss: Account) -> None:
    answer = as_(boss).get(LIST, {"page": "99", "q": "revenue > 0"})
    assert answer["Location"] == f"{LIST}?q=revenue+%3E+0&page=1"


def test_views_are_saved_shared_pinned_and_opened_first(boss: Account) -> None:
    client = as_(boss)
    given = {"name": "大客户", "q": "big", "sort": "-revenue", "c": ["revenue", "owner"],
             "shared": "on", "pinned": "on", "first": "on"}  # fmt: skip
    answer = client.post(reverse("customers:save-view"), given)
    page = text_of(client, answer["Location"])
    assert "大客户" in page
    assert "曾国华" in page
    assert "王小明" not in page
    assert "王小明" not in text_of(client)  # opened first
    assert "王小明" in text_of(client, q="")
    other = as_(account("other@example.com", ALL, reads=["name"]))
    assert "大客户" in text_of(other)
    assert "王小明" in text_of(other)
    number = answer["Location"].rpartition("=")[2]
    address = reverse("customers:view", args=[number])
    assert other.post(address, {"delete": "1"}).status_code == 400
    assert other.post(address, {"pinned": "on", "first": "on"}).status_code == 302
    assert "王小明" not in text_of(other)
    changed = {**given, "name": "老客户", "view": number}
    changed.pop("shared")
    client.post(reverse("customers:save-view"), changed)
    assert "老客户" not in text_of(other, q="")
    assert client.post(address, {"delete": "1"}).status_code == 302
    assert "老客户" not in text_of(client)
    assert client.post(reverse("customers:save-view"), {"name": " "}).status_code == 400
    assert client.post(reverse("customers:save-view"), {"name": "x", "q": "no("}).status_code == 400


def test_palette_words_and_values(boss: Account, people: list[int]) -> None:
    client = as_(boss)
    page = text_of(client, reverse("customers:palette"), q="wxm")
    assert "王小明" in page
    assert str(people[0]) in page
    assert text_of(client, reverse("customers:palette"), q="").strip() == ""
    assert "没有找到" in text_of(client, reverse("customers:palette"), q="nobody")
    names = client.get(reverse("customers:words")).json()["names"]
    assert {"key": "revenue", "name": "消费额", "type": "number"} in names
    assert "忠诚" in text_of(client, reverse("customers:value"), add="stage_buyers")
    assert 'type="date"' in text_of(client, reverse("customers:value"), add="last_seen")
    assert "boss" in text_of(client, reverse("customers:value"), add="owner")
    text_of(client, reverse("customers:value"), add="nothing")


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "tag = '\x00'"},
        {"q": "(" * 500},
        {"q": "tag in (1)"},
        {"q": "owner = 1"},
        {"find": "\x00"},
        {"find": "'" * 99},
        {"find": "９" * 60},
        {"find": "😀"},
        {"sort": "-" * 300},
        {"page": "²"},
        {"page": "-1"},
        {"c": ["x"] * 50},
        {"view": "²"},
        {"view": "9" * 40},
        {"add": "orders", "op": "=", "value": "nan"},
        {"add": "orders", "op": "=", "value": "1e999"},
        {"add": "last_seen", "op": "=", "value": "2026-02-31"},
        {"add": "tag", "op": "or 1=1"},
    ],
)
def test_no_address_is_a_fault(boss: Account, query: dict[str, Any]) -> None:
    client = as_(boss)
    for path in (LIST, reverse("customers:palette"), "/customers/export.csv"):
        assert client.get(path, query).status_code in (200, 302, 400)


@pytest.mark.parametrize(
    ("name", "posted"),
    [
        ("list-act", {"act": "assign", "owner": "²", "id": ["1"]}),
        ("list-act", {"act": "assign", "owner": "9" * 30, "id": ["9" * 19, "x", "²"]}),
        ("list-act", {"act": "tag", "tag": "a\x00b", "everything": "1"}),
        ("list-act", {"act": "tag", "tag": "ok", "everything": "1", "q": "no("}),
        ("undo", {"action": "9" * 30}),
        ("save-view", {"name": "a\x00", "q": ""}),
        ("save-view", {"name": "a", "q": "", "view": "9" * 30, "sort": "x" * 200, "c": ["\x00"]}),
    ],
)
def test_no_form_is_a_fault(boss: Account, name: str, posted: dict[str, Any]) -> None:
    answer = as_(boss).post(reverse(f"customers:{name}"), posted)
    assert answer.status_code in (302, 400)
    assert as_(boss).post(f"/customers/views/{'9' * 30}/", {"pinned": "on"}).status_code == 400
