"""Lifecycles of very many customers are computed beside the ticks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tenure.definitions import Lifecycle, load_files
from tenure.derive.lifecycles.models import Cursor
from tenure.derive.lifecycles.operations import (
    AlreadyRunningError,
    beside,
    rebuild,
    staleness,
    tick,
)
from tenure.derive.lifecycles.operations.turn import sole_turn
from tenure.derive.lifecycles.projection import house_root
from tenure.record.library.operations import publish
from tests.derive.company import LIBRARY, TESTER, Company, fresh_house, known
from tests.derive.derived import current_stands, derived, derived_by_build, standing_in
from tests.derive.steps import EMAILS, PHONES, Happening

ANN, CY = ("phone", PHONES[0]), ("email", EMAILS[2])


def order(*who: tuple[str, str]) -> Happening:
    return Happening("order.placed", who, timedelta(0), (("amount", "50"),))


@pytest.fixture
def company(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    with fresh_house():
        company = Company()
        company.record((order(ANN), order(CY)), imported=False)
        tick(at=company.now)
        monkeypatch.setattr(staleness, "are_many", lambda: True)
        monkeypatch.setattr("tenure.derive.lifecycles.operations.following.are_many", lambda: True)
        yield company


def publish_other_order(company: Company) -> None:
    [buyers] = [d for d in load_files([LIBRARY]) if d.kind == "lifecycle" and d.key == "buyers"]
    assert isinstance(buyers, Lifecycle)
    first, *others = buyers.check
    changed = replace(buyers, check=(*others[:-1], first, others[-1]))
    publish([changed], note="other order", by=TESTER, at=company.now)


def test_a_tick_leaves_what_takes_long_and_follows_the_rest(company: Company) -> None:
    before = standing_in("buyers")
    publish_other_order(company)
    company.now += timedelta(hours=1)
    company.record((order(ANN),), imported=False)
    report = tick(at=company.now)
    assert (report.waiting, report.computed) == (("buyers",), {})
    assert report.customers == 1
    assert standing_in("buyers") == before
    report = rebuild(at=company.now, lifecycles=report.waiting, gently=True)
    assert set(report.computed) == {"buyers"}
    assert report.waiting == ()
    assert {stand.version.split(".")[0] for stand in standing_in("buyers").values()} == {"2"}
    assert derived().histories == derived_by_build()
    assert tick(at=company.now).waiting == ()


def test_a_definition_that_changes_meanwhile_waits_for_the_next_time(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = beside.build_histories

    def build(*all_of_it: object) -> dict[str, Path]:
        built = real(*all_of_it)  # type: ignore[arg-type]
        publish_other_order(company)
        return built

    monkeypatch.setattr(beside, "build_histories", build)
    report = rebuild(at=company.now, lifecycles=["buyers", "spenders"])
    assert set(report.computed) == {"spenders"}
    assert tick(at=company.now).waiting == ("buyers",)


def test_a_crash_while_switching_means_computing_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(beside, "replace_all_rows", dying)
        with pytest.raises(KeyboardInterrupt):
            rebuild(at=company.now, lifecycles=["buyers"])
    assert not Cursor.objects.filter(lifecycle="buyers").exists()
    assert current_stands()[known(ANN)]
    assert tick(at=company.now).waiting == ("buyers",)
    rebuild(at=company.now, lifecycles=["buyers"])
    assert derived().histories == derived_by_build()


def dying(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_who_waits_for_the_turn_is_let_pass(company: Company) -> None:
    root = house_root()
    refused = pytest.raises(AlreadyRunningError)
    with sole_turn(root), refused, sole_turn(root, wait_seconds=0.05):
        raise AssertionError("two had the turn")
    with sole_turn(root, wait_seconds=0.05):
        pass
