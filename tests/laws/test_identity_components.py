"""Identity: any order gives the same customers, and what is undone leaves no trace."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tenure.engine.identity import LIMITS, affected, components
from tenure.engine.identity.affected import customers_in
from tests.engine.rows import edges

NODES = 12
Link = tuple[int, int, int, str, bytes]

links = st.tuples(
    st.integers(1, NODES),
    st.integers(1, NODES),
    st.integers(0, 4),
    st.sampled_from(["automatic", "automatic", "automatic", "linked", "unlinked"]),
    st.binary(min_size=1, max_size=1),
)
bounds = st.lists(st.integers(1, 5), min_size=NODES, max_size=NODES)
sizes = st.integers(2, 9)
IDS = np.arange(1, NODES + 1)


def limits_of(values: list[int]) -> pa.Table:
    return pa.table([pa.array(IDS), pa.array(values, pa.int64())], schema=LIMITS)


def naive(rows: list[Link], values: list[int], largest: int) -> dict[int, int]:
    """The rules, one after the other, on sets: another algorithm."""
    said: dict[frozenset[int], tuple[int, bytes, str]] = {}
    seen: set[frozenset[int]] = set()
    for left, right, occurred, kind, key in rows:
        pair = frozenset((left, right))
        if len(pair) == 1:
            continue
        if kind == "automatic":
            seen.add(pair)
        else:
            said[pair] = max(said.get(pair, (-1, b"", "")), (occurred, key, kind))
    crowded = {n for n in range(1, NODES + 1) if sum(n in p for p in seen) > values[n - 1]}
    by_hand = {pair for pair, (_, _, kind) in said.items() if kind == "linked"}
    alone = {pair for pair in seen - set(said) if not pair & crowded}
    groups = spread(by_hand | alone)
    kept = {pair for pair in alone if len(groups[min(pair)]) <= largest}
    return {n: min(group) for n, group in spread(by_hand | kept).items()}


def spread(pairs: set[frozenset[int]]) -> dict[int, set[int]]:
    groups = {n: {n} for n in range(1, NODES + 1)}
    for pair in pairs:
        one = set.union(*(groups[n] for n in pair))
        for n in one:
            groups[n] = one
    return groups


def assigned(rows: list[Link], values: list[int], largest: int) -> list[int]:
    found = components(edges(rows), limits_of(values), largest=largest)
    return customers_in(found.map, IDS).tolist()


@given(st.lists(links, max_size=30), bounds, sizes)
def test_components_follow_the_rules(rows: list[Link], values: list[int], largest: int) -> None:
    expected = naive(rows, values, largest)
    assert assigned(rows, values, largest) == [expected[n] for n in IDS.tolist()]


@given(st.lists(links, max_size=30), bounds, sizes, st.randoms())
def test_order_repetition_and_direction_change_nothing(
    rows: list[Link], values: list[int], largest: int, random: object
) -> None:
    once = components(edges(rows), limits_of(values), largest=largest)
    other = [(b, a, *rest) for a, b, *rest in rows] + rows[::2]
    random.shuffle(other)  # type: ignore[attr-defined]  a Random by Hypothesis
    again = components(edges(other), limits_of(values), largest=largest)
    assert once.map.equals(again.map)
    assert once.refused.equals(again.refused)


@given(st.lists(links, max_size=25), bounds, sizes, st.sampled_from(IDS.tolist()), st.data())
def test_unmerge_after_merge_restores(
    rows: list[Link], values: list[int], largest: int, left: int, data: st.DataObject
) -> None:
    """Where nothing linked the two before, linking and unlinking leaves no trace."""
    right = data.draw(st.sampled_from([n for n in IDS.tolist() if n != left]))
    apart = [row for row in rows if {row[0], row[1]} != {left, right}]
    before = components(edges(apart), limits_of(values), largest=largest)
    merged: list[Link] = [*apart, (left, right, 8, "linked", b"a")]
    undone: list[Link] = [*merged, (right, left, 9, "unlinked", b"a")]
    together = assigned(merged, values, 10**6)
    assert together[left - 1] == together[right - 1]
    after = components(edges(undone), limits_of(values), largest=largest)
    assert after.map.equals(before.map)
    assert after.refused.equals(before.refused)


@given(st.lists(links, max_size=25), st.lists(links, max_size=4), st.data(), bounds, sizes)
def test_what_is_affected_equals_computing_all_anew(
    rows: list[Link], added: list[Link], data: st.DataObject, values: list[int], largest: int
) -> None:
    taken = data.draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
    later = [row for row in rows if row not in taken] + added
    now, limits = edges(later), limits_of(values)
    left, right = now["left_id"].to_numpy(), now["right_id"].to_numpy()
    before = components(edges(rows), limits, largest=largest)
    after = components(now, limits, largest=largest)
    found = affected(
        edges(added + taken),
        edges_of=lambda ids: now.filter(pa.array(np.isin(left, ids) | np.isin(right, ids))),
        previous=lambda ids: customers_in(before.map, ids),
        limits=lambda ids: limits.filter(pa.array(np.isin(IDS, ids))),
        largest=largest,
    )
    old, new = customers_in(before.map, IDS), customers_in(after.map, IDS)
    other = old != new
    assert found.moved["identifier_id"].to_pylist() == IDS[other].tolist()
    assert found.moved["after"].to_pylist() == new[other].tolist()
    assert found.customers.tolist() == sorted({*old[other].tolist(), *new[other].tolist()})
    untouched = np.setdiff1d(IDS, found.explored)
    assert _touching(before.refused, untouched, all_ends=True).equals(
        _touching(after.refused, untouched, all_ends=True)
    )
    assert _touching(after.refused, found.explored).equals(found.now.refused)


def _touching(refused: pa.Table, ids: np.ndarray, *, all_ends: bool = False) -> pa.Table:
    ends = [np.isin(refused[name].to_numpy(), ids) for name in ("left_id", "right_id")]
    return refused.filter(pa.array((np.logical_and if all_ends else np.logical_or)(*ends)))
