"""Editing profiles: fields, conflicts, masking, history, as of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from tenure.definitions import load_pack
from tenure.derive.customers.operations.profiling import (
    FieldEdit,
    HiddenGroupError,
    ProfileConflictError,
    ProfileFieldError,
    edit_profile,
    reveal_group,
)
from tenure.derive.customers.queries.profile import field_history, profile_of
from tenure.derive.customers.queries.profile_scope import UnknownCustomerError
from tenure.guard.access.models import Account, Role
from tenure.guard.access.queries import ForbiddenError, actor_of
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tests.derive.company import TESTER, fresh_house, known
from tests.derive.steps import START

NOW = START + timedelta(days=10)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann(db: None) -> Iterator[int]:
    """A customer with a profile from a source."""
    with fresh_house():
        publish(load_pack("core"), note="profiles", by=TESTER, at=START)
        fields: dict[str, object] = {"full_name": "王安", "city": "杭州", "birth_year": 1990}
        tell(START, **fields)
        yield known(("phone", "13900001111"))


def tell(at: object, **fields: object) -> None:
    event = IncomingEvent(
        type="customer.profiled",
        occurred_at=at,  # type: ignore[arg-type]
        identifiers={"phone": "13900001111", "email": "an@example.com"},
        fields=fields,
    )
    [receipt] = record_events([event], source="shop", by=TESTER, at=NOW)
    assert receipt.status == "accepted"


def value(customer: int, key: str, **ask: object) -> object:
    entry = profile_of(customer, viewer=TESTER, **ask).field(key)  # type: ignore[arg-type]
    assert entry is not None
    return entry.value


def base(customer: int, key: str) -> int:
    entry = profile_of(customer, viewer=TESTER).field(key)
    assert entry is not None
    return entry.event_id


def edit(customer: int, after: timedelta = timedelta(0), **texts: str) -> int | None:
    edits = [FieldEdit(key, text, base(customer, key)) for key, text in texts.items()]
    return edit_profile(customer, edits, by=TESTER, at=NOW + after)


def test_a_profile_is_the_newest_value_of_every_field(ann: int) -> None:
    tell(START + timedelta(days=1), city="上海")
    tell(START - timedelta(days=1), city="北京", education="本科")
    assert value(ann, "city") == "上海"
    assert value(ann, "city", as_of=START) == "杭州"
    assert value(ann, "education") == "本科"
    assert value(ann, "full_name") == "王安"
    assert value(ann, "occupation") is None
    assert value(ann, "city", as_of=NOW, known_at=START) is None


def test_an_edit_records_only_what_changed(ann: int) -> None:
    assert edit(ann, city="杭州", birth_year="1990", full_name="王安") is None
    number = edit(ann, MINUTE, city="苏州", birth_year="1990")
    assert number == base(ann, "city") != base(ann, "birth_year")
    assert value(ann, "city") == "苏州"
    entry = AuditEntry.objects.get(action="customer.profiled")
    assert entry.detail == {"fields": ["city"]}


def test_a_field_can_be_emptied(ann: int) -> None:
    edit(ann, city="", birth_year=" ", full_name="")
    assert [value(ann, key) for key in ("city", "birth_year", "full_name")] == [None] * 3
    assert value(ann, "full_name", as_of=START) == "王安"
    edit(ann, MINUTE, full_name="王小安")
    assert value(ann, "full_name") == "王小安"
    told = [one.value for one in field_history(ann, "full_name", viewer=TESTER)]
    assert told == ["王小安", None, "王安"]


def test_values_that_do_not_fit_are_told_per_field(ann: int) -> None:
    with pytest.raises(ProfileFieldError) as refused:
        edit(ann, birth_year="soon", birth_date="1990-13-01", city="苏州")
    assert set(refused.value.problems) == {"birth_year", "birth_date"}
    assert value(ann, "city") == "杭州"
    with pytest.raises(ProfileFieldError, match="no field shoe_size"):
        edit_profile(ann, [FieldEdit("shoe_size", "43", 0)], by=TESTER, at=NOW)


def test_two_people_and_one_field_is_a_conflict(ann: int) -> None:
    seen = base(ann, "city")
    edit(ann, city="苏州")
    with pytest.raises(ProfileConflictError, match="changed by somebody else") as conflict:
        edit_profile(
            ann,
            [FieldEdit("city", "南京", seen), FieldEdit("occupation", "教师", 0)],
            by=TESTER,
            at=NOW + MINUTE,
        )
    [one] = conflict.value.conflicts
    assert (one.mine, one.current.value, one.original) == ("南京", "苏州", "杭州")
    assert value(ann, "occupation") is None
    again = [FieldEdit("city", "南京", one.current.event_id), FieldEdit("occupation", "教师", 0)]
    edit_profile(ann, again, by=TESTER, at=NOW + MINUTE)
    assert (value(ann, "city"), value(ann, "occupation")) == ("南京", "教师")


def test_two_people_and_two_fields_merge_silently(ann: int) -> None:
    city, year = base(ann, "city"), base(ann, "birth_year")
    both = [FieldEdit("city", "苏州", city), FieldEdit("birth_year", "1990", year)]
    edit_profile(ann, both, by=TESTER, at=NOW)
    both = [FieldEdit("city", "杭州", city), FieldEdit("birth_year", "1991", year)]
    edit_profile(ann, both, by=TESTER, at=NOW)
    assert (value(ann, "city"), value(ann, "birth_year")) == ("苏州", 1991)


def test_the_same_value_from_two_people_is_no_conflict(ann: int) -> None:
    seen = base(ann, "city")
    edit(ann, city="苏州")
    assert edit_profile(ann, [FieldEdit("city", "苏州", seen)], by=TESTER, at=NOW) is None


def test_whoever_comes_second_has_the_last_word_whatever_their_clock_says(ann: int) -> None:
    edit(ann, MINUTE, city="苏州")
    edit(ann, timedelta(0), city="南京")
    assert value(ann, "city", as_of=NOW + 2 * MINUTE) == "南京"


def test_money_and_yes_or_no_keep_their_type(ann: int) -> None:
    from tenure.definitions import Field
    from tenure.derive.customers.operations.profiling import _parsed

    assert _parsed(Field("income", "money"), " 12.50 ") == Decimal("12.5")
    assert _parsed(Field("vip", "boolean"), "是") is True
    assert _parsed(Field("born", "date", personal=True), "1990-01-02") == "1990-01-02"


def staff(reads: list[str], reveals: list[str], scope: str = "all") -> Account:
    role = Role.objects.create(
        key=f"r{scope}{len(reads)}",
        grants={"customer.view": scope, "customer.edit": scope},
        reads=reads,
        reveals=reveals,
    )
    account = Account.objects.create_user("lee@example.com", name="Lee", created_at=START)
    account.roles.add(role)
    return account


def test_personal_fields_are_masked_until_they_are_revealed(ann: int) -> None:
    viewer = actor_of(staff([], ["name"]))
    edit(ann, birth_date="1990-01-02")
    masked = profile_of(ann, viewer=viewer).field("full_name")
    assert masked is not None
    assert (masked.value, masked.hidden) == ("王*", True)
    groups = reveal_group(ann, "name", by=viewer, at=NOW)
    shown = profile_of(ann, viewer=viewer, revealing=groups).field("full_name")
    assert shown is not None
    assert (shown.value, shown.hidden) == ("王安", False)
    assert AuditEntry.objects.get(action="customer.revealed").detail == {"group": "name"}
    with pytest.raises(HiddenGroupError):
        reveal_group(ann, "identity", by=viewer, at=NOW)
    unasked = profile_of(ann, viewer=viewer, revealing=frozenset({"identity"})).field("birth_date")
    assert unasked is not None
    assert "1990" not in str(unasked.value)


def test_who_may_not_reach_a_customer_reads_and_writes_nothing(ann: int) -> None:
    viewer = actor_of(staff(["name"], [], scope="own"))
    with pytest.raises(UnknownCustomerError):
        profile_of(ann, viewer=viewer)
    with pytest.raises(UnknownCustomerError):
        edit_profile(ann, [FieldEdit("city", "x", 0)], by=viewer, at=NOW)
    Role.objects.update(grants={"customer.view": "all"})
    assert profile_of(ann, viewer=viewer).field("city") is not None
    with pytest.raises(ForbiddenError):
        edit_profile(ann, [FieldEdit("city", "x", 0)], by=viewer, at=NOW)
    with pytest.raises(UnknownCustomerError):
        profile_of(12345, viewer=TESTER)
