"""Samples, what is not defined, and what was refused: pages of data sources."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client

from tenure.actor import SYSTEM
from tenure.clock import now, to_microseconds
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.models import Event
from tenure.record.library.queries import current_library
from tenure.record.sources.arrived import Arrived, to_frame
from tenure.record.sources.operations import add_source
from tenure.record.vault.queries import reveal
from tests.record.sources.arriving import load, spool_in
from tests.web.house import Enter, enter, open_first

__all__ = ["enter"]
pytestmark = pytest.mark.django_db


class Sender:
    """A source, and how it sends."""

    def __init__(self, spool: Path) -> None:
        self.id = add_source("app", name="App", kind="sdk", by=SYSTEM, at=now()).source_id
        self._spool, self._number = spool, 0

    def send(self, event: str, **properties: object) -> None:
        """One message, loaded at once."""
        self._number += 1
        at = now()
        told = {
            "type": "track", "event": event, "messageId": f"m{self._number}", "userId": "u1",
            "timestamp": at.isoformat(), "properties": properties,
        }  # fmt: skip
        spool = spool_in(self._spool)
        item = msgspec.json.encode(told)
        spool.append([to_frame(Arrived(self.id, "segment", to_microseconds(at), b"", [item]))])
        load(self._spool, at)
        spool.close()


@pytest.fixture
def sender(tmp_path: Path, settings: Any) -> Sender:
    open_first(tmp_path, settings, "general")
    return Sender(tmp_path / "spool")


def page_of(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_samples_follow_what_arrives(enter: Enter, sender: Sender, language: str) -> None:
    client, address = enter("data_administrator", language), f"/sources/{sender.id}/samples/"
    assert ("还没有样例" if language == "zh" else "No samples yet") in page_of(client, address)
    sender.send("Video Played", title="Cup", viewer_email="li@example.com")
    shown = page_of(client, address)
    assert "li@example.com" in shown
    assert "every 3s" in shown
    assert "every 3s" not in page_of(client, f"{address}?live=off")
    [row] = Event.objects.filter(type="video.played")
    asked = {"HX-Request": "true"}
    assert client.get(f"{address}?newest={row.pk}", headers=asked).status_code == 204
    sender.send("Other Thing Done")
    assert "other_thing.done" in page_of(client, f"{address}?newest={row.pk}", **asked)
    assert (
        "other_thing"
        not in page_of(client, f"{address}?type=video.played").split('id="samples"')[1]
    )
    masked = page_of(enter("analyst", language), address)
    assert "li@example.com" not in masked
    assert "l***@example.com" in masked


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_unknown_type_is_declared_in_one_look(
    enter: Enter, sender: Sender, language: str
) -> None:
    client = enter("data_administrator", language)
    empty = "全都有定义" if language == "zh" else "Everything is defined"
    assert empty in page_of(client, "/sources/unknown/")
    sender.send("Video Played", title="Cup", seconds=3, total="9.90", alias="Felix")
    for address in ("/sources/unknown/", f"/sources/{sender.id}/unknown/", "/sources/"):
        assert empty not in page_of(client, address)
    address = "/sources/declare/?type=video.played"
    assert 'name="take-title"' in page_of(client, address)
    form = {
        "type": "video.played", "zh": "视频播放", "en": "Video played", "party": "", "note": "seen",
        "field": ["title", "seconds", "total", "alias"], "take-title": "on", "take-seconds": "on",
        "take-total": "on", "take-alias": "on", "kind-title": "string", "kind-seconds": "integer",
        "kind-total": "money", "kind-alias": "string", "personal-alias": "on", "zh-title": "标题",
    }  # fmt: skip
    unsaid = client.post("/sources/declare/", {**form, "note": ""})
    assert unsaid.status_code == 400
    assert 'value="标题"' in unsaid.content.decode()
    assert client.post("/sources/declare/", form).status_code == 302
    kind = current_library()[0].event_types["video.played"]
    assert {one.key: (one.type, one.personal) for one in kind.fields} == {
        "seconds": ("integer", False),
        "title": ("string", False),
        "total": ("money", False),
        "alias": ("string", True),
    }
    [row] = Event.objects.filter(type="video.played")
    assert row.amount_e4 == 99_000
    assert "Felix" not in row.properties
    assert reveal("event", [row.pk])[row.pk]["alias"] == "Felix"
    assert empty in page_of(client, "/sources/unknown/")


def test_a_new_field_of_a_known_type_is_declared(enter: Enter, sender: Sender) -> None:
    client = enter("data_administrator", "en")
    sender.send("Order Completed", order_id="1", total=5, wrap="red")
    assert "wrap" in page_of(client, "/sources/unknown/")
    before = len(current_library()[0].event_types["order.placed"].fields)
    form = {
        "type": "order.placed", "note": "gifts", "field": ["wrap"], "take-wrap": "on",
        "kind-wrap": "string", "en-wrap": "Gift wrap",
    }  # fmt: skip
    assert client.post("/sources/declare/", form).status_code == 302
    fields = current_library()[0].event_types["order.placed"].fields
    assert len(fields) == before + 1
    assert fields[-1].name is not None
    assert fields[-1].name.zh == "Gift wrap"


def test_declaring_needs_the_right_and_an_event(enter: Enter, sender: Sender) -> None:
    sender.send("Video Played", title="Cup")
    analyst = enter("analyst")
    assert analyst.get("/sources/declare/?type=video.played").status_code == 403
    assert b"/sources/declare/" not in analyst.get("/sources/unknown/").content
    client = enter("data_administrator", "en")
    for strange in ("nothing.came", "no key", "customer.profiled", ""):
        assert client.get("/sources/declare/", {"type": strange}).status_code == 400


def test_what_was_refused_is_told_downloaded_and_tried_again(enter: Enter, sender: Sender) -> None:
    client, address = enter("data_administrator", "en"), f"/sources/{sender.id}/refused/"
    assert "No refused events are waiting" in page_of(client, address)
    sender.send("Consent Given", purpose=None)
    sender.send("consent.withdrawn", channel="sms")
    shown = page_of(client, address)
    assert "Waiting: 2" in shown
    assert "Waiting: 1" in page_of(client, f"{address}?type=consent.given")
    assert "No refused event is like this" in page_of(client, f"{address}?until=2020-01-01")
    group = shown.split("group=")[1].split('"')[0]
    assert "Mend" in page_of(client, f"{address}?group={group}")
    file = client.post(f"{address}download/?group={group}")
    rows = list(csv.reader(b"".join(file).decode("utf-8-sig").splitlines()))  # type: ignore[call-overload]
    assert rows[0][0] == "Number"
    assert AuditEntry.objects.filter(action="dead_letters.exported").exists()
    again = client.post(f"{address}again/?group={group}", follow=True).content.decode()
    assert "refused again" in again
    for act in ("again", "download"):
        assert enter("analyst").post(f"{address}{act}/").status_code == 403
    assert "Download" not in page_of(enter("analyst", "en"), address)
