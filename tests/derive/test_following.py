from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenure.clock import to_microseconds
from tenure.definitions import Lifecycle, load_files
from tenure.derive.customers.models import IdentifierCustomer
from tenure.derive.customers.operations import merge_customers
from tenure.derive.lifecycles.operations import (
    AlreadyRunningError,
    following,
    news,
    rebuild,
    staleness,
    tick,
)
from tenure.derive.lifecycles.operations.news import Touched
from tenure.derive.lifecycles.operations.turn import sole_turn
from tenure.derive.lifecycles.projection import house_histories, house_lake, house_root
from tenure.engine.lake import LakeError
from tenure.engine.schema import INTERVALS
from tenure.record.library.operations import publish
from tests.derive.company import LIBRARY, TESTER, Company, fresh_house, known
from tests.derive.derived import (
    coming_in,
    current_stands,
    derived,
    derived_by_build,
    standing_in,
)
from tests.derive.steps import COMPANIES, EMAILS, PHONES, START, Happening

LIFECYCLES = ("buyers", "spenders", "partners")
ANN = ("phone", PHONES[0])
BO = ("phone", PHONES[1])
CY = ("email", EMAILS[2])


def order(*who: tuple[str, str], late: float = 0) -> Happening:
    return Happening("order.placed", who, timedelta(days=late), (("amount", "50"),))


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    with fresh_house():
        company = Company()
        company.record((order(ANN), order(BO), order(CY)), imported=False)
        tick(at=company.now)
        yield company


class KilledError(Exception):
    """The process was killed here."""


@pytest.mark.parametrize(
    "step",
    [
        "who_is_who",
        "touched_by",
        "recompute_histories",
        "copy_identity",
        "_commit",
        "write_identity",
    ],
)
def test_a_crash_between_any_two_steps_skips_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    company.now += timedelta(days=3)
    company.record((order(ANN, ("email", EMAILS[0])), order(BO, late=1)), imported=False)
    merge_customers(known(BO), known(CY), reason="same", by=TESTER, at=company.now)
    with monkeypatch.context() as patched:
        patched.setattr(following, step, killing(getattr(following, step)))
        with pytest.raises(KilledError):
            tick(at=company.now)
    company.now += timedelta(minutes=1)
    company.record((order(CY),), imported=False)
    tick(at=company.now)
    ticked = derived()
    assert derived_by_build() == ticked.histories
    rebuild(at=company.now)
    assert derived() == ticked


def killing(step: Callable[..., object]) -> Callable[..., object]:
    def killed(*args: object, **options: object) -> object:
        step(*args, **options)
        raise KilledError

    return killed


def test_only_one_at_a_time(company: Company) -> None:
    with sole_turn(house_root()), pytest.raises(AlreadyRunningError, match="another tick"):
        tick(at=company.now)
    tick(at=company.now)


def test_passing_time_moves_stages_without_computing(company: Company) -> None:
    company.now += timedelta(days=39)
    assert tick(at=company.now).passed == 0
    company.now += timedelta(days=2)
    report = tick(at=company.now)
    assert (report.customers, report.passed) == (0, 3)
    stands = standing_in("buyers").values()
    assert {stand.stage for stand in stands} == {"lost"}
    assert all(
        stand.next_us is None or stand.next_us > to_microseconds(company.now) for stand in stands
    )


def test_when_most_have_news_their_events_are_not_held_in_memory(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("all events were read at once")

    monkeypatch.setattr(staleness, "_MANY", 1)
    monkeypatch.setattr(news, "events_of", refuse)
    company.now += timedelta(days=3)
    company.record((order(ANN), order(BO), order(CY)), imported=False)
    assert set(tick(at=company.now).computed) == {"buyers", "spenders", "partners"}


@pytest.mark.parametrize("largest", [1, 2, 3])
def test_many_with_news_are_computed_a_few_at_a_time(
    company: Company, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    company.now += timedelta(days=3)
    company.record((order(ANN, ("email", EMAILS[0])), order(CY), order(BO, late=1)), imported=False)
    merge_customers(known(BO), known(CY), reason="same", by=TESTER, at=company.now)
    held: list[int] = []

    def shares(touched: Touched) -> Iterator[Touched]:
        for share in whole(touched, largest):
            held.append(len(share.customers))
            yield share

    whole = Touched.shares
    monkeypatch.setattr(Touched, "shares", shares)
    report = tick(at=company.now)
    assert sum(held) == report.customers
    assert max(held) == largest
    ticked = derived()
    assert derived_by_build() == ticked.histories
    rebuild(at=company.now)
    assert derived() == ticked


def test_the_clock_never_goes_back(company: Company) -> None:
    assert tick(at=company.now - timedelta(days=9)).at == company.now
    assert rebuild(at=company.now - timedelta(days=9)).at == company.now - timedelta(days=9)
    assert not any(standing_in(key) for key in LIFECYCLES)
    assert sum(len(coming_in(key)) for key in LIFECYCLES) == 6
    tick(at=company.now)
    assert sum(len(standing_in(key)) for key in LIFECYCLES) == 6


def test_an_event_ahead_of_the_clock_waits_for_its_moment(company: Company) -> None:
    def count(of: Callable[[str], Sized]) -> int:
        return sum(len(of(key)) for key in LIFECYCLES)

    before = count(standing_in)
    company.record((order(("email", EMAILS[1]), late=-0.5),), imported=False)
    tick(at=company.now)
    assert (count(standing_in), count(coming_in)) == (before, 2)
    company.now += timedelta(hours=13)
    tick(at=company.now)
    assert (count(standing_in), count(coming_in)) == (before + 2, 0)


def test_a_lifecycle_is_about_its_party_only(company: Company) -> None:
    signed = Happening("contract.signed", (("tax_number", COMPANIES[0]),), timedelta(0))
    company.record((signed,), imported=False)
    tick(at=company.now)
    firm = known(("tax_number", COMPANIES[0]))
    stands = current_stands()[firm]
    assert {key: stand.stage for key, stand in stands.items()} == {"partners": "bound"}
    assert set(standing_in("partners")) == {firm}
    ticked = derived()
    rebuild(at=company.now)
    assert derived() == ticked


def test_only_what_changed_is_computed_anew(company: Company) -> None:
    [buyers] = [d for d in load_files([LIBRARY]) if d.kind == "lifecycle" and d.key == "buyers"]
    assert isinstance(buyers, Lifecycle)
    first, *others = buyers.check
    changed = replace(buyers, check=(*others[:-1], first, others[-1]))
    publish([changed], note="other order", by=TESTER, at=company.now)
    report = tick(at=company.now + timedelta(minutes=1))
    assert set(report.computed) == {"buyers"}
    versions = {stand.version for stand in standing_in("buyers").values()}
    assert {version.split(".")[0] for version in versions} == {"2"}
    assert not tick(at=company.now + timedelta(minutes=2)).computed


def test_a_rebuild_of_one_lifecycle_leaves_the_others(company: Company) -> None:
    before = derived()
    assert set(rebuild(at=company.now, lifecycles=["spenders"]).computed) == {"spenders"}
    assert derived() == before


def test_lost_and_damaged_files_are_made_again(company: Company) -> None:
    before = derived()
    (house_histories().root / "buyers" / "manifest.json").unlink()
    assert set(tick(at=company.now).computed) == {"buyers"}
    assert derived() == before
    (house_lake().root / "manifest.json").write_text("{")
    (house_histories().root / "spenders" / "manifest.json").write_text("{")
    with pytest.raises(LakeError, match="tenure rebuild"):
        tick(at=company.now)
    rebuild(at=company.now)
    assert derived() == before
    for part in house_lake().parts():
        part.unlink()
    rebuild(at=company.now)
    assert derived() == before


def test_a_history_that_knows_more_than_the_log_is_made_again(company: Company) -> None:
    """The database came back from a backup, the files beside it are of later."""
    before, store = derived(), house_histories()
    meta = store.meta("buyers")
    later = {**meta, "cursor": int(meta["cursor"] or 0) + 1}
    ann = pa.array([known(ANN)], pa.int64())
    store.replace_customers("buyers", ann, INTERVALS.empty_table(), meta=later)
    assert derived() != before
    assert set(tick(at=company.now).computed) == {"buyers"}
    assert derived() == before


def test_the_map_lies_beside_the_lake_too(company: Company) -> None:
    company.record((order(ANN, ("email", EMAILS[0])),), imported=False)
    tick(at=company.now)
    copied()
    merge_customers(known(ANN), known(BO), reason="same", by=TESTER, at=START + timedelta(days=1))
    tick(at=company.now)
    assert len(copied()) == 2


def copied() -> dict[int, int]:
    table = pq.read_table(Path(house_root()) / "identity.parquet", partitioning=None)
    rows = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert rows == dict(IdentifierCustomer.objects.values_list("identifier_id", "customer_id"))
    return rows
