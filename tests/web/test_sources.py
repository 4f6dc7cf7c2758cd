"""Pages of data sources: added, keys shown once, arrivals counted, paused and resumed."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tenure.actor import SYSTEM
from tenure.clock import now, to_microseconds
from tenure.guard.trail.models import AuditEntry
from tenure.record.sources.models import Arrival, Source, WriteKey
from tenure.record.sources.operations import add_source
from tenure.record.sources.queries import source_of_key
from tests.web.house import Enter, enter

HOUR_US = 3_600_000_000

__all__ = ["enter"]
pytestmark = pytest.mark.django_db


def key_in(answer: object) -> str:
    [key] = re.findall(r'value="(tw_[\w-]+)"', answer.content.decode())  # type: ignore[attr-defined]
    return str(key)


def arrived(source_id: int, kind: str, accepted: int, refused: int = 0) -> None:
    at = to_microseconds(now())
    Arrival.objects.create(
        source_id=source_id, type=kind, hour_us=at - at % HOUR_US, accepted=accepted,
        repeated=1, refused=refused, last_us=at,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_source_from_end_to_end(enter: Enter, language: str) -> None:
    client = enter("data_administrator", language)
    empty = client.get("/sources/").content.decode()
    assert ("还没有数据源" if language == "zh" else "No data sources yet") in empty
    added = client.post("/sources/", {"key": "web-shop", "name": "商城 Shop"})
    key = key_in(added)
    assert "no-store" in added.headers["Cache-Control"]
    known = source_of_key(key)
    assert known is not None
    assert known.key == "web-shop"
    [row] = Source.objects.all()
    address = f"/sources/{row.pk}/"
    assert key not in client.get(address).content.decode()
    newer = key_in(client.post(f"{address}key/", {"grace": "7"}))
    assert newer != key
    assert WriteKey.objects.exclude(revoked_us=None).count() == 1
    for _ in range(2):  # pressed twice is pressed once
        client.post(f"{address}pausing/", {"wanted": "paused"})
    paused = client.get(address).content.decode()
    assert ("已暂停" if language == "zh" else "Paused") in paused
    client.post(f"{address}pausing/", {"wanted": "live"})
    row.refresh_from_db()
    assert row.paused_us is None
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"source.added", "source.key_rotated", "source.paused", "source.resumed"} <= actions


def test_what_arrives_is_counted(enter: Enter) -> None:
    client = enter("data_administrator", "en")
    added = add_source("app", name="App", kind="sdk", by=SYSTEM, at=now())
    arrived(added.source_id, "order.placed", 1234, refused=5)
    arrived(added.source_id, "video.paused", 7)
    arrived(added.source_id, "", 0, refused=2)
    listed = client.get("/sources/").content.decode()
    assert "1,241" in listed
    assert "Live" in listed
    shown = client.get(f"/sources/{added.source_id}/").content.decode()
    assert "not defined" in shown
    assert shown.index("order.placed") < shown.index("video.paused")
    assert "2 messages could be no event" in shown


def test_the_list_asks_no_more_for_more_sources(
    enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = enter("data_administrator")
    for number in range(12):
        add_source(f"s{number}", name=f"S {number}", kind="sdk", by=SYSTEM, at=now())
    client.get("/sources/")
    with django_assert_max_num_queries(18):
        client.get("/sources/")
    [first] = Source.objects.filter(key="s0")
    for number in range(30):
        arrived(first.pk, f"made.up_{number}", number)
    with django_assert_max_num_queries(17):
        client.get(f"/sources/{first.pk}/")


def test_only_with_the_right(enter: Enter) -> None:
    added = add_source("app", name="App", kind="sdk", by=SYSTEM, at=now())
    address = f"/sources/{added.source_id}/"
    analyst: Client = enter("analyst")
    assert analyst.get(address).status_code == 200
    assert b"pausing" not in analyst.get(address).content
    for path in ("/sources/", f"{address}key/", f"{address}pausing/"):
        assert analyst.post(path, {"key": "x"}).status_code == 403
    assert enter("sales").get("/sources/").status_code == 403
    assert Source.objects.get().paused_us is None


def test_what_is_wrong_is_said(enter: Enter) -> None:
    client = enter("data_administrator", "en")
    add_source("app", name="App", kind="sdk", by=SYSTEM, at=now())
    for key, said in (("app", "there is a source"), ("a b", "letters, digits"), ("", "letters")):
        answer = client.post("/sources/", {"key": key})
        assert answer.status_code == 400
        assert said in answer.content.decode()
    assert client.get("/sources/99/").status_code == 404
    row = Source.objects.get()
    assert client.post(f"/sources/{row.pk}/key/", {"grace": "x"}).status_code == 400
    assert WriteKey.objects.count() == 1


def test_a_key_is_ended_and_kept_after_all(enter: Enter) -> None:
    client = enter("data_administrator", "en")
    added = add_source("app", name="App", kind="sdk", by=SYSTEM, at=now())
    [key] = WriteKey.objects.all()
    address = f"/sources/{added.source_id}/key/{key.pk}/"
    shown = client.post(address, {"grace": "7"}, follow=True).content.decode()
    assert "ends in 7 days" in shown
    assert "Keep it" in shown
    client.post(address, {"wanted": "kept"})
    key.refresh_from_db()
    assert key.revoked_us is None
    client.post(address, {"grace": "0"})
    assert source_of_key(added.write_key or "") is None
    assert client.post(address, {"wanted": "kept"}).status_code == 400
    assert "No good key" in client.get("/sources/").content.decode()
    assert enter("analyst").post(address, {"grace": "0"}).status_code == 403
    noted = AuditEntry.objects.filter(action__startswith="source.").order_by("id")
    assert list(noted.values_list("action", flat=True)) == [
        "source.key_revoked",
        "source.key_kept",
        "source.key_revoked",
    ]


def test_a_pause_is_undone_and_the_list_filtered(enter: Enter) -> None:
    client = enter("data_administrator", "en")
    one = add_source("app", name="App", kind="sdk", by=SYSTEM, at=now())
    add_source("web", name="Web", kind="webhook", by=SYSTEM, at=now())
    client.post(f"/sources/{one.source_id}/pausing/", {"wanted": "paused"})
    shown = client.get("/sources/?state=paused").content.decode()
    assert "Undo" in shown
    assert ">App<" in shown
    assert ">Web<" not in shown
    assert ">Web<" in client.get("/sources/?kind=webhook&text=WE").content.decode()
    assert "No source is like this" in client.get("/sources/?text=nothing").content.decode()
