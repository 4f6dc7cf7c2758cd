"""Whatever arrives, translation answers for every message and never fails."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tenure.record.events.operations import IncomingEvent
from tenure.record.sources.translating import Untranslatable
from tests.record.sources.speaking import told_raw

NAMES = st.sampled_from([
    "type", "event", "userId", "anonymousId", "groupId", "previousId", "messageId", "timestamp",
    "originalTimestamp", "sentAt", "traits", "properties", "context", "name", "category", "email",
    "phone", "address", "birthday", "products", "price", "quantity", "total", "currency", "page",
    "campaign", "device", "externalIds", "id", "distinct_id", "$set", "$set_once", "$unset", "uuid",
    "alias", "$group_key", "$group_set", "time", "original_id", "identities", "$identity_mobile",
    "lib", "tenure:x", "source", "$anon_distinct_id", "firstName", "exchange_rate", "url",
])  # fmt: skip
WORDS = st.sampled_from([
    "track", "identify", "page", "screen", "group", "alias", "Order Completed", "$identify",
    "$create_alias", "$pageview", "$groupidentify", "track_signup", "profile_set", "profile_unset",
    "item_set", "2025-05-01T08:00:00Z", "9999-12-31T23:59:59-12:00", "-1", "000", "\x00", "😀", "",
])  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), WORDS,
    st.text(max_size=20),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
MESSAGES = st.dictionaries(NAMES | st.text(max_size=8), VALUES, max_size=12)
DIALECTS = st.sampled_from(["segment", "posthog", "sensors", "unheard"])


def as_bytes(value: object) -> bytes:
    import json

    return json.dumps(value).replace("Infinity", "1e999").encode()


@given(DIALECTS, st.lists(MESSAGES | VALUES, max_size=3), VALUES)
def test_any_json_is_answered(dialect: str, items: list[Any], envelope: Any) -> None:
    raw = [as_bytes(item) for item in items]
    found = told_raw(dialect, *raw, envelope=as_bytes(envelope))
    assert len(found) >= len(items)
    for event in found:
        if isinstance(event, Untranslatable):
            assert event.item in raw
            assert event.reasons
        else:
            assert isinstance(event, IncomingEvent)
            assert event.occurred_at.tzinfo
            assert all(values for values in event.identifiers.values())


@given(DIALECTS, st.lists(st.binary(max_size=60), max_size=3), st.binary(max_size=20))
def test_any_bytes_are_answered(dialect: str, items: list[bytes], envelope: bytes) -> None:
    assert len(told_raw(dialect, *items, envelope=envelope)) == len(items)


@given(DIALECTS, MESSAGES)
def test_the_same_message_is_the_same_event(dialect: str, item: Any) -> None:
    raw = as_bytes(item)
    assert told_raw(dialect, raw) == told_raw(dialect, raw)


@given(st.sampled_from(["segment", "posthog", "sensors"]), MESSAGES)
def test_in_a_batch_as_alone(dialect: str, item: Any) -> None:
    raw = as_bytes(item)
    other = msgspec.json.encode(
        {"type": "track", "event": "X Done", "userId": "u", "distinct_id": "u"}
    )
    assert told_raw(dialect, raw, other) == told_raw(dialect, raw) + told_raw(dialect, other)
