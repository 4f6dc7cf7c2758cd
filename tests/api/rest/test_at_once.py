"""Equal requests at the same moment, on threads with connections of their own: done once.

Of PostgreSQL; ``test_served_at_once`` asks the real server with a SQLite file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tenure.api.rest.limits import forget_buckets
from tenure.guard.access.models import KeptAnswer
from tenure.record.events.models import Event
from tests.api.rest.house import Asker, Shop, house, token_for

__all__ = ["house"]
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TOGETHER = 4


@pytest.fixture(autouse=True)
def slow_answers(monkeypatch: pytest.MonkeyPatch, house: Shop) -> Iterator[None]:
    """Carrying a request out takes a while, so that the others come meanwhile."""
    from tenure.api.rest import door

    keep = door.keep_answer

    def slowly(*args: Any, **more: Any) -> None:
        time.sleep(0.4)
        keep(*args, **more)

    monkeypatch.setattr(door, "keep_answer", slowly)
    yield
    forget_buckets()


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What the acts come to, begun at the same moment in a thread each."""
    gate = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=20)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def note(asker: Asker, customer: int, key: str, text: str = "一次") -> Callable[[], Any]:
    path = f"/api/customers/{customer}/notes"
    return lambda: asker.ask("POST", path, {"text": text}, **{"Idempotency-Key": key})


def test_equal_requests_at_once_are_done_once(house: Shop) -> None:
    chief, number = token_for(house.chief), house.known[0]
    answers = at_once([note(chief, number, "k-1")] * TOGETHER)
    said = {answer.status_code for answer in answers}
    assert said <= {201, 409}, [answer.content for answer in answers]
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in done}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in done) == 1
    assert Event.objects.filter(type="note.written").count() == 1
    later = note(chief, number, "k-1")()
    assert (later.status_code, later.content) == (201, done[0].content)


def test_other_keys_at_once_are_all_done(house: Shop) -> None:
    chief, number = token_for(house.chief), house.known[0]
    acts = [note(chief, number, f"k-{n}", f"note {n}") for n in range(TOGETHER)]
    answers = at_once(acts)
    assert [answer.status_code for answer in answers] == [201] * TOGETHER
    assert Event.objects.filter(type="note.written").count() == TOGETHER


def test_one_key_with_two_requests_at_once_does_one_of_them(house: Shop) -> None:
    chief, number = token_for(house.chief), house.known[0]
    answers = at_once([note(chief, number, "k-1", text) for text in ("one", "two")])
    assert sorted(answer.status_code for answer in answers) in ([201, 409], [201, 422])
    assert Event.objects.filter(type="note.written").count() == 1


def test_what_failed_may_be_tried_by_the_other(
    house: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenure.api.rest.routes import customer_writes

    chief, number = token_for(house.chief), house.known[0]
    really, tries = customer_writes.write_note, []

    def first_fails(*args: Any, **more: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            time.sleep(0.4)
            raise RuntimeError("the first one breaks")
        return really(*args, **more)

    monkeypatch.setattr(customer_writes, "write_note", first_fails)
    answers = at_once([note(chief, number, "k-1")] * 2)
    assert sorted(answer.status_code for answer in answers) in ([201, 500], [409, 500])
    assert Event.objects.filter(type="note.written").count() <= 1
    assert note(chief, number, "k-1")().status_code == 201
    assert Event.objects.filter(type="note.written").count() == 1
    assert KeptAnswer.objects.count() == 1
