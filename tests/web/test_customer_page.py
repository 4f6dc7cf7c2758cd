"""The page of one customer: rights, masking, editing, conflicts, acts, the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenure.definitions import load_text
from tenure.derive.customers.operations import (
    assign_customers,
    merge_customers,
    unmerge_customers,
)
from tenure.derive.customers.operations.profiling import FieldEdit, edit_profile
from tenure.derive.customers.queries import customer_of
from tenure.derive.customers.queries.notes import files_of, notes_of
from tenure.derive.customers.queries.profile import profile_of
from tenure.derive.customers.queries.profile_log import customer_log, owner_in, tags_in
from tenure.derive.customers.queries.relations import relations_in
from tenure.derive.lifecycles.operations import tick
from tenure.guard.access.models import Account
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tests.derive.company import TESTER
from tests.derive.staff import START, account, meet, shop

ALL_RIGHTS = {
    "customer.view": "all",
    "customer.edit": "all",
    "customer.assign": "all",
    "customer.merge": "all",
    "stage.pin": "all",
}
BUYERS = """
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
fields:
  order_id: {type: string, name: {zh: 单号, en: Order number}}
  amount: {type: money, name: {zh: 金额, en: Amount}}
---
kind: metric
key: orders
name: {zh: 订单数, en: Orders}
of: [order.placed]
agg: count
---
kind: metric
key: days_since_last_order
name: {zh: 距上次下单天数, en: Days since the last order}
of: [order.placed]
agg: days_since_last
---
kind: lifecycle
key: buyers
name: {zh: 买家, en: Buyers}
party: person
stages:
  - {code: prospect, name: {zh: 潜在, en: Prospect}, canonical: prospect, when: orders = 0}
  - code: active
    name: {zh: 活跃, en: Active}
    canonical: active
    when: days_since_last_order <= 30
  - {code: lost, name: {zh: 流失, en: Lost}, canonical: lost}
check: [prospect, active, lost]
"""
GROUPS = ("name", "phone", "email", "identity", "address", "other")


@pytest.fixture
def customers(db: None) -> Iterator[list[int]]:
    with shop():
        publish(load_text(BUYERS, file="buyers.yaml"), note="n", by=TESTER, at=START)
        numbers = meet()
        orders = [
            IncomingEvent(
                "order.placed",
                START + timedelta(days=day),
                {"member_no": "M001"},
                {"amount": "88.50", "order_id": f"O{day}"},
                f"o{day}",
            )
            for day in range(60)
        ]
        record_events(orders, source="till", by=TESTER, at=START + timedelta(days=61))
        tick(at=START + timedelta(days=62))
        yield [customer_of(number) for number in numbers]


@pytest.fixture
def boss(customers: list[int]) -> Account:
    return account("boss@example.com", ALL_RIGHTS, reads=GROUPS, language="en")


def logged_in(who: Account) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page(client: Client, customer: int, tab: str = "", **query: str) -> Any:
    wanted = {**({"tab": tab} if tab else {}), **query}
    return client.get(reverse("customers:customer", args=[customer]), wanted)


def act(client: Client, customer: int, name: str, status: int = 302, **fields: object) -> Any:
    answer = client.post(reverse("customers:act", args=[customer, name]), fields)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


@pytest.mark.parametrize("tab", ["timeline", "stages", "metrics", "notes", "identity"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tab_answers_in_both_languages(
    boss: Account, customers: list[int], tab: str, language: str
) -> None:
    boss.language = language
    boss.save()
    answer = page(logged_in(boss), customers[0], tab)
    assert answer.status_code == 200
    assert "王小明" in answer.content.decode()
    assert f'lang="{"en" if language == "en" else "zh-hans"}"' in answer.content.decode()


def test_a_page_asks_the_database_few_questions(
    boss: Account, customers: list[int], django_assert_max_num_queries: Any
) -> None:
    client = logged_in(boss)
    page(client, customers[0])
    with django_assert_max_num_queries(56):
        page(client, customers[0])
    more = [
        IncomingEvent("order.placed", START, {"member_no": "M001"}, {"amount": "1"}, f"x{n}")
        for n in range(300)
    ]
    record_events(more, source="till", by=TESTER, at=START + timedelta(days=61))
    with django_assert_max_num_queries(56):
        page(client, customers[0])


def test_a_view_is_noted_and_scoped(customers: list[int], boss: Account) -> None:
    page(logged_in(boss), customers[0])
    entry = AuditEntry.objects.get(action="customer.viewed")
    assert entry.about == f"customer:{customers[0]}"
    stranger = account("own@example.com", {"customer.view": "own"}, reads=GROUPS)
    for name, arguments in (
        ("customer", []),
        ("profile", []),
        ("why", []),
        ("field-history", ["city"]),
        ("file", [1]),
    ):
        address = reverse(f"customers:{name}", args=[customers[0], *arguments])
        assert logged_in(stranger).get(address).status_code == 404
    assert logged_in(boss).get(reverse("customers:customer", args=[99])).status_code == 404
    act(logged_in(stranger), customers[0], "tag", status=404, tag="x")


def test_personal_data_is_masked_until_revealed(customers: list[int]) -> None:
    clerk = account("clerk@example.com", {"customer.view": "all"})
    clerk.roles.update(reveals=["name", "phone"])
    client = logged_in(clerk)
    shown = page(client, customers[0]).content.decode()
    assert "王小明" not in shown
    assert "13800138001" not in shown
    assert "王**" in shown
    unmask = reverse("customers:unmask", args=[customers[0]])
    assert "王小明" in client.post(unmask, {"group": "name"}).content.decode()
    assert AuditEntry.objects.filter(action="customer.revealed").count() == 1
    assert "王小明" not in page(client, customers[0]).content.decode()
    assert client.post(unmask, {"group": "email"}).status_code == 403


def test_a_viewer_without_the_right_is_shown_no_form(customers: list[int]) -> None:
    viewer = account("v@example.com", {"customer.view": "all"}, reads=GROUPS)
    shown = page(logged_in(viewer), customers[0], "notes").content.decode()
    assert "/acts/" not in shown
    assert "data-edit-profile" not in shown
    act(logged_in(viewer), customers[0], "note", status=403, text="x")


def save(client: Client, customer: int, *, htmx: bool = True, **fields: object) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    address = reverse("customers:profile", args=[customer])
    return client.post(address, {"editing": "all", **fields}, headers=headers)


def base(customer: int, key: str) -> int:
    entry = profile_of(customer, viewer=TESTER).field(key)
    assert entry is not None
    return entry.event_id


def test_a_profile_is_edited(boss: Account, customers: list[int]) -> None:
    client, ann = logged_in(boss), customers[0]
    form = client.get(reverse("customers:profile", args=[ann]), {"edit": "all"})
    assert 'name="f-city"' in form.content.decode()
    answer = save(client, ann, **{"f-city": "杭州", "base-city": "0"})
    assert (answer.status_code, "杭州" in answer.content.decode()) == (200, True)
    answer = save(client, ann, **{"f-birth_year": "soon", "base-birth_year": "0"})
    assert answer.status_code == 422
    assert "must be a whole number" in answer.content.decode()
    answer = save(client, ann, htmx=False, **{"f-city": "", "base-city": base(ann, "city")})
    assert answer.status_code == 302
    history = client.get(reverse("customers:field-history", args=[ann, "city"])).content.decode()
    assert "杭州" in history


def test_a_conflict_offers_all_values_and_loses_none(boss: Account, customers: list[int]) -> None:
    client, ann = logged_in(boss), customers[0]
    save(client, ann, **{"f-city": "杭州", "base-city": "0"})
    seen = base(ann, "city")
    save(client, ann, **{"f-city": "苏州", "base-city": seen})
    typed = {"f-city": "南京", "base-city": seen, "f-education": "本科", "base-education": "0"}
    answer = save(client, ann, **typed)
    shown = answer.content.decode()
    assert answer.status_code == 409
    for value in ("杭州", "苏州", "南京", "本科"):
        assert value in shown
    now = base(ann, "city")
    settled = {**typed, "base-city": now, "pick-city": "original", "original-city": "杭州"}
    assert save(client, ann, **settled).status_code == 200
    profile = profile_of(ann, viewer=TESTER)
    assert [profile.field(k).value for k in ("city", "education")] == ["杭州", "本科"]  # type: ignore[union-attr]


def test_a_masked_field_is_left_alone_by_typing_nothing(customers: list[int]) -> None:
    clerk = account("c@example.com", {"customer.view": "all", "customer.edit": "all"})
    client, ann = logged_in(clerk), customers[0]
    fields = {"f-full_name": "", "base-full_name": base(ann, "full_name")}
    save(client, ann, **fields)
    assert profile_of(ann, viewer=TESTER).field("full_name").value == "王小明"  # type: ignore[union-attr]
    save(client, ann, **fields, **{"clear-full_name": "1"})
    assert profile_of(ann, viewer=TESTER).field("full_name").value is None  # type: ignore[union-attr]


def test_acts_are_told_and_undone(boss: Account, customers: list[int]) -> None:
    client, (ann, bo, *_) = logged_in(boss), customers
    act(client, ann, "tag", tag="VIP")
    act(client, ann, "assign", owner=str(boss.pk))
    log = customer_log(ann)
    assert (tags_in(log), owner_in(log)) == (["VIP"], boss.pk)
    shown = page(client, ann).content.decode()
    assert "VIP" in shown
    assert "boss" in shown
    act(client, ann, "untag", tag="VIP")
    act(client, ann, "assign", owner="")
    log = customer_log(ann)
    assert (tags_in(log), owner_in(log)) == ([], None)
    act(client, ann, "relate", other="M002", relation="family")
    assert [one.other_id for one in relations_in(customer_log(ann))] == [bo]
    assert "曾国华" in page(client, ann).content.decode()
    act(client, ann, "unrelate", other=bo, relation="family")
    act(client, ann, "relate", status=400, other="nobody", relation="family")
    act(client, ann, "consent", purpose="marketing", channel="sms")
    assert "marketing" in page(client, ann).content.decode()
    act(client, ann, "withdraw", purpose="marketing", channel="sms")
    act(client, ann, "dance", status=404)


def test_a_stage_is_pinned_and_freed(boss: Account, customers: list[int]) -> None:
    client, ann = logged_in(boss), customers[0]
    pin = {"lifecycle": "buyers", "reason": "met them"}
    stage = str(page(client, ann, lifecycle="buyers").context["bar"]["stages"][0]["stage"].code)
    act(client, ann, "pin", status=400, **{**pin, "reason": ""}, stage=stage)
    act(client, ann, "pin", **pin, stage=stage)
    assert "met them" in page(client, ann).content.decode()
    reader = account("reader@example.com", {"customer.view": "all"})
    for tab in ("timeline", "stages"):
        assert "met them" not in page(logged_in(reader), ann, tab).content.decode()
    assert "met them" in page(client, ann, "stages").content.decode()
    act(client, ann, "free", **pin)


def test_notes_and_files(boss: Account, customers: list[int]) -> None:
    client, ann = logged_in(boss), customers[0]
    act(client, ann, "note", text="<b>likes tea</b>")
    [note] = notes_of(ann, viewer=TESTER)
    shown = page(client, ann, "notes").content.decode()
    assert "&lt;b&gt;likes tea" in shown
    assert 'name="text"' in page(client, ann, "notes", note=str(note.id)).content.decode()
    act(client, ann, "note-edit", note=note.id, text="likes coffee")
    assert "likes coffee" in page(client, ann).content.decode()
    act(client, ann, "note-remove", note=note.id)
    assert "likes coffee" not in page(client, ann).content.decode()
    act(client, ann, "attach", file=SimpleUploadedFile("合同 1.pdf", b"%PDF-1.7"))
    [file] = files_of(ann, viewer=TESTER)
    answer = client.get(reverse("customers:file", args=[ann, file.id]))
    assert answer.content == b"%PDF-1.7"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "%E5%90%88%E5%90%8C%201.pdf" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    act(client, ann, "attach", status=400, file=SimpleUploadedFile("a.pdf", b"MZ\x00"))
    act(client, ann, "attach", status=400)
    act(client, ann, "detach", file=file.id)
    assert client.get(reverse("customers:file", args=[ann, file.id])).status_code == 400


def test_a_timeline_is_paged_and_filtered(boss: Account, customers: list[int]) -> None:
    client, ann = logged_in(boss), customers[0]
    first = page(client, ann)
    assert len(first.context["lines"]) == 50
    rest = page(client, ann, after=str(first.context["older"]))
    assert len(rest.context["lines"]) == 12
    assert rest.context["older"] is None
    ids = [one.id for answer in (first, rest) for one in answer.context["lines"]]
    assert len(set(ids)) == 62
    only = page(client, ann, type="customer.registered")
    assert [one.title for one in only.context["lines"]] == ["Customer registered"]
    assert len(page(client, ann, source="shop").context["lines"]) == 2


def test_the_past_is_marked_and_cannot_be_changed(boss: Account, customers: list[int]) -> None:
    client, ann = logged_in(boss), customers[0]
    edit_profile(ann, [FieldEdit("city", "杭州", 0)], by=TESTER, at=START + timedelta(days=40))
    day = (START + timedelta(days=9)).date().isoformat()
    past = page(client, ann, as_of=day)
    shown = past.content.decode()
    assert "You are looking at the past" in shown
    assert "杭州" not in shown
    assert "/acts/" not in shown
    assert len(past.context["lines"]) == 12
    assert past.context["bar"]["stage"] is not None
    now = page(client, ann)
    assert [one["key"] for one in past.context["others"]] == [
        one["key"] for one in now.context["others"]
    ]
    for tab in ("stages", "metrics", "notes", "identity"):
        assert page(client, ann, tab, as_of=day).status_code == 200
    unknown = page(client, ann, as_of=day, known_at=(START - timedelta(days=3)).date().isoformat())
    assert unknown.context["lines"] == []
    assert page(client, ann, as_of="soon").status_code == 400


def test_two_customers_are_merged_and_taken_apart(boss: Account, customers: list[int]) -> None:
    client, (ann, bo, *_) = logged_in(boss), customers
    address = reverse("customers:merge", args=[ann])
    assert "曾国华" in client.get(address, {"q": "M002"}).content.decode()
    preview = client.get(address, {"with": bo}).content.decode()
    assert "曾国华" in preview
    assert client.post(address, {"with": bo, "reason": ""}).status_code == 400
    assert client.post(address, {"with": bo, "reason": "same person"}).status_code == 302
    tick(at=START + timedelta(days=63))
    other, one = max(ann, bo), min(ann, bo)
    assert page(client, other).status_code == 302
    shown = page(client, one, "identity").content.decode()
    assert "same person" in shown
    said = page(client, one, "identity").context["merges"][0]["is"]
    act(client, one, "unmerge", left=said.left, right=said.right, reason="not the same")
    tick(at=START + timedelta(days=64))
    assert page(client, other).status_code == 200


def test_the_past_shows_nothing_of_whom_one_may_not_see(customers: list[int]) -> None:
    ann, bo, *_ = customers
    then = START + timedelta(days=63)
    merge_customers(ann, bo, reason="same", by=TESTER, at=then)
    tick(at=then)
    day = timedelta(days=1)
    unmerge_customers(ann, bo, reason="not the same", by=TESTER, at=then + 2 * day)
    tick(at=then + 2 * day)
    clerk = account("own@example.com", {"customer.view": "own"}, reads=GROUPS)
    assign_customers([ann], clerk.pk, by=TESTER, at=then + 3 * day)
    known = (then + day).date().isoformat()
    for tab in ("timeline", "stages", "metrics", "identity"):
        answer = page(logged_in(clerk), ann, tab, as_of=known, known_at=known)
        assert answer.status_code == 200
        for theirs in ("曾国华", "M002", "13912345678"):
            assert theirs not in answer.content.decode()


def test_a_merge_needs_its_right(customers: list[int]) -> None:
    viewer = account("w@example.com", {"customer.view": "all", "customer.edit": "all"})
    address = reverse("customers:merge", args=[customers[0]])
    assert logged_in(viewer).get(address, {"with": customers[1]}).status_code == 403


@pytest.mark.parametrize("number", [0, 2**63, 10**40])
def test_numbers_that_are_nobodys(boss: Account, customers: list[int], number: int) -> None:
    client, ann = logged_in(boss), customers[0]
    assert page(client, number).status_code == 404
    assert client.get(reverse("customers:file", args=[number, number])).status_code == 404
    assert client.get(reverse("customers:merge", args=[ann]), {"with": number}).status_code in {
        200,
        404,
    }
    act(client, ann, "relate", status=400, other=number, relation="family")
    act(client, ann, "unrelate", status=400, other=number, relation="family")
    act(client, ann, "note-remove", status=400, note=number)
    assert page(client, ann, after=str(number), lifecycle="none", type="x").status_code == 200


def test_an_empty_customer_is_told_so(boss: Account, customers: list[int]) -> None:
    event = IncomingEvent("customer.registered", START, {"member_no": "M900"}, {}, "m900")
    record_events([event], source="shop", by=TESTER, at=START)
    from tests.derive.staff import number_of

    client = logged_in(boss)
    for tab in ("timeline", "stages", "metrics", "notes", "identity"):
        assert page(client, number_of("M900"), tab).status_code == 200
