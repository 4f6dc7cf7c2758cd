"""What holds for suggestions whatever the records are.

Same both ways: nobody is more like another than the other is like them. Order: in which order
records come, and how they are numbered, changes nothing. Copies: a record that says the same as
another, and more than a name, is always suggested with it. Names and telephones are drawn, so that
chance agreements are among them.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from benchmarks.identity_second import second_world
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.engine.identity.suggesting import suggest
from tenure.engine.identity.suggesting.consistency import consistent, partitions

RECORDS, PEOPLE = 160, 110
Pairs = dict[tuple[int, int], float]


def _people() -> pa.Table:
    return second_world(RECORDS, PEOPLE).records


def _found(records: pa.Table) -> Pairs:
    rows = suggest(records, "person").pairs.to_pylist()
    return {(row["left_id"], row["right_id"]): round(row["probability"], 6) for row in rows}


def _numbered(records: pa.Table, ids: np.ndarray) -> pa.Table:  # type: ignore[type-arg]
    return records.set_column(0, "id", pa.array(ids, pa.int64()))


@settings(max_examples=4)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(random) -> None:  # type: ignore[no-untyped-def]
    order = list(range(RECORDS))
    random.shuffle(order)
    assert _found(_people().take(order)) == _found(_people())


def test_the_same_both_ways() -> None:
    """Numbered backwards, every pair is looked at from its other end."""
    back = np.arange(RECORDS)[::-1] + 1
    turned = _found(_numbered(_people(), back))
    pairs = {(RECORDS - right, RECORDS - left): p for (left, right), p in turned.items()}
    assert pairs.keys() == _found(_people()).keys()


@settings(max_examples=5)
@given(st.integers(0, RECORDS - 1))
def test_an_exact_copy_is_always_suggested(number: int) -> None:
    records = _people()
    row = records.slice(number, 1)
    said = [row[name][0].as_py() for name in records.column_names if name != "id"]
    if sum(value is not None for value in said) < 2:
        return
    copy = _numbered(row, np.array([RECORDS]))
    assert (number, RECORDS) in _found(pa.concat_tables([records, copy]))


def test_many_copies_are_all_suggested() -> None:
    """More than may share any key: each with the first of them."""
    records = _people()
    copies = [_numbered(records.slice(0, 1), np.array([RECORDS + at])) for at in range(80)]
    found = _found(pa.concat_tables([records, *copies]))
    reached = {0}
    for left, right in sorted(found):
        if left in reached or right in reached:
            reached |= {left, right}
    assert {RECORDS + at for at in range(80)} <= reached


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(0.001, 1.0)), max_size=40)
)
def test_probabilities_in_the_light_of_one_another(drawn: list[tuple[int, int, float]]) -> None:
    """They stay probabilities, and the order of the pairs changes nothing."""
    known = {(min(a, b), max(a, b)): p for a, b, p in drawn if a != b}
    if not known:
        return
    ends = np.array(sorted(known), np.int64)
    alone = np.array([known[tuple(pair)] for pair in ends.tolist()])
    found = consistent(ends[:, 0], ends[:, 1], alone)
    assert np.all((found >= 0) & (found <= 1))
    turned = consistent(ends[::-1, 1], ends[::-1, 0], alone[::-1])
    assert np.allclose(found, turned[::-1])


def test_a_third_record_settles_it() -> None:
    pairs = (np.array([0, 1, 0]), np.array([1, 2, 2]))
    sure = consistent(*pairs, np.array([0.99, 0.99, 0.4]))
    assert sure[2] > 0.9
    against = consistent(*pairs, np.array([0.99, 0.6, 0.001]))
    assert against[1] < 0.1


def test_the_ways_to_part_records_are_all_there() -> None:
    assert [len(partitions(size)) for size in range(1, 7)] == [1, 2, 5, 15, 52, 203]  # Bell numbers
