"""Webhooks: at least once whatever fails, nothing unasked for, and a signature that means it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.operations import Wanted, change_endpoint, send_again, switch_endpoint_on
from tenure.act.webhooks.operations.posting import Answer
from tenure.act.webhooks.operations.signing import new_secret, signed_headers
from tests.act.webhooks.receiving import (
    Clock,
    Killed,
    Pretended,
    endpoint_for,
    verify,
    work,
)
from tests.record.shop import NOW, TESTER, open_shop, sale, tell

TYPES = ("sale.made", "site.opened")
PERSONAL = "李雷的收货人"
answers = st.sampled_from([
    Answer(200), Answer(204), Answer(500), Answer(503, retry_after="30"), Answer(429), Answer(404),
    Answer(410), Answer(302), Answer(None, "timeout"), Answer(None, "unreachable"), Killed,
])  # fmt: skip
steps = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.sampled_from(TYPES)),
        st.tuples(st.just("work"), st.lists(answers, max_size=4)),
        st.tuples(st.just("wait"), st.integers(1, 200_000)),
        st.tuples(st.just("add"), st.sampled_from([(TYPES[0],), (TYPES[1],), TYPES, ()])),
        st.tuples(st.just("choose"), st.sampled_from([(TYPES[0],), TYPES])),
    ),
    max_size=14,
)


class World:
    """Some endpoints, a log, a network that fails; and what each endpoint is owed."""

    def __init__(self) -> None:
        open_shop()
        self.clock = Clock()
        self.network: dict[str, Pretended] = {}
        self.owed: dict[int, dict[int, str]] = {}
        self.chosen: dict[int, set[str]] = {}
        self.ever: dict[int, set[str]] = {}
        self.secrets: dict[int, str] = {}
        self.count = 0

    def add(self, types: tuple[str, ...]) -> None:
        url = f"https://r{len(self.owed)}.example.com/"
        number, secret = endpoint_for(*types, at=self.clock(), url=url)
        self.network[url] = Pretended()
        self.owed[number], self.secrets[number] = {}, secret
        self.chosen[number] = set(types or TYPES)
        self.ever[number] = set(self.chosen[number])

    def tell(self, type_: str) -> None:
        self.count += 1
        fields: dict[str, Any] = {"page": "/", "sale_id": None, "amount": None}
        if type_ == "sale.made":
            fields = {"receiver": PERSONAL}
        made = sale(self.count, type=type_, fields=fields)
        [receipt] = tell(made, at=self.clock())
        assert receipt.event_id is not None
        for number, types in self.chosen.items():
            if type_ in types:
                self.owed[number][receipt.event_id] = type_

    def choose(self, types: tuple[str, ...]) -> None:
        for number in list(self.chosen)[:1]:
            change_endpoint(number, Wanted(types=types, every_type=False), by=TESTER, at=NOW)
            self.chosen[number] = set(types)
            self.ever[number] |= set(types)
            kept = self.owed[number].items()
            self.owed[number] = {event: kind for event, kind in kept if kind in types}

    def work(self, planned: list[Any]) -> None:
        for network in self.network.values():
            network.answers = list(planned)
        for _ in range(len(self.network) + 1):
            try:
                work(self.clock, self._send)  # type: ignore[arg-type]
            except Killed:
                continue

    def end(self) -> None:
        """Everything works again, and people switch on and send again what was given up."""
        for number, reason in Endpoint.objects.values_list("id", "off_reason"):
            if reason:
                switch_endpoint_on(number, by=TESTER, at=self.clock())
        for number in self.owed:
            send_again(number, by=TESTER, at=self.clock())
        for _ in range(3):
            self.clock.pass_(timedelta(days=2))
            self.work([])
        assert not Delivery.objects.filter(status="pending").exists()

    def _send(self, url: str, body: bytes, headers: Any) -> Answer:
        return self.network[url](url, body, headers)


class WebhookLaws(TestCase):
    @override_settings(TENURE_WEBHOOK_ALLOW=[])
    @settings(max_examples=60, deadline=None)
    @given(steps=steps)
    def test_at_least_once_and_nothing_else(self, steps: list[tuple[str, Any]]) -> None:
        world = World()
        world.add(("sale.made",))
        for word, what in steps:
            if word == "wait":
                world.clock.pass_(timedelta(seconds=what))
            else:
                getattr(world, word)(what)
        world.end()
        networks = list(world.network.values())
        for network, number in zip(networks, world.owed, strict=True):
            taken = {int(got.said["id"]): got.id for got in network.taken}
            assert set(world.owed[number]) <= set(taken)
            ids = {(int(got.said["id"]), got.id) for got in network.got}
            assert len(ids) == len({event for event, _ in ids}) == len({name for _, name in ids})
            for got in network.got:
                assert got.said["type"] in world.ever[number]
                assert PERSONAL not in got.body.decode()
                moment = int(got.headers["webhook-timestamp"])
                assert verify(world.secrets[number], got.headers, got.body, now=moment)


@given(
    body=st.binary(max_size=200),
    name=st.from_regex(r"msg_[0-9a-f]{32}", fullmatch=True),
    place=st.integers(0, 10_000),
    bit=st.integers(0, 7),
)
def test_a_signature_holds_for_these_bytes_only(
    body: bytes, name: str, place: int, bit: int
) -> None:
    secret, other = new_secret(), new_secret()
    now = NOW.timestamp()
    headers = signed_headers(name, body, [other, secret], at=NOW)
    assert verify(secret, headers, body, now=now)
    assert verify(other, headers, body, now=now)
    assert not verify(new_secret(), headers, body, now=now)
    assert not verify(secret, headers, body, now=now + 301)
    assert not verify(secret, headers, body + b"x", now=now)
    if body:
        spoilt = bytearray(body)
        spoilt[place % len(body)] ^= 1 << bit
        assert not verify(secret, headers, bytes(spoilt), now=now)
    moved = {**headers, "webhook-id": name[:-1] + ("0" if name[-1] != "0" else "1")}
    assert not verify(secret, moved, body, now=now)
    later = {**headers, "webhook-timestamp": str(int(now) + 1)}
    assert not verify(secret, later, body, now=now)
