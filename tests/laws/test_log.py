"""What must hold of the log whatever is sent to it, in whatever order, however often."""

from __future__ import annotations

import copy
import random
import string
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from hypothesis import given, note, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tenure.clock import to_microseconds
from tenure.record.events.models import (
    LIVE,
    DeadLetter,
    Event,
    Identifier,
    Link,
    Oddity,
    Retelling,
    UndoneBatch,
)
from tenure.record.events.operations import IncomingEvent, record_events, undo_batch
from tenure.record.vault.models import VaultEntry
from tenure.record.vault.queries import reveal
from tests.record.shop import NOW, TESTER, open_shop

LATER = NOW + timedelta(hours=1)
EARLIEST = datetime(2024, 1, 1)  # noqa: DTZ001  Hypothesis wants it so
LATEST = datetime(2026, 3, 10)  # noqa: DTZ001
Rows = list[tuple[Any, ...]]

texts = st.text(max_size=12)
numbers = st.integers(-(2**70), 2**70) | st.floats() | st.decimals(allow_nan=False, places=5)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
good_fields = st.fixed_dictionaries(
    {"sale_id": st.sampled_from(["S1", "S2"])},
    optional={
        "amount": st.decimals(-10_000, 10_000, places=4).map(str) | st.integers(-9, 9),
        "channel": st.sampled_from(["web", "store"]),
        "pieces": st.integers(0, 9) | st.sampled_from(["7", " 8 "]),
        "gift": st.booleans(),
        "receiver": st.sampled_from(["李雷", "Han Meimei"]),
    },
)
any_fields = st.dictionaries(
    st.sampled_from(["sale_id", "amount", "channel", "pieces", "deliver_on", "colour"]) | texts,
    anything,
    max_size=4,
)
identifiers = st.dictionaries(
    st.sampled_from(["customer_id", "member_no", "phone", "email", "cookie", "odd"]),
    st.sampled_from(["1", "2", "13700000001", "+86 137-0000-0002", "a@b.cn", "null", "无"]) | texts,
    max_size=3,
)
people = st.fixed_dictionaries(
    {"customer_id": st.sampled_from(["1", "2"])},
    optional={
        "phone": st.sampled_from(["13700000001", "+86 137-0000-0002", "1", "null"]),
        "email": st.sampled_from(["a@b.cn", "A@B.CN ", "a at b"]),
        "cookie": st.sampled_from(["k1", "k2"]),
    },
)
moments = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
good_events = st.builds(
    IncomingEvent,
    type=st.sampled_from(["sale.made", "site.opened", "parrot.bought"]),
    occurred_at=moments.filter(lambda moment: moment <= NOW),
    identifiers=people,
    fields=good_fields,
)
any_events = good_events | st.builds(
    IncomingEvent,
    type=st.just("sale.made") | texts,
    occurred_at=moments | st.datetimes(EARLIEST, LATEST),
    identifiers=identifiers,
    fields=any_fields,
    currency=st.none() | st.sampled_from(["CNY", "USD", "?"]),
    exchange_rate=st.none() | st.just(Decimal("7.1")),
)


@st.composite
def batches(draw: st.DrawFn, events: st.SearchStrategy[IncomingEvent] = any_events) -> Any:
    """Events with keys of their own or none, some of them sent more than once."""
    sent = draw(st.lists(events, min_size=1, max_size=8))
    for number, event in enumerate(sent):
        event.key = draw(st.sampled_from([None, f"key {number}"]))
    twins = draw(st.lists(st.sampled_from(sent), max_size=4))
    return draw(st.permutations(sent + [copy.deepcopy(twin) for twin in twins]))


@st.composite
def overlapping(draw: st.DrawFn) -> list[tuple[int | None, list[IncomingEvent]]]:
    """Calls with the number of their import; they share events, some said differently."""
    pool = draw(st.lists(good_events, min_size=1, max_size=4))
    sent = []
    for batch_id in draw(st.lists(st.sampled_from([None, 1, 2, 3]), max_size=6)):
        told = copy.deepcopy(draw(st.lists(st.sampled_from(list(enumerate(pool))), max_size=4)))
        for number, event in told:
            event.key = draw(st.sampled_from([None, f"key {number}"]))
            if event.key is not None and draw(st.booleans()):
                event.fields = draw(good_fields)
                event.identifiers = draw(people)
        sent.append((batch_id, [event for _, event in told]))
    return sent


def record(events: list[IncomingEvent], **options: Any) -> list[Any]:
    return record_events(events, **{"source": "till", "by": TESTER, "at": NOW, **options})


def content(*, counts: bool = True) -> dict[str, Rows]:
    """All that the log says, without numbers of rows and without the second clock."""
    keys = dict(Event.objects.values_list("id", "key"))
    letters = dict(DeadLetter.objects.values_list("id", "digest"))
    names: dict[str, dict[int, Any]] = {"event": keys, "dead_letter": letters}
    secrets = [
        (
            row.holder,
            bytes(names.get(row.holder, {}).get(row.holder_id, b"")),
            row.field,
            row.subject_id,
            reveal(row.holder, [row.holder_id])[row.holder_id][row.field],
        )
        for row in VaultEntry.objects.all()
    ]
    oddities = Oddity.objects.values_list("kind", "type", "detail", "count")
    return {
        "events": told(Event, "key source type identifier_id occurred_us local_date amount_e4 "
                       "currency batch_id recorded_by properties"),
        "identifiers": told(Identifier, "id type digest value"),
        "links": told(Link, "left_id right_id batch_id occurred_us"),
        "refused": told(DeadLetter, "digest source type reasons status"),
        "secrets": sorted(secrets, key=repr),
        "oddities": sorted(oddities) if counts else [],
    }  # fmt: skip


def told(model: Any, columns: str) -> Rows:
    rows = model.objects.values_list(*columns.split())
    plain = [tuple(bytes(c) if isinstance(c, memoryview) else c for c in row) for row in rows]
    return sorted(plain, key=repr)


def cells() -> str:
    """Everything in every table, as text."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [
                    bytes(cell).decode("latin-1")
                    if isinstance(cell, (bytes, memoryview))
                    else str(cell)
                    for cell in row
                ]
    return "\n".join(found)


class LogLaws(TestCase):
    """One database transaction per example, undone after it."""

    @classmethod
    def setUpTestData(cls) -> None:
        open_shop()

    @given(batches())
    @settings(max_examples=80)
    def test_recording_twice_is_recording_once(self, sent: list[IncomingEvent]) -> None:
        first = record(sent)
        once = content()
        again = record(sent, at=LATER)
        assert content() == once
        for before, after in zip(first, again, strict=True):
            assert after.event_id == before.event_id
            assert after.status == ("refused" if before.status == "refused" else "repeated")

    @given(batches(), st.randoms(use_true_random=False), st.integers(1, 5))
    @settings(max_examples=80)
    def test_the_order_of_arrival_changes_nothing(
        self, sent: list[IncomingEvent], dice: random.Random, size: int
    ) -> None:
        record(sent)
        in_order = content()
        self.empty()
        dice.shuffle(sent)
        for start in range(0, len(sent), size):
            record(sent[start : start + size], at=NOW + timedelta(seconds=start))
        assert content() == in_order

    @given(batches())
    @settings(max_examples=80)
    def test_receipts_add_up(self, sent: list[IncomingEvent]) -> None:
        receipts = record(sent)
        assert len(receipts) == len(sent)
        accepted = [receipt.event_id for receipt in receipts if receipt.status == "accepted"]
        assert sorted(accepted) == sorted(Event.objects.values_list("id", flat=True))
        assert accepted == sorted(accepted)
        for event, receipt in zip(sent, receipts, strict=True):
            assert (receipt.status == "refused") == (receipt.event_id is None)
            assert (receipt.status == "refused") == bool(receipt.reasons)
            if receipt.event_id is not None:
                row = Event.objects.get(id=receipt.event_id)
                assert row.occurred_us == to_microseconds(event.occurred_at)
                assert row.type == event.type
        refused = sum(receipt.status == "refused" for receipt in receipts)
        assert DeadLetter.objects.count() <= refused
        assert DeadLetter.objects.exists() == (refused > 0)

    @given(batches(good_events), batches(good_events))
    @settings(max_examples=60)
    def test_an_undone_import_comes_again_whole(
        self, before: list[IncomingEvent], file: list[IncomingEvent]
    ) -> None:
        record(before, source="other")
        record(file, batch_id=1)
        wanted = self.in_force()
        undo_batch(1, reason="wrong", by=TESTER, at=LATER)
        assert [row for row in self.in_force() if row[0] == "till"] == []
        record(file, batch_id=2, at=LATER)
        assert self.in_force() == wanted

    @given(
        overlapping(),
        st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, 6)), max_size=3),
    )
    @settings(max_examples=100)
    def test_what_counts_is_what_the_standing_imports_told(
        self,
        told_in: list[tuple[int | None, list[IncomingEvent]]],
        undoing: list[tuple[int, int]],
    ) -> None:
        """Imports overlap, also with events under one key that say different things."""
        turn_of = {batch: min(turn, len(told_in)) for batch, turn in undoing}
        for turn in range(len(told_in) + 1):
            for batch in sorted(b for b, when in turn_of.items() if when == turn):
                undo_batch(batch, reason="wrong", by=TESTER, at=LATER)
            if turn < len(told_in) and turn < turn_of.get(told_in[turn][0] or 0, 9):
                record(told_in[turn][1], batch_id=told_in[turn][0])
        after_undoing = self.in_force(), self.personal_in_force()
        self.empty()
        for batch_id, sent in told_in:
            if batch_id not in turn_of:
                record(sent, batch_id=batch_id)
        assert (self.in_force(), self.personal_in_force()) == after_undoing

    @given(
        st.lists(
            st.tuples(
                st.text(string.ascii_letters, min_size=12, max_size=16).map("Zq{}".format),
                st.booleans(),
            ),
            min_size=1,
            max_size=4,
        )
    )
    @settings(max_examples=40)
    def test_personal_text_is_in_no_table(self, people: list[tuple[str, bool]]) -> None:
        personal: list[str] = []
        sent = []
        for number, (word, broken) in enumerate(people):
            phone = f"1379{sum(map(ord, word)):07d}"
            personal += [word, phone, f"{word}@example.com".lower()]
            sent.append(
                IncomingEvent(
                    "sale.made",
                    NOW,
                    {"phone": phone, "email": f"{word}@Example.com", "cookie": f"c{word}"},
                    {"sale_id": "S", "receiver": word, "amount": "x" if broken else "1"},
                    key=f"{word} {number}",
                )
            )
            sent.append(IncomingEvent("sale.made", NOW, {"email": f"at {word}"}, {"sale_id": "S"}))
            sent.append(IncomingEvent("sale.made", NOW, {"passport": word}, {"sale_id": "S"}))
        record(sent)
        everything = cells().lower()
        for text in personal:
            note(text)
            assert text.lower() not in everything

    def empty(self) -> None:
        tables = (Event, Identifier, Link, DeadLetter, Oddity, VaultEntry, Retelling, UndoneBatch)
        for model in tables:
            model.objects.all().delete()

    def in_force(self) -> Rows:
        """What counts: no undone import, without numbers of imports and keys that follow them."""
        undone = UndoneBatch.objects.values_list("batch_id", flat=True)
        columns = ("source", "type", "identifier_id", "occurred_us", "amount_e4", "properties")
        rows = Event.objects.exclude(source="tenure").exclude(batch_id__in=undone)
        events = list(rows.values_list(*columns))
        pairs = Link.objects.exclude(batch_id__in=undone).exclude(batch_id=LIVE)
        links = [("till", *pair) for pair in pairs.values_list("left_id", "right_id")]
        return sorted([*events, *links], key=repr)

    def personal_in_force(self) -> Rows:
        """The personal fields of the events that count, and the pairs linked whatever by."""
        undone = UndoneBatch.objects.values_list("batch_id", flat=True)
        rows = Event.objects.exclude(source="tenure").exclude(batch_id__in=undone)
        told_of = dict(rows.values_list("id", "properties"))
        secrets = reveal("event", list(told_of))
        pairs = Link.objects.exclude(batch_id__in=undone).values_list("left_id", "right_id")
        said = [(told_of[number], sorted(fields.items())) for number, fields in secrets.items()]
        return sorted([*said, *set(pairs)], key=repr)
