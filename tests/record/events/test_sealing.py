"""Unknown values: what looks personal never lies in the log; the rest goes there once declared."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tenure.definitions import load_text
from tenure.engine.lake import Lake
from tenure.record.events.jobs import export_to_lake
from tenure.record.events.models import Event, Sealing
from tenure.record.events.operations.personal import looks_personal
from tenure.record.events.operations.sealing import seal_published
from tenure.record.library.operations import publish
from tenure.record.library.queries import current_library
from tenure.record.vault.queries import reveal
from tests.record.shop import NOW, TESTER, open_shop, sale, tell

KIND = "video.played"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "a@b.cn"), ("contact_phone", "x"), ("homeAddress", "Street 1"), ("收货人", "王"),
        ("anything", "li@example.com"), ("anything", "13800138000"), ("anything", "+49 30 123456"),
        ("phone", 13800138000), ("first name", "Li"), ("phone_number_2", "123"),
        ("deep", {"a": [{"mail": "x"}]}), ("idNumber", "x"), ("x", "11010519491231002X"),
    ],
)  # fmt: skip
def test_what_looks_personal(name: str, value: object) -> None:
    assert looks_personal(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email_opened", True), ("email", ""), ("order_no", "13800138000"), ("title", "Video"),
        ("seconds", 12.5), ("user_count", 3), ("mail_template", "welcome"), ("product_name", "Cup"),
        ("url", "https://example.com/a"), ("amount", "12345678901"), ("deep", {"a": [1, "b"]}),
        ("nothing", None), ("handle", "@shop"), ("number", "1"),
    ],
)  # fmt: skip
def test_what_does_not(name: str, value: object) -> None:
    assert not looks_personal(name, value)


def declare(text: str, number: int = 0) -> Any:
    head = f"kind: event_type\nkey: {KIND}\nname: {{zh: 播放, en: Played}}\n"
    at = NOW + timedelta(seconds=number)
    published = publish(load_text(head + text, "test"), note="t", by=TESTER, at=at)
    return seal_published(published, by=TESTER, at=at)


def play(number: int = 1, **fields: object) -> None:
    tell(sale(number, type=KIND, fields=fields))


def body() -> list[dict[str, object]]:
    return [json.loads(row.properties) for row in Event.objects.order_by("id")]


@pytest.mark.django_db
def test_what_looks_personal_never_lies_in_the_log() -> None:
    open_shop()
    play(viewer_email="li@example.com", title="Cup", ship={"city": "X", "phone": "1"})
    [row] = Event.objects.all()
    assert "li@example.com" not in row.properties
    assert json.loads(row.properties)["title"] == "Cup"
    held = reveal("event", [row.id])[row.id]
    assert held["viewer_email"] == "li@example.com"
    assert json.loads(held["ship"]) == {"city": "X", "phone": "1"}


@pytest.mark.django_db
def test_kept_values_go_where_a_declaration_puts_them() -> None:
    open_shop()
    play(1, alias="Cat", price="9.90", seconds=3)
    play(2, alias="Dog", price="free", amount=None)
    play(3, seconds=5)
    done = declare(
        "fields:\n  alias: {type: string, personal: true}\n"
        "  price: {type: money}\n  seconds: {type: integer}\n"
    )
    assert (done.events, done.unfit) == (2, 1)
    assert [row.get("alias") for row in body()] == [None, None, None]
    assert [row.get("price") for row in body()] == [None, "free", None]
    assert [row.get("seconds") for row in body()] == [3, None, 5]
    rows = list(Event.objects.order_by("id"))
    assert [row.amount_e4 for row in rows] == [99_000, None, None]
    assert reveal("event", [rows[0].id])[rows[0].id]["alias"] == "Cat"
    [sealing] = Sealing.objects.all()
    assert (sealing.type, sealing.events, sealing.unfit) == (KIND, 2, 1)


@pytest.mark.django_db
def test_a_foreign_amount_is_converted_as_ever() -> None:
    open_shop()
    tell(sale(1, type=KIND, fields={"price": 10}, currency="USD", exchange_rate=Decimal("7.2")))
    tell(sale(2, type=KIND, fields={"price": 10}, currency="USD"))
    tell(sale(3, type=KIND, fields={"price": 10}, currency="CNY"))
    assert declare("fields:\n  price: {type: money}\n").unfit == 1
    rows = list(Event.objects.order_by("id").values_list("amount_e4", "currency"))
    assert rows == [(720_000, "USD"), (None, None), (100_000, "CNY")]
    assert [row["price"] for row in body()[:2]] == [10, 10]


@pytest.mark.django_db
def test_a_field_made_personal_later_leaves_the_log() -> None:
    open_shop()
    declare("fields:\n  alias: {type: string}\n")
    play(1, alias="Cat")
    assert declare("fields:\n  alias: {type: string, personal: true}\n", 1).events == 1
    assert "alias" not in body()[0]
    assert (
        declare("fields:\n  alias: {type: string, personal: true}\n  b: {type: string}\n", 2).events
        == 0
    )


@pytest.mark.django_db
def test_the_lake_holds_nothing_that_went_into_the_vault(tmp_path: Path) -> None:
    open_shop()
    play(1, alias="Felix the cat", price=3)
    lake = Lake(tmp_path / "lake")

    def copied() -> str:
        export_to_lake(lake, library=current_library()[0], at=NOW)
        return str([pq.read_table(part).to_pylist() for part in lake.parts()])

    assert "Felix the cat" in copied()
    declare("fields:\n  alias: {type: string, personal: true}\n  price: {type: money}\n")
    after = copied()
    assert "Felix the cat" not in after
    assert "30000" in after
    generation = lake.snapshot().manifest.generation
    assert copied() == after
    assert lake.snapshot().manifest.generation == generation
