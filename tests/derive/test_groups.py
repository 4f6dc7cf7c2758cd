"""A group call: the organisation is a customer with a profile, related to its person, both ways."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tenure.clock import to_microseconds
from tenure.definitions import load_pack
from tenure.derive.customers.operations.relating import unrelate_customers
from tenure.derive.customers.queries.profile import profile_of
from tenure.derive.customers.queries.profile_log import RELATIONS, customer_log
from tenure.derive.customers.queries.relations import relations_in
from tenure.record.library.operations import publish
from tenure.record.sources.arrived import Arrived, to_frame
from tenure.record.sources.operations import add_source
from tests.derive.company import TESTER, known
from tests.record.shop import NOW
from tests.record.sources.arriving import load, spool_in

pytestmark = pytest.mark.django_db

SEGMENT = {
    "type": "group", "messageId": "g1", "userId": "u1", "anonymousId": "v1", "groupId": "acme",
    "timestamp": NOW.isoformat(), "traits": {"name": "Acme Ltd", "industry": "Tools"},
}  # fmt: skip
POSTHOG = {
    "event": "$groupidentify", "distinct_id": "u1", "uuid": "g2", "timestamp": NOW.isoformat(),
    "properties": {"$group_type": "company", "$group_key": "acme",
                   "$group_set": {"name": "Acme Ltd", "industry": "Tools"}},
}  # fmt: skip


def send(folder: Path, source_id: int, dialect: str, *told: dict[str, Any]) -> None:
    spool = spool_in(folder)
    items = [msgspec.json.encode(one) for one in told]
    spool.append([to_frame(Arrived(source_id, dialect, to_microseconds(NOW), b"", items))])
    assert load(folder, NOW + timedelta(seconds=5)).refused == 0
    spool.close()


def related(number: int) -> list[tuple[str, int]]:
    found = relations_in(customer_log(number, types=RELATIONS))
    return [(one.kind.key, one.other_id) for one in found]


@pytest.mark.parametrize(("dialect", "message"), [("segment", SEGMENT), ("posthog", POSTHOG)])
def test_a_group_is_related_to_its_person(
    tmp_path: Path, dialect: str, message: dict[str, Any]
) -> None:
    publish(load_pack("core"), note="t", by=TESTER, at=NOW - timedelta(days=1))
    source = add_source("web", name="Web", kind="sdk", by=TESTER, at=NOW).source_id
    send(tmp_path, source, dialect, message, {**message, "messageId": "g3", "uuid": "g4"})
    person, company = known(("app_user_id", "u1")), known(("account_no", "acme"))
    assert person != company
    assert related(person) == [("company", company)]
    assert related(company) == [("contact", person)]
    industry = profile_of(company, viewer=TESTER).field("industry")
    assert industry is not None
    assert industry.value == "Tools"
    at = NOW + timedelta(hours=1)
    unrelate_customers(person, company, "company", by=TESTER, at=at)
    assert related(person) == related(company) == []
