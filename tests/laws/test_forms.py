"""Laws of forms: nothing sent is lost, doubled or a fault; the first touch stays first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.derive.lifecycles.queries.biography import trends
from tenure.record.events.models import DeadLetter, Event
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import find_identifiers
from tenure.record.forms.models import Submission
from tests.web.forms import GOOD, load, open_forms, publish_form, send, token

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
ANSWERED = {303, 400, 409, 413, 422, 429}
fields = st.sampled_from([
    *(f"a-{key}" for key in ("full_name", "phone", "email", "remark", "birth_date", "gender")),
    *("consent-0", "consent-1", "token", "website", "proof", "utm_source", "referrer", "landing"),
    *("visitor", "gclid", "ref", "a-birth_year"),
])  # fmt: skip
odd = st.sampled_from(
    ["", "\0", "\u202e", "💐" * 300, "http://[", "=HYPERLINK()", "1" * 400, "-1e999"]
)
numbers = count(1)


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> Path:
    open_forms(tmp_path, settings)
    publish_form("hourly_limit: 999999\nregistration: true")
    return tmp_path


def test_whatever_is_sent_is_recorded_held_or_answered_in_words(house: Path) -> None:
    @rules(max_examples=120, deadline=None)
    @given(st.dictionaries(fields, st.text(max_size=60) | odd, max_size=8))
    def law(changed: dict[str, str]) -> None:
        before = Submission.objects.count()
        good = {"token": token(version=2)}
        answer = send(Client(), **(good | changed))
        assert answer.status_code in ANSWERED
        assert Submission.objects.count() - before == (answer.status_code == 303)
        assert answer.status_code == 303 or "role=" in answer.content.decode()

    law()
    load(house)
    taken = Submission.objects.filter(status="sent").count()
    assert Event.objects.filter(type="form.submitted").count() == taken
    assert not DeadLetter.objects.exists()


@pytest.mark.parametrize(
    "kind", [FORM, "multipart/form-data; boundary=x", "application/json", "x/y"]
)
def test_no_body_is_a_fault(kind: str) -> None:
    @rules(max_examples=40, deadline=None)
    @given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda part: b"--x\r\n" + part))
    def law(body: bytes) -> None:
        answer = Client().post("/f/note/", body, content_type=kind)
        assert answer.status_code in ANSWERED
        assert Client().post("/f/note/started/", body, content_type=kind).status_code == 204

    law()


def test_a_form_sent_again_and_again_is_once(house: Path) -> None:
    @rules(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=8))
    def law(sendings: Sequence[tuple[int, bool]]) -> None:
        base = Event.objects.filter(type="form.submitted").count()
        tokens = [token(version=2) for _ in range(3)]
        phones = [f"1370{next(numbers):07}" for _ in range(3)]
        for which, loads in sendings:
            said = GOOD | {"token": tokens[which], "a-phone": phones[which], "a-remark": ""}
            assert send(Client(), **said).status_code == 303
            if loads:
                load(house)
        load(house)
        found = Event.objects.filter(type="form.submitted").count() - base
        assert found == len({which for which, _ in sendings})

    law()


def test_the_first_touch_is_the_first_whatever_the_order_of_arrival() -> None:
    keys = ("first_touch_campaign", "first_touch_source", "last_touch_campaign", "touch_count")
    touches = st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True)

    @rules(max_examples=20, deadline=None)
    @given(touches.flatmap(lambda days: st.tuples(st.just(days), st.permutations(days))))
    def law(told: tuple[list[int], list[int]]) -> None:
        _, order = told
        at, phone = now(), f"1360{next(numbers):07}"
        first: list[object] = []
        for step, day in enumerate(order):
            event = IncomingEvent(
                "touch.recorded", at - timedelta(days=day), {"phone": phone},
                {"touch_source": f"s{day}", "touch_medium": "(none)", "touch_campaign": f"c{day}"},
            )  # fmt: skip
            record_events([event], source="web", by=SYSTEM, at=at)
            [who] = [one.id for one in find_identifiers(phone) if one.type == "phone"]
            values = [one.values[0] for one in trends(who, keys, [at], viewer=SYSTEM)]
            seen = order[: step + 1]
            assert values == [f"c{max(seen)}", f"s{max(seen)}", f"c{min(seen)}", len(seen)]
            if step and day < max(order[:step]):
                assert values[:2] == first  # a later touch changes nothing
            first = values[:2]

    law()
