from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from tenure.clock import to_microseconds
from tenure.derive.customers.operations import MergeError, merge_customers, unmerge_customers
from tenure.derive.customers.queries import (
    customer_of,
    customers_found,
    identifier_views_of,
    identifiers_of,
    merges,
    refused_links,
)
from tenure.derive.lifecycles.operations import pin_stage, tick
from tenure.derive.lifecycles.operations.pins import PinError
from tenure.derive.lifecycles.operations.ticking import UnknownLifecycleError
from tenure.derive.lifecycles.projection import build
from tenure.derive.lifecycles.queries import (
    UnknownStageError,
    board,
    coming_changes,
    coming_counts,
    commonest_paths,
    conversion,
    customer_history,
    customers_in,
    flow_accounts,
    group_of,
    metrics_of,
    next_change,
    stage_counts,
    time_in_stage,
    transitions,
)
from tenure.derive.lifecycles.queries.remembered import Remembered
from tenure.record.events.operations import undo_batch
from tests.derive.company import TESTER, Company, fresh_house, known
from tests.derive.steps import COMPANIES, EMAILS, PHONES, START, Happening

ANN = ("phone", PHONES[0])
BO = ("phone", PHONES[1])
CY = ("phone", PHONES[2])


def order(*who: tuple[str, str], amount: str = "50") -> Happening:
    return Happening("order.placed", who, timedelta(0), (("amount", amount), ("channel", "web")))


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    with fresh_house():
        company = Company()
        for _ in range(3):
            company.record((order(ANN), order(BO, amount="10")), imported=False)
            company.now += timedelta(days=17)
        company.record((order(BO),), imported=False)
        company.now += timedelta(days=40)
        tick(at=company.now)
        yield company


def test_a_board_counts_heads_and_their_change(company: Company) -> None:
    found = board("buyers", as_of=company.now, viewer=TESTER, since=START + timedelta(days=1))
    heads = {stage.stage: (stage.heads, stage.change) for stage in found.stages}
    assert heads["lost"] == (2, 2)
    assert heads["new"] == (0, -2)
    assert found.heads == 2
    assert found.followed_to == company.now
    assert sum(stage_counts("buyers", as_of=START, viewer=TESTER).values()) == 2
    before = START - timedelta(days=1)
    assert sum(stage_counts("buyers", as_of=before, viewer=TESTER).values()) == 0


def test_what_was_believed_is_not_what_is_known_now(company: Company) -> None:
    day = company.now
    late = Happening("order.placed", (ANN,), timedelta(days=2), (("amount", "5"),))
    company.now += timedelta(days=1)
    company.record((late,), imported=False)
    tick(at=company.now)
    now = stage_counts("buyers", as_of=day, viewer=TESTER)
    then = stage_counts("buyers", as_of=day, viewer=TESTER, known_at=day)
    assert (now["active"], now["lost"]) == (1, 1)
    assert (then["active"], then["lost"]) == (0, 2)


def test_causes_tell_the_values_that_counted(company: Company) -> None:
    history = customer_history(known(ANN), "buyers", as_of=company.now, viewer=TESTER)
    assert [stay.stage for stay in history] == ["new", "active", "lost"]
    start, bought, lost = history
    assert start.cause.en == "first seen: Order placed (orders 1, 0 days since the last order)"
    assert start.cause.zh == "首次出现：下单（订单数 1，距上次下单 0 天）"
    assert (bought.kind, bought.left_at) == ("event", lost.entered_at)
    assert lost.cause.en == ("34 days since the last order: more than 2 × usual gap of 17 days")
    assert lost.cause.zh == "距上次下单 34 天，超过 2 × 惯常间隔 17 天"
    assert lost.left_at is None


def test_causes_as_known_then_know_nothing_of_what_was_recorded_later(company: Company) -> None:
    day = company.now
    asked = {"as_of": day, "viewer": TESTER, "known_at": day}
    before = customer_history(known(ANN), "buyers", **asked)
    company.now += timedelta(minutes=1)
    late = timedelta(days=85)
    company.record((Happening("order.placed", (ANN,), late, (("amount", "7"),)),), imported=False)
    tick(at=company.now)
    assert customer_history(known(ANN), "buyers", **asked) == before


def test_what_comes_next_at_an_earlier_moment_knows_no_later_event(company: Company) -> None:
    """Bo ordered again on day 51; on day 35 nobody knew, and the rules foresaw the loss."""
    day = START + timedelta(days=35)
    ann, bo = (next_change(known(who), "buyers", as_of=day, viewer=TESTER) for who in (ANN, BO))
    assert ann is not None
    assert bo is not None
    assert (bo.at, bo.stage) == (ann.at, ann.stage)
    assert bo.cause == ann.cause


def test_one_customer_as_known_then_is_one_of_everybody_as_known_then(company: Company) -> None:
    mail = ("email", EMAILS[0])
    company.record((order(ANN, mail), order(mail), order(BO, ("email", EMAILS[1]))), imported=True)
    moments = [company.now - timedelta(minutes=1), company.now]
    company.now += timedelta(hours=1)
    merge_customers(known(ANN), known(BO), reason="same flat", by=TESTER, at=company.now)
    moments.append(company.now)
    company.now += timedelta(hours=1)
    undo_batch(company.batches[-1], reason="wrong file", by=TESTER, at=company.now)
    tick(at=company.now)
    customers = set()
    for moment in moments:
        built = build(known_us=to_microseconds(moment), lifecycles=["buyers"])
        everybody = built.histories["buyers"].sort_by("entered_us").to_pylist()
        moved = dict(zip(*built.identity.to_pydict().values(), strict=True))
        for who in (ANN, BO, mail):
            asked = {"as_of": company.now, "viewer": TESTER, "known_at": moment}
            own = identifiers_of(known(who), known_at=moment)
            customer = moved.get(known(who), known(who))
            members = {one for one, other in moved.items() if other == customer}
            assert own == [customer, *sorted(members)]
            assert customer_of(known(who), known_at=moment) == customer
            customers.add((moment, customer))
            history = customer_history(known(who), "buyers", **asked)
            told = [(to_microseconds(stay.entered_at), stay.stage) for stay in history]
            rows = [row for row in everybody if row["customer_id"] == customer]
            past = [row for row in rows if row["entered_us"] <= to_microseconds(company.now)]
            assert told == [(row["entered_us"], row["stage"]) for row in past]
    assert len(customers) == 3 + 2 + 1


def test_what_was_foreseen_of_a_merged_customer_counts_all_identifiers(company: Company) -> None:
    merge_customers(known(ANN), known(BO), reason="same flat", by=TESTER, at=company.now)
    tick(at=company.now)
    customer = min(known(ANN), known(BO))
    day = START + timedelta(days=35)
    coming = next_change(customer, "buyers", as_of=day, viewer=TESTER)
    assert coming is not None
    cut = build(world_us=to_microseconds(day), lifecycles=["buyers"]).histories["buyers"]
    assert set(cut["customer_id"].to_pylist()) == {customer}
    later = [us for us in cut["entered_us"].to_pylist() if us > to_microseconds(day)]
    assert to_microseconds(coming.at) == min(later)
    # both ordered on one day, so the usual gap of all orders is shorter than of one's own
    apart = next_change(customer, "buyers", as_of=day, viewer=TESTER, known_at=day)
    assert apart is not None
    assert apart.at != coming.at


def test_what_comes_next_is_told_with_its_cause(company: Company) -> None:
    day = START + timedelta(days=35)
    coming = next_change(known(ANN), "buyers", as_of=day, viewer=TESTER)
    assert coming is not None
    assert (coming.stage, coming.canonical) == ("lost", "lost")
    assert coming.at > START + timedelta(days=34 + 34)
    assert "惯常间隔 17 天" in coming.cause.zh
    assert next_change(known(ANN), "buyers", as_of=company.now, viewer=TESTER) is None


def test_a_pin_tells_who_and_why(company: Company) -> None:
    pin_stage(
        known(ANN),
        "buyers",
        "loyal",
        reason="key account",
        until=(company.now + timedelta(days=9)).date(),
        by=TESTER,
        at=company.now,
    )
    tick(at=company.now)
    last = customer_history(known(ANN), "buyers", as_of=company.now, viewer=TESTER)[-1]
    assert (last.stage, last.kind) == ("loyal", "pin")
    assert "key account" in last.cause.en
    assert last.cause.zh.startswith("test:laws 人工指定（至 ")
    coming = next_change(known(ANN), "buyers", as_of=company.now, viewer=TESTER)
    assert coming is not None
    assert coming.stage == "lost"
    assert coming.at == datetime.combine(
        (company.now + timedelta(days=9)).date(), datetime.min.time(), UTC
    )


def test_pins_are_checked(company: Company) -> None:
    ask = {"reason": "r", "by": TESTER, "at": company.now}
    with pytest.raises(UnknownLifecycleError, match="did you mean buyers"):
        pin_stage(known(ANN), "buyer", "loyal", **ask)  # type: ignore[arg-type]
    with pytest.raises(PinError, match="did you mean loyal"):
        pin_stage(known(ANN), "buyers", "loial", **ask)  # type: ignore[arg-type]
    with pytest.raises(PinError, match="which customer"):
        pin_stage(known(ANN), "partners", "bound", **ask)  # type: ignore[arg-type]
    with pytest.raises(PinError, match="no customer"):
        pin_stage(7, "buyers", "loyal", **ask)  # type: ignore[arg-type]
    with pytest.raises(PinError, match="past"):
        pin_stage(known(ANN), "buyers", "lost", until=START.date(), **ask)  # type: ignore[arg-type]
    with pytest.raises(PinError, match="reason"):
        pin_stage(known(ANN), "buyers", "lost", **{**ask, "reason": " "})  # type: ignore[arg-type]


def test_a_pin_ends_when_its_day_begins_in_utc(company: Company) -> None:
    """At 06:00 in Shanghai it is still the day before in UTC, and a pin until today can hold."""
    shanghai = ZoneInfo("Asia/Shanghai")
    early = (company.now + timedelta(days=1)).astimezone(shanghai).replace(hour=6)
    ask = {"reason": "r", "by": TESTER, "at": early}
    today = early.date()
    past = today - timedelta(days=1)
    with pytest.raises(PinError, match=f"00:00 UTC.*give {today}"):
        pin_stage(known(ANN), "buyers", "loyal", until=past, **ask)  # type: ignore[arg-type]
    pin_stage(known(ANN), "buyers", "loyal", until=today, **ask)  # type: ignore[arg-type]
    tick(at=early)
    stay = customer_history(known(ANN), "buyers", as_of=early, viewer=TESTER)[-1]
    assert stay.stage == "loyal"
    coming = next_change(known(ANN), "buyers", as_of=early, viewer=TESTER)
    assert coming is not None
    assert coming.at == datetime(today.year, today.month, today.day, tzinfo=UTC)


def test_accounts_add_up_and_moves_are_named(company: Company) -> None:
    period = {"from_at": START - timedelta(days=1), "to_at": company.now}
    accounts = flow_accounts("buyers", viewer=TESTER, **period)
    assert all(a.opening + a.entered - a.left == a.closing for a in accounts)
    assert sum(a.closing for a in accounts) == 2
    moves = {(m.from_stage, m.to_stage): m for m in transitions("buyers", viewer=TESTER, **period)}
    assert moves["", "new"].customers == 2
    assert moves["", "new"].from_name.zh == "（首次出现）"
    assert moves["new", "active"].median_days == pytest.approx(17)


def test_conversion_time_and_paths(company: Company) -> None:
    [march] = conversion(
        "buyers",
        entered="new",
        reached="lost",
        within=timedelta(days=80),
        first=START.date(),
        last=START.date(),
        as_of=company.now,
        viewer=TESTER,
    )
    assert (march.cohort, march.customers, march.observed) == ("2024-03", 2, 2)
    curve = time_in_stage("buyers", "new", as_of=company.now, viewer=TESTER)
    assert curve is not None
    assert curve.median == pytest.approx(17)
    assert time_in_stage("buyers", "loyal", as_of=company.now, viewer=TESTER) is None
    [path, *_] = commonest_paths("buyers", as_of=company.now, viewer=TESTER)
    assert path.stages == ("new", "active", "lost")
    with pytest.raises(UnknownStageError, match="did you mean lost"):
        time_in_stage("buyers", "losst", as_of=company.now, viewer=TESTER)


def test_lists_and_metrics(company: Company) -> None:
    day = START + timedelta(days=20)
    listed = customers_in("buyers", "active", as_of=day, viewer=TESTER)
    assert {row.customer_id for row in listed} == {known(ANN), known(BO)}
    assert all(row.next_stage is not None for row in listed)
    values = {v.key: v for v in metrics_of(known(ANN), as_of=day, viewer=TESTER)}
    assert values["orders"].value == 2
    assert values["usual_gap"].shown.zh == "17 天"
    assert values["contracts"].value == 0
    assert values["days_since_contract"].value is None


def test_a_list_at_an_earlier_moment_knows_no_later_event(company: Company) -> None:
    company.record((order(CY),), imported=False)
    merge_customers(known(BO), known(CY), reason="same", by=TESTER, at=company.now)
    tick(at=company.now)
    day = START + timedelta(days=35)
    listed = customers_in("buyers", "active", as_of=day, viewer=TESTER)
    assert {row.customer_id for row in listed} == {known(ANN), min(known(BO), known(CY))}
    for row in listed:
        coming = next_change(row.customer_id, "buyers", as_of=day, viewer=TESTER)
        assert coming is not None
        assert (row.next_at, row.next_stage) == (coming.at, coming.stage)
        assert row.next_stage == "lost"


def test_what_was_to_come_at_an_earlier_moment_is_what_the_log_said_then(
    company: Company,
) -> None:
    """Bo ordered again on day 51; on day 35 both were to be lost, for the same reason."""
    day = START + timedelta(days=35)
    seen = {"at": day, "until": day + timedelta(days=90), "viewer": TESTER, "past": True}
    changes = coming_changes("buyers", **seen)
    assert {one.customer_id for one in changes} == {known(ANN), known(BO)}
    for one in changes:
        alone = next_change(one.customer_id, "buyers", as_of=day, viewer=TESTER)
        assert alone is not None
        assert (one.at, one.next_stage, one.cause) == (alone.at, alone.stage, alone.cause)
    assert sum(one.customers for one in coming_counts("buyers", **seen)) == len(changes)
    assert coming_changes("buyers", **seen, known_at=day) == changes
    before = START - timedelta(days=1)
    nobody = {**seen, "at": before, "until": day}
    assert coming_counts("buyers", **nobody) == []


def test_what_is_remembered_is_forgotten_when_the_log_says_more(company: Company) -> None:
    ask = {"at": company.now, "viewer": TESTER, "condition": "orders >= 4"}
    often = group_of("buyers", **ask)
    assert often is not None
    assert often.ids.to_pylist() == [known(BO)]
    company.record((order(ANN),), imported=False)
    tick(at=company.now)
    again = group_of("buyers", **ask)
    assert again is not None
    assert sorted(again.ids.to_pylist()) == sorted([known(ANN), known(BO)])
    undo = company.now + timedelta(minutes=1)
    merge_customers(known(ANN), known(BO), reason="same flat", by=TESTER, at=undo)
    tick(at=undo)
    merged = group_of("buyers", **ask)
    assert merged is not None
    assert merged.ids.to_pylist() == [min(known(ANN), known(BO))]


def test_remembered_tables_take_no_more_room_than_allowed() -> None:
    table = pa.table({"customer_id": pa.array(range(100), pa.int64())})
    kept = Remembered(most_bytes=2 * table.nbytes)
    made: list[str] = []

    def made_for(key: str) -> pa.Table:
        made.append(key)
        return table

    for key in ("a", "b", "a", "c", "a", "b"):
        kept.table(key, lambda key=key: made_for(key))  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
    assert kept.bytes <= 2 * table.nbytes


def test_merging_makes_one_customer_and_leaves_a_trace(company: Company) -> None:
    merge_customers(known(ANN), known(BO), reason="same flat", by=TESTER, at=company.now)
    assert tick(at=company.now).moved == 1
    [found] = customers_found(PHONES[1], viewer=TESTER)
    assert found.customer_id == min(known(ANN), known(BO))
    assert len(identifier_views_of(found.customer_id, viewer=TESTER)) == 2
    with pytest.raises(MergeError, match="one customer already"):
        merge_customers(known(BO), known(ANN), reason="again", by=TESTER, at=company.now)
    company.now += timedelta(hours=1)
    unmerge_customers(known(ANN), known(BO), reason="they are two", by=TESTER, at=company.now)
    assert tick(at=company.now).moved == 1
    last, first = merges(viewer=TESTER)
    assert (first.merged, first.reason, first.by) == (True, "same flat", TESTER.key)
    assert (last.merged, last.reason) == (False, "they are two")
    with pytest.raises(MergeError, match="two customers already"):
        unmerge_customers(known(ANN), known(BO), reason="again", by=TESTER, at=company.now)


def test_a_person_and_a_company_are_not_merged(company: Company) -> None:
    firm = ("tax_number", COMPANIES[0])
    company.record((Happening("contract.signed", (firm,), timedelta(0)),), imported=False)
    with pytest.raises(MergeError, match="one is of type Person, the other Company"):
        merge_customers(known(ANN), known(firm), reason="r", by=TESTER, at=company.now)


def test_unmerging_says_when_other_links_hold(company: Company) -> None:
    mail = ("email", EMAILS[0])
    company.record((order(ANN, mail), order(BO, mail)), imported=False)
    tick(at=company.now)
    with pytest.raises(MergeError, match="other identifiers would still hold"):
        merge_and_take_apart(company)


def merge_and_take_apart(company: Company) -> None:
    unmerge_customers(known(ANN), known(BO), reason="apart", by=TESTER, at=company.now)


def test_a_shared_phone_is_refused_and_reported(company: Company) -> None:
    company.record(
        tuple(order(ANN, ("email", mail)) for mail in EMAILS),
        imported=False,
    )
    tick(at=company.now)
    refused = refused_links(viewer=TESTER)
    assert len(refused) == 3
    assert f"seen with {len(EMAILS)} others" in refused[0].cause.en
    assert [found.customer_id for found in customers_found(PHONES[0], viewer=TESTER)] == [
        known(ANN)
    ]
