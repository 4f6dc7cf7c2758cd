"""Customers as components: statements by hand, limits, reports."""

import numpy as np
import pyarrow as pa
import pytest

from tenure.engine.identity import LIMITS, Components, affected, components
from tenure.engine.identity.affected import customers_in
from tenure.engine.identity.pairs import EdgeError
from tests.engine.rows import edges

AUTOMATIC = "automatic"


def customers(found: Components) -> dict[int, int]:
    return dict(zip(*found.map.to_pydict().values(), strict=True))


def limits(**bounds: int) -> pa.Table:
    rows = [{"identifier_id": int(k[1:]), "limit": v} for k, v in bounds.items()]
    return pa.Table.from_pylist(rows, schema=LIMITS)


def star(centre: int, leaves: range) -> pa.Table:
    return edges([(centre, leaf, 1, AUTOMATIC, b"") for leaf in leaves])


def test_no_links() -> None:
    found = components(edges([]))
    assert (found.map.num_rows, found.refused.num_rows) == (0, 0)


def test_the_smallest_identifier_names_the_customer() -> None:
    found = components(edges([(9, 5, 1, AUTOMATIC, b"a"), (5, 7, 1, AUTOMATIC, b"b")]))
    assert customers(found) == {7: 5, 9: 5}


def test_a_link_with_itself_means_nothing() -> None:
    assert customers(components(edges([(3, 3, 1, AUTOMATIC, b"")]))) == {}


@pytest.mark.parametrize(
    ("statements", "one"),
    [
        ([(1, "linked", b"a")], True),
        ([(1, "linked", b"a"), (2, "unlinked", b"a")], False),
        ([(2, "unlinked", b"a"), (1, "linked", b"z")], False),
        ([(2, "linked", b"b"), (2, "unlinked", b"a")], True),
        ([(2, "linked", b"a"), (2, "unlinked", b"b")], False),
        ([(2, "linked", b"a"), (2, "unlinked", b"a")], False),
        ([(1, "unlinked", b"a"), (9, AUTOMATIC, b"b")], False),
        ([(1, "unlinked", b"a"), (9, AUTOMATIC, b"b"), (10, "linked", b"c")], True),
    ],
)
def test_the_last_statement_decides(statements: list[tuple[int, str, bytes]], one: bool) -> None:
    rows = [(1, 2, occurred, kind, key) for occurred, kind, key in statements]
    assert customers(components(edges(rows))) == ({2: 1} if one else {})
    turned = [(b, a, *rest) for a, b, *rest in reversed(rows)]
    assert customers(components(edges(turned))) == ({2: 1} if one else {})


def test_keys_may_be_numbers() -> None:
    rows = edges([(1, 2, 2, "linked", b""), (1, 2, 2, "unlinked", b"")])
    numbered = rows.set_column(5, "key", pa.array([10, 9]))
    assert customers(components(numbered)) == {2: 1}


def test_a_shared_telephone_joins_nobody() -> None:
    found = components(star(1, range(2, 8)), limits(i1=5, i2=9))
    assert customers(found) == {}
    assert found.refused.to_pylist()[0] == {
        "left_id": 1,
        "right_id": 2,
        "reason": "shared",
        "because_id": 1,
        "found": 6,
        "limit": 5,
    }
    assert found.refused.num_rows == 6


def test_at_the_limit_it_still_joins() -> None:
    assert len(customers(components(star(1, range(2, 7)), limits(i1=5)))) == 5


def test_links_by_hand_hold_on_a_shared_telephone() -> None:
    by_hand = pa.concat_tables([star(1, range(2, 8)), edges([(1, 4, 2, "linked", b"")])])
    found = components(by_hand, limits(i1=5))
    assert customers(found) == {4: 1}
    assert found.refused.num_rows == 5


def test_unlinking_one_does_not_make_a_telephone_private() -> None:
    by_hand = pa.concat_tables([star(1, range(2, 8)), edges([(1, 4, 2, "unlinked", b"")])])
    found = components(by_hand, limits(i1=5))
    assert customers(found) == {}
    assert found.refused.num_rows == 6  # that one too: it counts no more than before


def test_a_runaway_customer_falls_apart_and_is_reported() -> None:
    chain = [(n, n + 1, 1, AUTOMATIC, b"") for n in range(1, 10)]
    by_hand = [(100, 3, 1, "linked", b"")]
    found = components(edges(chain + by_hand), largest=10)
    assert customers(found) == {100: 3}
    reasons = {(r["reason"], r["because_id"], r["found"]) for r in found.refused.to_pylist()}
    assert reasons == {("too_large", 1, 11)}
    assert len(customers(components(edges(chain + by_hand), largest=11))) == 10


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(EdgeError, match="unknown kinds of links"):
        components(edges([(1, 2, 1, "maybe", b"")]))


def test_a_change_far_from_a_shared_telephone_reads_little() -> None:
    """The hub is read, but the walk does not go on to all who share it."""
    hub = star(1, range(2, 500))
    everything = pa.concat_tables([hub, edges([(2, 1000, 1, AUTOMATIC, b"")])])
    asked: list[int] = []

    def edges_of(ids: np.ndarray) -> pa.Table:
        asked.extend(ids.tolist())
        left, right = (everything[name].to_numpy() for name in ("left_id", "right_id"))
        return everything.filter(pa.array(np.isin(left, ids) | np.isin(right, ids)))

    found = affected(
        edges([(2, 1000, 1, AUTOMATIC, b"")]),
        edges_of=edges_of,
        previous=lambda ids: ids,
        limits=lambda ids: limits(i1=5),
    )
    assert found.moved.to_pylist() == [{"identifier_id": 1000, "before": 1000, "after": 2}]
    assert found.customers.tolist() == [2, 1000]
    assert sorted(asked) == [1, 2, 1000]


def test_customers_in_a_sparse_map() -> None:
    found = components(edges([(9, 5, 1, AUTOMATIC, b"a")]))
    assert customers_in(found.map, np.array([5, 6, 9])).tolist() == [5, 6, 5]
