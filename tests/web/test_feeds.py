"""Pages of feeds: added, mapped by a sample, pulled, refused and why, tried again; by right."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.models import Event
from tenure.record.feeds.models import Feed
from tenure.record.feeds.operations import add_feed, pull_feed, retry_refused
from tenure.record.sources.models import Source
from tenure.record.sources.operations import load_spool
from tenure.record.sources.spool import house_spool
from tests.web.house import Enter, enter, open_first

__all__ = ["enter"]
pytestmark = pytest.mark.django_db(transaction=True)
ORDER = {
    "order_number": "A-1001",
    "created_at": "2026-03-01T10:00:00+08:00",
    "total_price": "99.50",
    "customer": {"phone": "13912345678", "name": "李雷"},
}


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Path:
    open_first(tmp_path / "home", settings, "general")
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "drop").mkdir()
    settings.TENURE_FEED_FOLDERS = [str(tmp_path / "drop")]
    return tmp_path / "drop"


def deliver(address: str, body: Any) -> int:
    path = "/hooks/" + address.rsplit("/", 1)[1]
    return Client().post(path, json.dumps(body), content_type="application/json").status_code


def load() -> Any:
    house_spool().close()
    return load_spool(clock=now)


def form_of(page: str) -> dict[str, str]:
    """The choices that the page of a map offers as they stand."""
    found = {}
    for name, inside in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_webhook_from_its_address_to_recorded_orders(
    house: Path, enter: Enter, language: str
) -> None:
    client = enter("data_administrator", language)
    empty = client.get("/feeds/").content.decode()
    assert ("还没有接入" if language == "zh" else "No feeds yet") in empty
    made = client.post("/feeds/new/webhook/", {"key": "shop", "name": "商城"})
    [address] = re.findall(r'value="(http[^"]+/hooks/tw_[\w-]+)"', made.content.decode())
    assert "no-store" in made.headers["Cache-Control"]
    assert deliver(address, ORDER) == 200
    load()
    [source] = Source.objects.all()
    page = f"/feeds/{source.pk}/"
    waiting = client.get(page).content.decode()
    assert ("还没有映射" if language == "zh" else "no map yet") in waiting
    assert address.rsplit("/", 1)[1] not in waiting
    client.post(f"{page}mapping/sample/", {"received": "1"})
    shown = client.get(f"{page}mapping/").content.decode()
    assert "customer.phone" in shown
    assert "order.placed" in shown
    assert "99.50" in shown
    saved = client.post(f"{page}mapping/", {**form_of(shown), "could_group": "1", "then": "save"})
    assert saved.headers["Location"] == page
    assert retry_refused(source.pk, by=SYSTEM, clock=now).recorded == 1
    for _ in range(2):
        deliver(address, {**ORDER, "note": "sent again, changed"})
    load()
    assert Event.objects.filter(type="order.placed").count() == 1
    assert client.get(page).status_code == 200
    assert client.get("/feeds/").status_code == 200
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"source.added", "feed.mapped", "feed.sample_read"} <= actions


def test_refused_records_are_shown_with_reasons_and_downloaded(house: Path, enter: Enter) -> None:
    client = enter("data_administrator", "en")
    added = add_feed("calls", name="Calls", kind="webhook", by=SYSTEM, at=now())
    deliver(f"/hooks/{added.write_key}", {"x": "=cmd()"})
    load()
    page = f"/feeds/{added.source_id}/"
    assert "no map yet" in client.get(page).content.decode()
    file = client.get(f"{page}refused.csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    assert "cmd()" in file.content.decode()
    reader = enter("analyst", "en")
    assert reader.get(f"{page}refused.csv").status_code == 403


def test_a_folder_is_mapped_by_its_newest_file_and_pulled(house: Path, enter: Enter) -> None:
    client = enter("data_administrator", "en")
    path = house / "orders.csv"
    path.write_text(
        "手机号,订单号,金额,下单时间\n13912345678,1,9.5,2026-02-01\n"
        "13912345679,3,9,2026-02-02\n坏,2,x,2026-02-02\n13912345677,4,7,2026-02-02\n"
    )
    os.utime(path, (now().timestamp() - 60,) * 2)
    said = {"key": "drop", "folder": str(house), "pattern": "*.csv", "schedule": "every 15"}
    made = client.post("/feeds/new/folder/", said)
    [source] = Source.objects.all()
    assert made.headers["Location"] == f"/feeds/{source.pk}/mapping/"
    client.post(f"/feeds/{source.pk}/mapping/sample/")
    shown = client.get(f"/feeds/{source.pk}/mapping/").content.decode()
    assert "Preview" in shown
    client.post(f"/feeds/{source.pk}/mapping/", {**form_of(shown), "then": "save"})
    assert client.post(f"/feeds/{source.pk}/pull/").status_code == 302
    pull_feed(source.pk, by=SYSTEM, clock=now)
    page = client.get(f"/feeds/{source.pk}/").content.decode()
    assert "orders.csv" in page
    assert "Why rows were refused" in page
    assert Feed.objects.get().next_us is not None


def test_a_table_is_connected_and_its_password_never_shown(house: Path, enter: Enter) -> None:
    client = enter("data_administrator", "zh")
    with sqlite3.connect(house / "shop.sqlite3") as connection:
        connection.execute("CREATE TABLE orders (order_id, phone, amount, created_at)")
        connection.execute("INSERT INTO orders VALUES (1, '13912345678', 9, '2026-02-01')")
    said = {
        "key": "t", "url": f"sqlite:///{house}/shop.sqlite3", "table": "orders",
        "cursor": "order_id", "overlap": "0", "schedule": "0 3 * * *",
    }  # fmt: skip
    client.post("/feeds/new/table/", said)
    [source] = Source.objects.all()
    client.post(f"/feeds/{source.pk}/mapping/sample/")
    shown = client.get(f"/feeds/{source.pk}/mapping/").content.decode()
    client.post(f"/feeds/{source.pk}/mapping/", {**form_of(shown), "then": "save"})
    pull_feed(source.pk, by=SYSTEM, clock=now)
    assert Event.objects.count() == 1
    client.post(f"/feeds/{source.pk}/settings/", {**said, "url": "mysql://u:s3cret@db/x"})
    for page in ("", "settings/"):
        assert "s3cret" not in client.get(f"/feeds/{source.pk}/{page}").content.decode()
    wrong = client.post("/feeds/new/table/", {**said, "key": "u", "url": "nonsense://u:s3cret@h/d"})
    assert "s3cret" not in wrong.content.decode()
    assert wrong.status_code == 200
    assert Source.objects.count() == 1


def test_signatures_are_set_at_the_page(house: Path, enter: Enter) -> None:
    client = enter("data_administrator", "en")
    added = add_feed("shop", name="Shop", kind="webhook", by=SYSTEM, at=now())
    page = f"/feeds/{added.source_id}/"
    made = client.post(f"{page}signature/", {"form": "standard"}).content.decode()
    [secret] = re.findall(r'value="(whsec_[^"]+)"', made)
    assert secret not in client.get(page).content.decode()
    header = {"form": "header", "header": "X-Sign", "encoding": "hex", "secret": "hush-hush"}
    client.post(f"{page}signature/", header)
    assert "X-Sign" in client.get(page).content.decode()
    again = client.post(f"{page}address/", {"grace": "0"}).content.decode()
    assert "/hooks/tw_" in again


@pytest.mark.parametrize(
    "path", ["new/webhook/", "{}/settings/", "{}/mapping/", "{}/pull/", "{}/over/", "{}/retry/"]
)
def test_only_who_manages_sources_may_change(house: Path, enter: Enter, path: str) -> None:
    added = add_feed("shop", name="Shop", kind="webhook", by=SYSTEM, at=now())
    looker = enter("analyst", "en")
    assert looker.get("/feeds/").status_code == 200
    assert looker.get(f"/feeds/{added.source_id}/").status_code == 200
    address = f"/feeds/{path.format(added.source_id)}"
    assert looker.post(address).status_code == 403
    assert enter("sales", "en").get("/feeds/").status_code == 403


def test_the_list_asks_so_many_questions_however_many_feeds(
    house: Path, enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter("data_administrator", "en")
    for number in range(12):
        add_feed(f"w{number}", name=f"W{number}", kind="webhook", by=SYSTEM, at=now())
    client.get("/feeds/")
    with django_assert_max_num_queries(22):
        client.get("/feeds/")
