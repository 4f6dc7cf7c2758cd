"""The loader's process and the tick after it: they outlast what fails, and say what it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection

from tenure.config import following, loading
from tenure.derive.lifecycles.operations import AlreadyRunningError
from tenure.record.events.models import Event
from tenure.record.sources.operations import Loader
from tenure.record.sources.queries import spool_lag
from tenure.record.sources.spool.reading import only_loader
from tenure.words import Words
from tests.record.shop import NOW
from tests.record.sources.arriving import request, shop_source, spool_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def connected() -> Iterator[None]:
    """The test's own connection stays open, and nothing waits long."""
    with patch.object(connection, "close"), patch.object(loading, "_FIRST_PAUSE_SECONDS", 0.01):
        yield


class Ticking:
    """A clock that ends its loop after so many looks."""

    def __init__(self, looks: int) -> None:
        self.stop = threading.Event()
        self.looks = looks

    def __call__(self) -> datetime:
        self.looks -= 1
        if self.looks <= 0:
            self.stop.set()
        return NOW


def test_it_goes_on_after_failures_and_tells_them_meanwhile(tmp_path: Path) -> None:
    source_id = shop_source()
    spool_in(tmp_path).append([request(source_id, range(5))])
    real, failures, told = Loader.turn, [OperationalError("secret value")] * 2, []

    def turn(loader: Loader, *, at: datetime) -> object:
        if failures:
            raise failures.pop()
        told.append(spool_lag(at=NOW, directory=tmp_path))
        return real(loader, at=at)

    clock = Ticking(12)
    with patch.object(Loader, "turn", turn):
        loading.run_loader(clock.stop, clock=clock, directory=tmp_path)
    assert told[0].loader == "failing"
    assert told[0].error is not None
    assert "OperationalError" in told[0].error.en
    assert "secret" not in told[0].error.en
    assert told[0].failing_since == NOW
    assert Event.objects.count() == 5
    after = spool_lag(at=NOW, directory=tmp_path)
    assert (after.loader, after.error) == ("running", None)
    assert spool_lag(at=NOW + timedelta(minutes=1), directory=tmp_path).loader == "silent"


def test_a_second_loader_waits_for_the_first(tmp_path: Path) -> None:
    source_id = shop_source()
    spool_in(tmp_path).append([request(source_id, range(5))])
    stop = threading.Event()

    def never(loader: Loader, *, at: datetime) -> object:
        raise AssertionError

    threading.Timer(0.2, stop.set).start()
    with only_loader(tmp_path) as alone, patch.object(Loader, "turn", never):
        assert alone
        loading.run_loader(stop, directory=tmp_path)
    assert not Event.objects.exists()


def test_a_directory_that_is_none_is_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    loading.run_loader(stop, directory=file / "spool")


def test_a_tick_follows_what_was_loaded_once_and_again_where_it_failed() -> None:
    stop = threading.Event()
    outcomes: list[BaseException | None] = [
        AlreadyRunningError(Words("另一个", "another")),
        OperationalError("gone"),
        None,
        None,
    ]
    marks = iter(["a", "a", "a", "a", "b", "b"])
    ticks: list[datetime] = []

    def mark() -> str:
        found = next(marks, None)
        if found is None:
            stop.set()
        return found or "b"

    def tick(*, at: datetime) -> None:
        ticks.append(at)
        problem = outcomes.pop(0)
        if problem is not None:
            raise problem

    with (
        patch.object(following, "loaded_mark", mark),
        patch.object(following, "follow_now", tick),
        patch.object(following, "_FIRST_PAUSE_SECONDS", 0.01),
    ):
        following.follow_spool(stop, clock=lambda: NOW)
    assert ticks == [NOW] * 4
    assert outcomes == []


def test_a_merge_is_followed_at_once() -> None:
    stop = threading.Event()
    statements = iter([0, 0, 7, 7])
    ticks: list[datetime] = []

    def statement() -> int:
        found = next(statements, None)
        if found is None:
            stop.set()
        return 7 if found is None else found

    with (
        patch.object(following, "loaded_mark", lambda: "a"),
        patch.object(following, "last_statement_id", statement),
        patch.object(following, "follow_now", lambda *, at: ticks.append(at)),
    ):
        following.follow_spool(stop, clock=lambda: NOW)
    assert ticks == [NOW] * 2
