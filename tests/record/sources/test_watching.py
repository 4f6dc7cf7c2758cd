"""What is kept along with events: samples, unknown fields, minutes, totals, when a key was used."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tenure.clock import to_microseconds
from tenure.record.sources.arrived import Arrived, from_frame, to_frame
from tenure.record.sources.models import ArrivalMinute, UnknownField, WriteKey
from tenure.record.sources.operations import SourceError, keep_key, revoke_key, rotate_key
from tenure.record.sources.queries import (
    arrival_rates,
    events_arrived,
    sample_types,
    samples,
    source,
    source_of_key,
)
from tests.record.shop import NOW, TESTER
from tests.record.sources.arriving import load, message, request, shop_source, spool_in

pytestmark = pytest.mark.django_db(transaction=True)
AT = NOW + timedelta(seconds=5)


@pytest.fixture
def source_id() -> int:
    return shop_source()


def test_the_latest_events_of_each_type_are_known(tmp_path: Path, source_id: int) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(30))])
    load(tmp_path)
    spool.append([request(source_id, range(25, 35))])
    load(tmp_path)
    spool.close()
    assert sample_types(TESTER, source_id=source_id) == ["site.opened"]
    pages = [one.properties["page"] for one in samples(TESTER, source_id=source_id)]
    assert pages == [f"/{number}" for number in range(34, 14, -1)]
    assert samples(TESTER, source_id=source_id, type_key="other.type") == []


def test_unknown_fields_are_counted_for_their_source(tmp_path: Path, source_id: int) -> None:
    told = {
        "type": "track", "event": "Sale Made", "messageId": "o1", "userId": "u",
        "timestamp": NOW.isoformat(), "properties": {"sale_id": "7", "gift_wrap": "red"},
    }  # fmt: skip
    spool = spool_in(tmp_path)
    spool.append([request(source_id, [], items=[msgspec.json.encode(told)])])
    load(tmp_path)
    spool.append([request(source_id, [], items=[msgspec.json.encode({**told, "messageId": "o2"})])])
    load(tmp_path)
    spool.close()
    [row] = UnknownField.objects.filter(field="gift_wrap")
    assert (row.type, row.count) == ("sale.made", 2)
    assert row.event_id == samples(TESTER, source_id=source_id)[0].id


def test_sums_and_rates_follow_what_arrives(tmp_path: Path, source_id: int) -> None:
    spool = spool_in(tmp_path)
    spool.append([request(source_id, range(10))])
    load(tmp_path, AT)
    spool.append([request(source_id, range(5, 15))])
    load(tmp_path, AT + timedelta(minutes=30))
    assert events_arrived() == {"accepted": 15, "repeated": 5, "refused": 0}
    rate = arrival_rates(TESTER, at=AT + timedelta(minutes=31))[source_id]
    assert (rate.now, rate.hour) == (2.0, 20 / 60)
    spool.append([request(source_id, range(15, 16))])
    load(tmp_path, AT + timedelta(hours=9))
    spool.close()
    assert ArrivalMinute.objects.count() == 1


def test_when_a_key_was_used_is_known(tmp_path: Path, source_id: int) -> None:
    [key] = WriteKey.objects.all()
    moment = to_microseconds(NOW)
    spool = spool_in(tmp_path)
    for late in (60, 0):
        frame = Arrived(source_id, "segment", moment + late * 10**6, b"", [message(late)], key.id)
        spool.append([to_frame(frame)])
    load(tmp_path)
    spool.close()
    known = source(source_id, TESTER)
    assert known is not None
    assert known.keys[0].last_used_at == NOW + timedelta(seconds=60)


def test_a_frame_of_before_keys_were_told_is_read() -> None:
    old = msgspec.msgpack.encode([7, "segment", 1, b"", [b"{}"]])
    assert from_frame(old) == Arrived(7, "segment", 1, b"", [b"{}"], 0)


def test_a_key_is_revoked_without_a_new_one(source_id: int) -> None:
    key = rotate_key(source_id, grace=timedelta(0), by=TESTER, at=NOW)
    [number] = WriteKey.objects.filter(revoked_us=None).values_list("id", flat=True)
    late = timedelta(days=36_500)
    revoke_key(number, of=source_id, grace=late, by=TESTER, at=NOW)
    assert source_of_key(key) is not None
    keep_key(number, of=source_id, by=TESTER, at=NOW + timedelta(days=1))
    assert WriteKey.objects.get(id=number).revoked_us is None
    revoke_key(number, of=source_id, grace=timedelta(0), by=TESTER, at=NOW)
    assert source_of_key(key) is None
    for act in (keep_key, lambda n, **who: revoke_key(n, grace=late, **who)):
        with pytest.raises(SourceError):
            act(number, of=source_id, by=TESTER, at=NOW + timedelta(seconds=1))
    with pytest.raises(SourceError):
        revoke_key(number, of=source_id, grace=-late, by=TESTER, at=NOW)
    with pytest.raises(SourceError):
        keep_key(number, of=0, by=TESTER, at=NOW)
