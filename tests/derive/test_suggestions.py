"""Suggestions over a small company: found, accepted, taken back, declined for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from tenure.derive.customers.models import Suggestion
from tenure.derive.customers.operations import (
    accept_suggestions,
    decline_suggestion,
    refresh_suggestions,
    undo_action,
)
from tenure.derive.customers.operations.suggesting import reopen_suggestion, take_back_word
from tenure.derive.customers.queries import customer_of
from tenure.derive.customers.queries.identity_log import WordAsked, words_said
from tenure.derive.customers.queries.suggestions import (
    suggestion_count,
    suggestion_ids,
    suggestion_runs,
    suggestions,
)
from tenure.derive.lifecycles.operations import tick
from tenure.guard.access.queries import ForbiddenError, actor_of
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import find_identifiers
from tenure.words import TenureError
from tests.derive.company import TESTER
from tests.derive.staff import START, account, shop

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡", "伟芳娜敏静丽强磊军洋"
ROADS = ("建国路", "人民路", "中山大道", "解放街", "和平里", "长安街", "南京路", "文化巷")
CITIES = ("北京", "上海", "广州", "成都", "西安")
AT = START + timedelta(days=3)


@pytest.fixture
def pairs(db: None) -> Iterator[list[tuple[int, int]]]:
    with shop():
        yield _people()


def _people() -> list[tuple[int, int]]:
    random = Random(4)
    events = []
    for number in range(150):
        name = random.choice(SURNAMES) + random.choice(GIVEN) + random.choice(GIVEN)
        facts = {
            "full_name": name,
            "city": random.choice(CITIES),
            "birth_date": str(date(1950, 1, 1) + timedelta(days=random.randrange(20_000))),
            "address": f"{random.choice(ROADS)}{random.randrange(1, 900)}号",
        }
        events += [
            IncomingEvent(
                "customer.profiled",
                START + timedelta(minutes=number),
                {"member_no": f"M{number:03d}{'ab'[copy]}"},
                {**facts, "full_name": name + ("先生" if copy else "")},
                f"p{number}-{copy}",
            )
            for copy in range(2 if number < 30 else 1)
        ]
    record_events(events, source="crm", by=TESTER, at=START + timedelta(days=1))
    tick(at=START + timedelta(days=2))

    def of(value: str) -> int:
        return customer_of(find_identifiers(value)[0].id)

    return [(of(f"M{number:03d}a"), of(f"M{number:03d}b")) for number in range(30)]


def test_found_and_explained(pairs: list[tuple[int, int]]) -> None:
    assert refresh_suggestions("person", at=AT) == len(pairs)
    found = suggestions(viewer=TESTER, limit=100)
    assert {(one.left_id, one.right_id) for one in found} == {(min(p), max(p)) for p in pairs}
    told = {one.field: one.level for one in found[0].evidence}
    assert told["name"] == told["birth_date"] == "same"
    [run] = suggestion_runs()
    assert run.compared == 180
    assert run.threshold.explained().zh.startswith("列出概率")


def test_accepting_many_is_taken_back_exactly(pairs: list[tuple[int, int]]) -> None:
    refresh_suggestions("person", at=AT)
    numbers = suggestion_ids(viewer=TESTER, least=0.5, limit=200)
    done = accept_suggestions(numbers, by=TESTER, at=AT)
    assert done.changed == len(pairs)
    assert done.action_id is not None
    tick(at=AT + timedelta(minutes=1))
    assert all(customer_of(left) == customer_of(right) for left, right in pairs)
    undo_action(done.action_id, by=TESTER, at=AT + timedelta(minutes=2))
    tick(at=AT + timedelta(minutes=3))
    assert [(customer_of(a), customer_of(b)) for a, b in pairs] == pairs
    assert suggestion_count(viewer=TESTER) == len(pairs)
    assert refresh_suggestions("person", at=AT + timedelta(minutes=4)) == len(pairs)


def test_declined_is_never_asked_again_even_when_all_is_forgotten(
    pairs: list[tuple[int, int]],
) -> None:
    refresh_suggestions("person", at=AT)
    first = suggestions(viewer=TESTER)[0]
    decline_suggestion(first.id, by=TESTER, at=AT)
    assert suggestion_count(viewer=TESTER) == len(pairs) - 1
    Suggestion.objects.all().delete()
    assert refresh_suggestions("person", at=AT + timedelta(hours=1)) == len(pairs) - 1
    again = {(one.left_id, one.right_id) for one in suggestions(viewer=TESTER)}
    assert (first.left_id, first.right_id) not in again


def test_out_of_reach_is_neither_seen_nor_decided(pairs: list[tuple[int, int]]) -> None:

    refresh_suggestions("person", at=AT)
    seller = actor_of(account("own@example.com", {"customer.view": "all", "customer.merge": "own"}))
    assert suggestions(viewer=seller) == []
    number = suggestion_ids(viewer=TESTER, least=0.5, limit=1)
    with pytest.raises(ForbiddenError):
        accept_suggestions(number, by=seller, at=AT)


def test_a_declined_pair_is_taken_back_and_suggested_again(pairs: list[tuple[int, int]]) -> None:
    refresh_suggestions("person", at=AT)
    first = suggestions(viewer=TESTER)[0]
    decline_suggestion(first.id, by=TESTER, at=AT)
    said, older = words_said(WordAsked(kind="apart"), viewer=TESTER)
    assert [(one.left, one.right, one.stands) for one in said] == [
        (first.left_id, first.right_id, True)
    ]
    assert older is None
    assert said[0].said.by == TESTER.key
    reopen_suggestion(first.id, by=TESTER, at=AT + timedelta(minutes=1))
    assert suggestion_count(viewer=TESTER) == len(pairs)
    assert [one.stands for one in words_said(WordAsked(kind="apart"), viewer=TESTER)[0]] == [False]
    with pytest.raises(TenureError):
        take_back_word(said[0].said.event_id, by=TESTER, at=AT + timedelta(minutes=2))
    Suggestion.objects.all().delete()  # found anew from the log alone
    assert refresh_suggestions("person", at=AT + timedelta(hours=1)) == len(pairs)
