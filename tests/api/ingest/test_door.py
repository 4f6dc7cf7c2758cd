"""What the door of events takes, what it refuses, and how it says so."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from django.test import Client

from tenure.api.ingest import keys, receiving
from tenure.record.sources.arrived import Arrived
from tenure.record.sources.spool import SpoolFullError
from tenure.words import Words

KEY = "wk_shop"
TRACK = {"type": "track", "event": "X Done", "userId": "u1", "messageId": "m1"}


class Spool:
    """Stands for the spool, so that only the door is under test."""

    def __init__(self) -> None:
        self.frames: list[Arrived] = []
        self.full = False

    def append(self, frames: list[bytes]) -> None:
        if self.full:
            raise SpoolFullError(Words("满了", "full"))
        self.frames += [msgspec.msgpack.decode(frame, type=Arrived) for frame in frames]

    @property
    def last(self) -> Arrived:
        return self.frames[-1]


@pytest.fixture
def spool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spool]:
    found = Spool()
    source = SimpleNamespace(id=7, key="shop", kind="sdk", key_id=0)
    monkeypatch.setattr(receiving, "house_spool", lambda: found)
    monkeypatch.setattr(keys, "source_of_key", lambda key: source if key == KEY else None)
    return found


def basic(text: str = f"{KEY}:") -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def post(path: str, body: Any, *, key: str | None = basic(), **headers: str) -> Any:
    """The answer; no database is touched, or the test would fail."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = headers.pop("content_type", "text/plain")
    if key is not None:
        headers["Authorization"] = key
    return Client(raise_request_exception=True, enforce_csrf_checks=True).post(
        path, raw, content_type=kind, headers=headers
    )


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/batch/", "/v1/import"])
@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_batch_whatever_its_content_type(
    spool: Spool, path: str, content_type: str, packed: bool
) -> None:
    body = json.dumps({"batch": [TRACK, TRACK], "sentAt": "2026-01-01T00:00:00Z"}).encode()
    answer = post(path, gzip.compress(body) if packed else body, content_type=content_type)
    assert answer.status_code == 200
    assert answer.json() == {"success": True, "status": 1}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert spool.last.source_id == 7
    assert [json.loads(item) for item in spool.last.items] == [TRACK, TRACK]
    assert json.loads(spool.last.envelope) == {"sentAt": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    "path",
    [f"/v1/{name}" for name in ("track", "identify", "page", "screen", "group", "alias")]
    + [f"/v1/{letter}" for letter in "tipsga"],
)
def test_the_address_tells_the_type(spool: Spool, path: str) -> None:
    told = {"userId": "u1", "event": "X Done", "groupId": "g", "previousId": "p"}
    answer = post(path, told)
    assert answer.json() == {"success": True, "status": 1}
    kind = json.loads(spool.last.items[0])["type"]
    assert kind[0] == path[4]


def test_the_bytes_are_kept_as_they_are(spool: Spool) -> None:
    item = b'{"type":"track", "event":"X \\u0041", "userId":"u1","n":1.10,"n":2,"s":"\xe2\x82\xac"}'
    post("/v1/batch", b'{"batch":[' + item + b"]}")
    assert spool.last.items == [item]


@pytest.mark.parametrize(
    ("key", "path", "body"),
    [
        (basic(), "/v1/batch", {}),
        (basic(KEY), "/v1/batch", {}),
        (f"Basic {KEY}", "/v1/batch", {}),
        (f"Bearer {KEY}", "/v1/batch", {}),
        ("Bearer of-an-oauth-app", "/v1/batch", {"writeKey": KEY}),
        (None, "/v1/batch", {"writeKey": KEY}),
        (None, f"/beacon/v1/batch?writeKey={KEY}", {}),
    ],
)
def test_the_key_wherever_it_is(spool: Spool, key: str | None, path: str, body: Any) -> None:
    assert post(path, {"batch": [TRACK], **body}, key=key).status_code == 200
    assert KEY.encode() not in spool.last.envelope


@pytest.mark.parametrize(
    "key", [None, "", basic("wrong:"), "Basic ?", "Bearer", "Digest x", "Basic"]
)
def test_without_a_key_nothing_is_taken(spool: Spool, key: str | None) -> None:
    answer = post("/v1/batch", {"batch": [TRACK]}, key=key)
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_write_key"
    assert answer.json()["message"]
    assert not spool.frames


def test_good_events_are_taken_beside_bad_ones(spool: Spool) -> None:
    bad = [
        {**TRACK, "event": ""}, {"type": "trak", "userId": "u"}, 7, {**TRACK, "big": "x" * 40_000},
        {"type": "track", "event": "X", "messageId": "lost"}, {"type": "alias", "userId": "u"},
        {"type": "group", "userId": "u"},
    ]  # fmt: skip
    answer = post("/v1/batch", {"batch": [TRACK, *bad, TRACK]})
    assert answer.status_code == 200
    told = answer.json()["rejected"]
    assert [(one["index"], one["messageId"], one["code"]) for one in told] == [
        (1, "m1", "missing_event"), (2, None, "unknown_type"), (3, None, "not_an_object"),
        (4, "m1", "too_large"), (5, "lost", "missing_ids"), (6, None, "missing_ids"),
        (7, None, "missing_group"),
    ]  # fmt: skip
    assert all(one["message"] for one in told)
    assert len(spool.last.items) == 9


def test_a_mail_address_is_enough(spool: Spool) -> None:
    message = {"type": "identify", "traits": {"email": "a@b.cn"}}
    assert "rejected" not in post("/v1/batch", {"batch": [message]}).json()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"[1]", 400, "invalid_json"),
        (b'{"batch": 7}', 400, "invalid_json"),
        (b'{"batch": [{]}', 400, "invalid_json"),
        ("{}".encode("utf-16"), 400, "invalid_json"),
        (b'{"batch": ' + b"[" * 100_000, 400, "invalid_json"),
        (gzip.compress(b"{}", mtime=0)[:-6], 400, "invalid_gzip"),
        (b"\x1f\x8bnothing of the kind", 400, "invalid_gzip"),
        (gzip.compress(b" " * 50_000_000, mtime=0), 413, "too_large"),
        (b" " * 500_001, 413, "too_large"),
        (b'{"batch": [' + b"1," * 2_500 + b"1]}", 413, "too_many_events"),
    ],
)
def test_bodies_that_are_none(spool: Spool, body: bytes, status: int, code: str) -> None:
    answer = post("/v1/batch", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert not spool.frames


def test_rudderstack_sends_four_megabytes(spool: Spool) -> None:
    many = {"batch": [{**TRACK, "properties": {"x": "y" * 9_000}}] * 100}
    assert post("/v1/batch", many).status_code == 413
    agent = "rudderstack-python/2.1.9"
    assert post("/v1/batch", many, **{"User-Agent": agent}).status_code == 200
    huge = {"batch": [{**TRACK, "properties": {"x": "y" * 9_000}}] * 500}
    assert post("/v1/batch", huge, **{"User-Agent": agent}).status_code == 413


def test_an_empty_batch_is_no_fault(spool: Spool) -> None:
    assert post("/v1/batch", {"batch": []}).json() == {"success": True, "status": 1}
    assert not spool.frames


def test_a_full_spool_asks_for_patience(spool: Spool) -> None:
    spool.full = True
    answer = post("/v1/batch", {"batch": [TRACK]})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["code"] == "busy"


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/t", "/batch/", "/sa", "/flags/"])
def test_preflight(spool: Spool, path: str) -> None:
    asked = {"Origin": "https://shop.cn", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "authorization,content-type"}  # fmt: skip
    answer = Client().options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_other_methods_and_addresses(spool: Spool) -> None:
    answer = Client().get("/v1/batch")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert post("/v1/nothing", {}).json()["code"] == "not_found"


def test_what_browser_libraries_load_first(spool: Spool) -> None:
    settings = Client().get(f"/v1/projects/{KEY}/settings")
    segment = settings.json()["integrations"]["Segment.io"]
    assert (segment["apiKey"], segment["apiHost"]) == (KEY, "testserver/v1")
    assert Client().get("/v1/projects/wrong/settings").status_code == 401
    config = Client().get("/sourceConfig/?writeKey=" + KEY, headers={"Authorization": basic()})
    assert config.json()["source"]["enabled"] is True
    assert config.json()["source"]["destinations"] == []


# ------------------------------------------------------------------------ PostHog

CAPTURED = {"event": "X Done", "distinct_id": "u1", "properties": {}}


@pytest.mark.parametrize("path", ["/batch/", "/capture/", "/e/", "/i/v0/e/", "/batch", "/e/?ip=1"])
@pytest.mark.parametrize("shape", ["batch", "list", "one", "form", "gzip"])
def test_posthog(spool: Spool, path: str, shape: str) -> None:
    with_token = {**CAPTURED, "properties": {"token": KEY}}
    plain = json.dumps(with_token).encode()
    body: Any = {
        "batch": {"api_key": KEY, "batch": [CAPTURED], "sent_at": "2026-01-01T00:00:00Z"},
        "list": [with_token],
        "one": {**CAPTURED, "api_key": KEY},
        "form": urlencode({"data": base64.b64encode(plain).decode()}).encode(),
        "gzip": gzip.compress(plain),
    }[shape]
    answer = post(path, body, key=None)
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == 1
    assert spool.last.dialect == "posthog"
    assert json.loads(spool.last.items[0])["event"] == "X Done"


def test_posthog_without_a_key(spool: Spool) -> None:
    assert post("/e/", CAPTURED, key=None).status_code == 401


@pytest.mark.parametrize("path", ["/flags/?v=2", "/decide/?v=3", "/array/phc_x/config"])
def test_posthog_flags(spool: Spool, path: str) -> None:
    answer = Client().get(path) if "array" in path else post(path, {"token": "x"}, key=None)
    assert answer.status_code == 200
    assert answer.json()["featureFlags"] == {}


# ------------------------------------------------------------------------ 神策

SENT = {"type": "track", "event": "X", "distinct_id": "v1", "time": 1, "properties": {}}


@pytest.mark.parametrize("field", ["data", "data_list"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("escaped", [False, True])
def test_sensors(spool: Spool, field: str, packed: bool, escaped: bool) -> None:
    plain = json.dumps([SENT] * 3 if field == "data_list" else SENT).encode()
    text = base64.b64encode(gzip.compress(plain) if packed else plain).decode()
    body = urlencode({field: text, "gzip": 1}) if escaped else f"{field}={text}&gzip=1"
    answer = post(f"/sa?project=default&token={KEY}", body.encode(), key=None)
    assert answer.status_code == 200, answer.content
    assert spool.last.dialect == "sensors"
    assert len(spool.last.items) == (3 if field == "data_list" else 1)


def test_sensors_as_a_picture(spool: Spool) -> None:
    data = urlencode({"data": base64.b64encode(json.dumps(SENT).encode()).decode()})
    answer = Client().get(f"/sa.gif?project={KEY}&{data}")
    assert answer.headers["Content-Type"] == "image/gif"
    assert len(spool.frames) == 1


@pytest.mark.parametrize("body", [b"", b"data=", b"data=!!", b"data=H4sI", b"x=1", b"&" * 9_000])
def test_sensors_nonsense(spool: Spool, body: bytes) -> None:
    answer = post(f"/sa?token={KEY}", body, key=None)
    assert answer.status_code == 400
    assert answer.json()["code"] in {"invalid_json", "invalid_gzip"}
