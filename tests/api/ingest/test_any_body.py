"""Any bytes at any address of events: an answer in JSON, never a fault, never much memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.record.sources.translating import translate
from tests.api.ingest.test_door import KEY, Spool, basic, post, spool
from tests.laws.test_translating import MESSAGES, VALUES, as_bytes
from tests.record.sources.speaking import SHOP, library

__all__ = ["spool"]

PATHS = st.sampled_from([
    "/v1/batch", "/v1/t", "/v1/i", "/v1/alias", "/beacon/v1/batch", "/batch/", "/e/", "/i/v0/e/",
    f"/sa?token={KEY}",
])  # fmt: skip
SHAPES = st.one_of(
    VALUES,
    MESSAGES,
    st.builds(
        lambda items, rest: {**rest, "batch": items},
        st.lists(MESSAGES | VALUES, max_size=4),
        MESSAGES,
    ),
)  # fmt: skip
BODIES = st.one_of(st.binary(max_size=80), SHAPES.map(as_bytes))


def spoiled(body: bytes, how: str, place: float) -> bytes:
    at = int(len(body) * place)
    return {
        "whole": body,
        "gzip": gzip.compress(body),
        "cut": body[:at],
        "cut gzip": gzip.compress(body)[:at],
        "twice": gzip.compress(body) * 2,
        "nul": body[:at] + b"\x00" + body[at:],
        "byte": body[:at] + b"\xff" + body[at + 1 :],
        "utf-16": body.decode("latin-1").encode("utf-16"),
        "form": b"data=" + body,
        "bom": b"\xef\xbb\xbf" + body,
    }[how]


HOW = st.sampled_from(
    ["whole", "gzip", "cut", "cut gzip", "twice", "nul", "byte", "utf-16", "form", "bom"]
)


@settings(max_examples=300, deadline=None)
@given(path=PATHS, body=BODIES, how=HOW, place=st.floats(0, 1))
def test_any_body_is_answered(path: str, body: bytes, how: str, place: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = doors(patch)
        answer = post(path, spoiled(body, how, place))
        assert answer.status_code in {200, 400, 413}, answer.content
        told = json.loads(answer.content)
        assert told.get("success") or (told["code"] and told["message"])
        for frame in found.frames:
            assert len(translate(frame, SHOP, library())) >= len(frame.items)  # type: ignore[arg-type]


def doors(patch: pytest.MonkeyPatch) -> Spool:
    from tenure.api.ingest import keys, receiving

    found = Spool()
    patch.setattr(receiving, "house_spool", lambda: found)
    patch.setattr(
        keys,
        "source_of_key",
        lambda key: SimpleNamespace(id=1, key="shop", kind="sdk", key_id=0) if key == KEY else None,
    )
    return found


BOMBS: dict[str, Any] = {
    "gzip": gzip.compress(b" " * 300_000_000, 9),
    "gzip in gzip": gzip.compress(gzip.compress(b" " * 300_000_000, 9)),
    "many members": gzip.compress(b" " * 400_000) * 200,
    "deep": b'{"batch":[' + b'{"a":' * 80_000,
    "deep item": b'{"batch":[' + b"[" * 5_000 + b"]" * 5_000 + b"]}",
    "long number": b'{"batch":[{"type":"track","event":"e","userId":' + b"9" * 30_000 + b"}]}",
    "huge number": b'{"batch":[{"type":"track","event":"e","userId":"u","n":1e99999999}]}',
    "many keys": b'{"batch":[{' + b",".join(b'"a":1' for _ in range(80_000)) + b"}]}",
    "many events": b'{"batch":[' + b",".join([b"{}"] * 160_000) + b"]}",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_memory_and_time_are_bounded(spool: Spool, bomb: str) -> None:
    body = BOMBS[bomb]
    tracemalloc.start()
    try:
        answer = post("/v1/batch", body, key=basic())
        largest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code in {200, 400, 413}
    assert largest < len(body) + 40_000_000
    for frame in spool.frames:
        translate(msgspec.convert(frame, type(frame)), SHOP, library())  # type: ignore[arg-type]
