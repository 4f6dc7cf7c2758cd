"""The pages of a lifecycle: rights, scope, languages, the customers behind figures, exports."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tenure.clock import now
from tenure.definitions import load_text
from tenure.derive.customers.models import CustomerCard
from tenure.derive.lifecycles.operations import rebuild
from tenure.derive.lifecycles.queries import board, money_accounts, stage_money
from tenure.guard.access.models import Account
from tenure.guard.trail.models import AuditEntry
from tenure.record.library.operations import publish
from tests.derive.company import TESTER, Company, fresh_house, known
from tests.derive.staff import account
from tests.derive.steps import PHONES, Happening

BOARD = "/lifecycle/buyers/"
TABS = ("", "figures/", "filters/", "flows/", "conversion/", "time/", "paths/", "coming/")
WHO = [("phone", number) for number in PHONES]
ALL = {"customer.view": "all", "customer.export": "all"}
YEARLY = """
kind: metric
key: sales_365d
name: {zh: 近365天销售额, en: Sales in 365 days}
of: [order.placed]
agg: sum
field: amount
window: 365d
unit: money
---
kind: metric
key: first_channel
name: {zh: 首次渠道, en: First channel}
of: [order.placed]
agg: first
field: channel
"""


def order(who: tuple[str, str], channel: str = "web") -> Happening:
    return Happening("order.placed", (who,), timedelta(0), (("amount", "50"), ("channel", channel)))


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    """Four customers; the first ordered twenty days ago for the first time and often since."""
    with fresh_house():
        publish(load_text(YEARLY, "yearly"), note="money", by=TESTER, at=now())
        company = Company(now=now().replace(microsecond=0) - timedelta(days=60))
        for days, some in ((20, WHO), (20, WHO[:2]), (18, WHO[:1])):
            channels = ["web", "web", "shop", "shop"]
            events = [order(who, channel) for who, channel in zip(some, channels, strict=False)]
            company.record(tuple(events), imported=False)
            company.now += timedelta(days=days)
        rebuild(at=company.now)
        yield company


def as_(one: Account) -> Client:
    client = Client()
    client.force_login(one)
    return client


@pytest.fixture
def boss(company: Company) -> Account:
    return account("boss@example.com", {**ALL, "definition.view": "all"})


def own(who: tuple[str, str], owner: Account) -> None:
    CustomerCard.objects.update_or_create(
        customer_id=known(who),
        defaults={
            "party": "person", "owner_id": owner.pk, "tags": "", "name_field": "",
            "first_us": 0, "last_us": 0, "changed_id": 0,
        },
    )  # fmt: skip


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_in_both_languages(boss: Account, tab: str) -> None:
    for language, word in (("zh", "活跃"), ("en", "Active")):
        boss.language = language
        boss.save()
        answer = as_(boss).get(BOARD + tab)
        assert answer.status_code == 200
        if tab != "filters/":
            assert word in answer.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_nobody_without_the_right(company: Company, tab: str) -> None:
    assert as_(account("none@example.com", {})).get(BOARD + tab).status_code == 403
    assert Client().get(BOARD + tab).status_code == 302


def test_the_first_page_leads_to_a_lifecycle(boss: Account) -> None:
    client = as_(boss)
    answer = client.get("/lifecycle/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/lifecycle/")
    client.get("/lifecycle/spenders/")
    assert client.get("/lifecycle/").headers["Location"] == "/lifecycle/spenders/"


def test_heads_and_money_of_the_board(company: Company, boss: Account) -> None:
    page = as_(boss).get(f"{BOARD}?money=1").content.decode()
    found = board("buyers", as_of=company.now, viewer=TESTER)
    assert found.heads == 4
    money = stage_money(
        "buyers", as_of=company.now, since=company.now - timedelta(days=30), viewer=TESTER
    )
    assert money is not None
    assert (money.metric, money.total) == ("sales_365d", 7 * 50)
    assert "¥350.00" in page or "¥350" in page
    accounts = money_accounts(
        "buyers", from_at=company.now - timedelta(days=30), to_at=company.now, viewer=TESTER
    )
    assert sum(one.closing for one in accounts) == money.total
    for one in accounts:
        assert one.opening + one.entered - one.left == one.closing


def test_the_board_asks_the_database_little(
    boss: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(boss)
    client.get(BOARD)
    with django_assert_max_num_queries(16):
        client.get(BOARD)
    with django_assert_max_num_queries(26):
        client.get(f"{BOARD}coming/?days=90")


def test_a_scoped_viewer_counts_only_their_own(company: Company) -> None:
    seller = account("seller@example.com", {"customer.view": "own"})
    own(WHO[0], seller)
    client = as_(seller)
    figures = client.get(f"{BOARD}figures/").content.decode()
    assert re.search(r"figure-large[^>]*>1<", figures)
    stages = ("prospect", "new", "loyal", "active", "lost")
    listed = set()
    for stage in stages:
        text = client.get(f"{BOARD}customers/in/{stage}/").content.decode()
        listed |= {int(number) for number in re.findall(r"/customers/(\d+)/", text)}
    assert listed == {known(WHO[0])}
    assert client.get(f"{BOARD}customers/in/new/csv/").status_code == 403


FIGURE = re.compile(r'<a href="(/lifecycle/buyers/customers/[^"]+)"[^>]*>([\d,]+)</a>')


def figures_on(client: Client, address: str) -> dict[str, int]:
    """Every figure of a page that opens its customers: its address and what it says."""
    page = client.get(address).content.decode()
    return {
        html.unescape(found): int(number.replace(",", "")) for found, number in FIGURE.findall(page)
    }


@pytest.mark.parametrize("scope", ["all", "own"])
@pytest.mark.parametrize(
    ("tab", "ways"),
    [
        ("?vs_channel=shop", {"in", "was"}),
        ("figures/?where=orders >= 2", {"in", "was"}),
        ("flows/?where=orders >= 2", {"in", "was", "entered", "left", "between", "moved"}),
        ("conversion/?entered=new&reached=active&within=30", {"cohort"}),
        ("conversion/?entered=new&reached=active&within=30&channel=web", {"cohort"}),
        ("time/", {"stayed"}),
        ("time/?stage=new", {"stayed"}),
        ("time/?stage=active&channel=web", {"stayed"}),
        ("paths/", {"path"}),
        ("paths/?starting=active&steps=3", {"path"}),
    ],
)
def test_every_figure_opens_exactly_its_customers(
    company: Company, scope: str, tab: str, ways: set[str]
) -> None:
    somebody = account("somebody@example.com", {"customer.view": scope})
    for who in WHO[:3]:
        own(who, somebody)
    client = as_(somebody)
    since = (company.now - timedelta(days=50)).date()
    day = (company.now - timedelta(days=3)).date()
    for moment in (f"since={since}", f"since={since}&as_of={day}&known_at={day}"):
        figures = figures_on(client, f"{BOARD}{tab}{'&' if '?' in tab else '?'}{moment}")
        assert {address.split("/")[4] for address in figures} == ways
        assert sum(figures.values()) > 0
        for address, figure in figures.items():
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert answer.context["pages"].total == figure, address
            assert len(answer.context["customers"]) == figure, address


def test_a_list_is_exported_as_it_is_shown(company: Company, boss: Account) -> None:
    client = as_(boss)
    figures = figures_on(client, f"{BOARD}flows/") | figures_on(client, f"{BOARD}paths/")
    for address, figure in figures.items():
        path, _, query = address.partition("?")
        answer = client.get(f"{path}csv/?{query}")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert len(list(csv.reader(io.StringIO(text)))) == figure + 1


def test_an_export_is_noted_and_harmless(company: Company, boss: Account) -> None:
    client = as_(boss)
    stage = next(
        one.stage for one in board("buyers", as_of=now(), viewer=TESTER).stages if one.heads
    )
    answer = client.get(f"{BOARD}customers/in/{stage}/csv/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > 1
    assert {int(row[0]) for row in rows[1:]} <= {known(who) for who in WHO}
    entry = AuditEntry.objects.get(action="customer.exported")
    assert entry.exported == len(rows) - 1
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_groups_are_filtered_and_compared(boss: Account) -> None:
    client = as_(boss)
    page = client.get(f"{BOARD}?where=orders >= 2&vs_channel=shop").content.decode()
    assert re.search(r"figure-large[^>]*>2<", page)
    assert "对比组" in page
    wrong = client.get(f"{BOARD}?where=orderz > 1")
    assert wrong.status_code == 400
    assert "orders" in wrong.content.decode()
    options = client.get(f"{BOARD}filters/").content.decode()
    assert 'value="shop"' in options


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{BOARD}?as_of=1999-01-01", 200),
        (f"{BOARD}?as_of=2024-02-30", 400),
        (f"{BOARD}?since=soon", 400),
        ("/lifecycle/nowhere/", 400),
        (f"{BOARD}time/?stage=nowhere", 400),
        (f"{BOARD}customers/in/nowhere/", 400),
        (f"{BOARD}customers/sideways/new/", 404),
        (f"{BOARD}customers/in/-/", 200),
        (f"{BOARD}customers/moved/-/", 400),
        (f"{BOARD}customers/moved/new/?came_from=nowhere", 400),
        (f"{BOARD}customers/path/new/?path=new..active", 200),
        (f"{BOARD}customers/path/new/?path=", 200),
        (f"{BOARD}customers/path/new/?path=new.nowhere", 400),
        (f"{BOARD}customers/cohort/new/?reached=nowhere", 400),
        (f"{BOARD}customers/cohort/new/?part=sold&month=9", 200),
        (f"{BOARD}customers/stayed/new/?quarter=Q1", 400),
        (f"{BOARD}playbook/nowhere/", 404),
        (f"{BOARD}?owner=99999999999999999999999", 200),
        (f"{BOARD}coming/?page=999&days=7", 200),
    ],
)
def test_odd_addresses_are_told(boss: Account, address: str, status: int) -> None:
    assert as_(boss).get(address).status_code == status


def test_as_known_then_is_another_board(company: Company, boss: Account) -> None:
    day = (company.now - timedelta(days=5)).astimezone(UTC).date()
    answer = as_(boss).get(f"{BOARD}?as_of={day}&known_at={day}&money=1")
    assert answer.status_code == 200
    assert datetime.combine(day, datetime.min.time(), UTC) < company.now
    listed = as_(boss).get(f"{BOARD}customers/in/active/?as_of={day}&known_at={day}")
    assert listed.status_code == 200
