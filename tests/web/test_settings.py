"""The pages of the settings: who may, what they change, what they show."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, time
from typing import Any

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from tenure.actor import SYSTEM, Actor
from tenure.clock import now
from tenure.definitions import load_pack
from tenure.guard.access.operations import BUILT_IN_ROLES, add_department, make_account
from tenure.guard.access.queries import actor_of, departments, organisation, rights_of, role, teams
from tenure.guard.audit.operations import note
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import LogBasis, basis
from tenure.record.library.operations import publish
from tests.guard.staff import AT

pytestmark = pytest.mark.django_db
PAGES = {
    "people": "account.manage",
    "invite": "account.manage",
    "departments": "account.manage",
    "why": "account.manage",
    "roles": "role.manage",
    "organisation": "organisation.manage",
    "audit": "audit.view",
    "about": None,
    "licences": None,
}


def account(*roles: str, language: str = "zh") -> Any:
    count = get_user_model().objects.count()
    number = make_account(
        email=f"p{count}@example.com", name=f"P{count}", roles=roles, by=SYSTEM, at=AT
    )
    get_user_model().objects.filter(pk=number).update(language=language)
    return get_user_model().objects.get(pk=number)


@pytest.fixture
def admin(client: Client) -> Any:
    made = account("administrator")
    client.force_login(made)
    return made


@pytest.mark.parametrize("key", BUILT_IN_ROLES)
def test_each_page_opens_for_its_right_only(client: Client, key: str) -> None:
    person = account(key)
    client.force_login(person)
    rights = rights_of(actor_of(person))
    for name, right in PAGES.items():
        status = client.get(reverse(f"settings:{name}")).status_code
        assert status == (200 if right is None or rights.may(right) else 403), name


@pytest.mark.parametrize("name", PAGES)
def test_nobody_comes_in_without_a_login(client: Client, name: str) -> None:
    answer = client.get(reverse(f"settings:{name}"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_speak_both_languages(client: Client, name: str, language: str) -> None:
    client.force_login(account("administrator", language=language))
    page = client.get(reverse(f"settings:{name}")).content.decode()
    assert ("设置" in page) == (language == "zh")


def test_posts_need_the_right_too(client: Client) -> None:
    seller = account("sales")
    client.force_login(seller)
    for name, args in (
        ("person_off", [seller.pk]),
        ("person_link", [seller.pk]),
        ("role_copy", ["sales"]),
        ("department_add", []),
        ("team_add", []),
        ("days_add", []),
        ("ledger", []),
        ("audit_export", []),
    ):
        assert client.post(reverse(f"settings:{name}", args=args)).status_code == 403, name
        assert client.get(reverse(f"settings:{name}", args=args)).status_code == 405, name


def test_inviting_shows_the_link_once(client: Client, admin: Any) -> None:
    sent = client.post(
        reverse("settings:invite"), {"email": "new@example.com", "name": "新", "roles": ["sales"]}
    )
    assert "/account/invitation/" in sent.content.decode()
    people = client.get(reverse("settings:people")).content.decode()
    assert "new@example.com" in people
    assert "/account/invitation/" not in people
    entry = AuditEntry.objects.get(action="invitation.sent")
    client.post(reverse("settings:revoke", args=[entry.about.split(":")[1]]))
    assert "new@example.com" not in client.get(reverse("settings:people")).content.decode()


def test_access_is_changed_and_accounts_switched(client: Client, admin: Any) -> None:
    east = add_department(name="华东", parent_id=None, by=SYSTEM, at=AT)
    person = account("sales")
    address = reverse("settings:person", args=[person.pk])
    assert (
        client.post(
            address, {"email": person.email, "roles": ["service", "analyst"], "department": east}
        ).status_code
        == 302
    )
    person.refresh_from_db()
    assert {r.key for r in person.roles.all()} == {"service", "analyst"}
    assert person.department_id == east
    assert client.post(address, {"roles": ["nothing"]}).status_code == 200
    who = {"email": "New@Example.com", "name": "改名"}
    assert (
        client.post(address, {**who, "roles": ["service"], "department": east}).status_code == 302
    )
    person.refresh_from_db()
    assert (person.email, person.name) == ("new@example.com", "改名")
    taken = client.post(address, {**who, "email": admin.email})
    assert taken.status_code == 400
    client.post(reverse("settings:person_off", args=[person.pk]))
    person.refresh_from_db()
    assert not person.is_active
    assert (
        'action="' + reverse("settings:person_on", args=[person.pk])
        in client.get(address).content.decode()
    )
    client.post(reverse("settings:person_on", args=[person.pk]))
    person.refresh_from_db()
    assert person.is_active
    locked = client.post(reverse("settings:person_off", args=[admin.pk]))
    assert locked.status_code == 400
    assert "管理" in locked.content.decode()


def test_a_link_for_a_colleague_is_shown_and_their_sessions_end(client: Client, admin: Any) -> None:
    person = account("sales")
    made = client.post(reverse("settings:person_link", args=[person.pk])).context["address"]
    theirs = Client()
    assert theirs.get(made).status_code == 302
    assert theirs.get("/account/profile/").status_code == 200
    client.post(reverse("settings:person_sessions", args=[person.pk]))
    assert theirs.get("/account/profile/").status_code == 302


def test_a_role_is_edited_reset_copied_and_removed(client: Client, admin: Any) -> None:
    address = reverse("settings:role", args=["analyst"])
    form = {
        "name_zh": "数据分析",
        "name_en": "Data analysis",
        "grant-customer.view": "team",
        "grant-health.view": "all",
        "group-name": "reads",
        "group-phone": "reveals",
    }
    assert client.post(address, form).status_code == 302
    found = role("analyst", SYSTEM)
    assert {right: scope.name for right, scope in found.grants.items()} == {
        "customer.view": "TEAM",
        "health.view": "ALL",
    }
    assert (found.reads, found.reveals) == ({"name"}, {"phone"})
    page = client.get(address).content.decode()
    assert "本团队的客户" in page
    client.post(reverse("settings:role_reset", args=["analyst"]))
    assert not role("analyst", SYSTEM).edited
    copied = client.post(reverse("settings:role_copy", args=["analyst"])).headers["Location"]
    key = copied.rstrip("/").rsplit("/", 1)[-1]
    client.post(reverse("settings:role_remove", args=[key]))
    assert client.get(copied).status_code == 400


def test_departments_and_teams(client: Client, admin: Any) -> None:
    client.post(reverse("settings:department_add"), {"name": "总部"})
    top = departments(SYSTEM)[0].department_id
    client.post(reverse("settings:department_add"), {"name": "华东", "parent": top})
    client.post(reverse("settings:department_add"), {"name": "华南"})
    south = next(d.department_id for d in departments(SYSTEM) if d.name == "华南")
    change = reverse("settings:department_change", args=[south])
    client.post(change, {"name": "南方", "parent": top})
    assert [(d.name, d.depth) for d in departments(SYSTEM)] == [
        ("总部", 0),
        ("华东", 1),
        ("南方", 1),
    ]
    circle = client.post(
        reverse("settings:department_change", args=[top]), {"name": "总部", "parent": south}
    )
    assert circle.status_code == 400
    client.post(reverse("settings:department_remove", args=[south]))
    assert len(departments(SYSTEM)) == 2
    client.post(reverse("settings:team_add"), {"name": "重点客户"})
    team = teams(SYSTEM)[0].team_id
    client.post(reverse("settings:team_change", args=[team]), {"name": "大客户"})
    assert teams(SYSTEM)[0].name == "大客户"
    assert "大客户" in client.get(reverse("settings:departments")).content.decode()
    client.post(reverse("settings:team_remove", args=[team]))
    assert not teams(SYSTEM)


def test_the_working_calendar(client: Client, admin: Any) -> None:
    client.post(
        reverse("settings:organisation"),
        {"name": "客迹公司", "language": "en", "days": ["1", "2", "3"]},
    )
    add = reverse("settings:days_add")
    client.post(
        add, {"first": "2026-10-01", "last": "2026-10-03", "name": "国庆节", "worked": "no"}
    )
    client.post(add, {"first": "2026-10-10", "name": "调休", "worked": "yes"})
    known = organisation()
    assert (known.name, known.language, known.working_days) == ("客迹公司", "en", (1, 2, 3))
    assert not known.is_worked(date(2026, 10, 1))
    assert known.is_worked(date(2026, 10, 10))
    assert known.is_worked(date(2026, 10, 5))
    assert not known.is_worked(date(2026, 10, 9))
    client.post(reverse("settings:day_remove"), {"day": "2026-10-10"})
    assert not organisation().is_worked(date(2026, 10, 10))
    for wrong in ({"first": "soon"}, {"first": "2026-10-03", "last": "2026-10-01"}):
        assert client.post(add, wrong).status_code == 400
    assert client.post(reverse("settings:organisation"), {"days": []}).status_code == 400


def test_hours_and_the_week(client: Client, admin: Any) -> None:
    address = reverse("settings:organisation")
    form = {"name": "客迹", "language": "zh", "days": ["1", "7"], "first_weekday": "7"}
    assert client.post(address, {**form, "opens": "08:30", "closes": "17:00"}).status_code == 302
    known = organisation()
    assert (known.opens, known.closes) == (time(8, 30), time(17))
    assert known.week == (7, 1, 2, 3, 4, 5, 6)
    entry = AuditEntry.objects.filter(action="organisation.changed").latest("id")
    assert entry.detail["before"]["opens"] == "09:00"
    assert entry.detail["after"]["opens"] == "08:30"
    assert client.post(address, {**form, "opens": "08:30", "closes": "17:00"}).status_code == 302
    assert AuditEntry.objects.filter(action="organisation.changed").latest("id") == entry
    for wrong in (
        {"opens": "18:00", "closes": "09:00"},
        {"opens": "morning"},
        {"first_weekday": "9"},
        {"days": ["8"]},
    ):
        assert client.post(address, form | wrong).status_code == 400, wrong
    assert organisation() == known


def test_the_ledger_is_settled_by_the_first_event(client: Client, admin: Any) -> None:
    address, change = reverse("settings:organisation"), reverse("settings:ledger")
    assert 'name="currency"' in client.get(address).content.decode()
    assert client.post(change, {"currency": "usd", "zone": "Europe/Paris"}).status_code == 302
    assert basis() == LogBasis("USD", "Europe/Paris")
    assert 'data-currency="USD"' in client.get(address).content.decode()
    entry = AuditEntry.objects.filter(action="organisation.changed").latest("id")
    assert entry.detail == {
        "before": {"currency": "CNY", "zone_name": "Asia/Shanghai"},
        "after": {"currency": "USD", "zone_name": "Europe/Paris"},
    }
    for wrong in ({"currency": "CYN", "zone": "UTC"}, {"currency": "CNY", "zone": "Mars/Base"}):
        assert client.post(change, wrong).status_code == 400
    publish(load_pack("core"), note="test", by=SYSTEM, at=AT)
    event = IncomingEvent(type="order.placed", occurred_at=AT, identifiers={"email": "a@b.cn"})
    record_events([event], source="shop", by=SYSTEM, at=AT)
    page = client.get(address).content.decode()
    assert 'name="currency"' not in page
    assert "TENURE_HOME" in page
    refused = client.post(change, {"currency": "CNY", "zone": "UTC"})
    assert refused.status_code == 400
    assert "重新导入" in refused.content.decode()
    assert basis() == LogBasis("USD", "Europe/Paris")


def _fill_audit(count: int) -> None:
    anna = Actor("account:901", "person", "=cmd|' /C calc'!A0")
    for n in range(count):
        note("customer.viewed", by=anna, at=AT, about=f"customer:{n}", detail={"n": n})


def test_the_audit_is_read_page_by_page(client: Client, admin: Any) -> None:
    _fill_audit(120)
    address, seen = reverse("settings:audit") + "?action=customer.viewed", 0
    while address:
        page = client.get(address)
        assert page.status_code == 200
        seen += len(page.context["entries"])
        address = page.context["older"]
    assert seen == 120
    day = f"{AT:%Y-%m-%d}"
    narrow = client.get(
        reverse("settings:audit"), {"about": "customer:7", "since": day, "until": day}
    )
    assert len(narrow.context["entries"]) == 1
    for odd in (
        "before=x",
        "before=99999999999999999-1",
        "since=9999-12-31",
        "until=0001-01-01",
        "actor=%00",
    ):
        assert client.get(reverse("settings:audit") + "?" + odd).status_code == 200, odd


def test_characters_no_database_holds_are_left_out(client: Client, admin: Any) -> None:
    assert (
        client.get(reverse("settings:people"), {"q": "a\x00b", "role": "\x00"}).status_code == 200
    )
    client.post(reverse("settings:department_add"), {"name": "华\x00东"})
    assert [d.name for d in departments(SYSTEM)] == ["华东"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_an_export_is_a_formula(client: Client, admin: Any, form: str) -> None:
    _fill_audit(3)
    answer = client.post(
        reverse("settings:audit_export") + "?action=customer.viewed", {"form": form}
    )
    content = answer.getvalue()
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        rows = [[str(cell or "") for cell in row] for row in sheet.values]
    assert len(rows) == 4
    assert rows[1][1].startswith("'=cmd")
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    told = AuditEntry.objects.get(action="audit.exported")
    assert (told.actor, told.exported) == (f"account:{admin.pk}", 3)


def test_unusual_exports_are_told(client: Client, admin: Any) -> None:
    bert = Actor("account:902", "person", "Bert")
    note("customer.exported", by=bert, at=now(), detail={"rows": 9_000})
    assert "不寻常的导出" in client.get(reverse("settings:audit")).content.decode()


def test_why_answers_or_says_that_there_is_no_such_customer(client: Client, admin: Any) -> None:
    ask = {"account": admin.pk, "right": "customer.view", "customer": "/customers/12345/"}
    assert "没有这个编号的客户" in client.get(reverse("settings:why"), ask).content.decode()
    odd = {"account": "9" * 30, "right": "nothing", "customer": "9" * 40}
    assert client.get(reverse("settings:why"), odd).status_code == 200


@pytest.mark.parametrize("name", ["people", "roles", "departments", "audit"])
def test_lists_take_few_queries(
    client: Client, admin: Any, name: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(12):
        account("sales", "service")
    for n in range(6):
        add_department(name=f"d{n}", parent_id=None, by=SYSTEM, at=AT)
    client.get(reverse(f"settings:{name}"))
    with django_assert_max_num_queries(16):
        assert client.get(reverse(f"settings:{name}")).status_code == 200


def test_more_people_take_no_more_queries(
    client: Client, admin: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    address, counts = reverse("settings:people"), []
    for _ in range(3):
        for _ in range(6):
            account("sales", "service")
        with django_assert_max_num_queries(100) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[2]
