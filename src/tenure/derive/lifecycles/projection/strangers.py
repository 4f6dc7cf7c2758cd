"""A lifecycle is about one party type: events of other parties' identifiers do not count.

The party of an event is the party type that declares the type of the identifier the event
arrived with. An identifier type that no party type declares, or several, is of no party in
particular, and its events count in every lifecycle.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from tenure.definitions import Library
from tenure.derive.lifecycles.projection.inputs import IDENTIFIERS
from tenure.record.events.queries.neighbours import identifiers_of_types, types_of


def foreign_types(library: Library, party: str | None) -> frozenset[str]:
    """Identifier types that only party types other than ``party`` declare; none for ``None``."""
    if party is None:
        return frozenset()
    declared = {
        key: {kind.key for kind in definition.identifiers}
        for key, definition in library.party_types.items()
    }
    own = declared.get(party, set())
    others = [kinds for key, kinds in declared.items() if key != party]
    return frozenset(set().union(*others) - own)


def by_foreign_types(library: Library, keys: Collection[str]) -> dict[frozenset[str], list[str]]:
    """Lifecycles that leave out the same types of identifiers."""
    found: dict[frozenset[str], list[str]] = {}
    for key in keys:
        found.setdefault(foreign_types(library, library.lifecycles[key].party), []).append(key)
    return found


def strangers(
    library: Library, party: str | None, among: pa.Array[pa.Int64Scalar] | None = None
) -> pa.Table:
    """Identifiers whose events a lifecycle of ``party`` leaves out.

    Args:
        library: declares which identifier types belong to which party.
        party: of the lifecycle; ``None`` leaves nobody out.
        among: only these identifiers; all on record when ``None``.

    Returns:
        A table with the column identifier_id.
    """
    foreign = foreign_types(library, party)
    if not foreign:
        return IDENTIFIERS.empty_table()
    if among is None:
        found = identifiers_of_types(sorted(foreign))
    else:
        types = types_of(among.to_numpy(zero_copy_only=False).tolist())
        found = pa.array([n for n, kind in types.items() if kind in foreign], pa.int64())
    return pa.table([found], schema=IDENTIFIERS)


def by_strangers(
    library: Library, keys: Collection[str], among: pa.Array[pa.Int64Scalar]
) -> list[tuple[pa.Table, list[str]]]:
    """Lifecycles that leave out the same of some identifiers, with the table of those.

    Args:
        library: says of which party each lifecycle is.
        keys: of the lifecycles.
        among: the identifiers.
    """
    alike: dict[tuple[int | None, ...], list[str]] = {}
    for some in by_foreign_types(library, keys).values():
        out = strangers(library, library.lifecycles[some[0]].party, among=among)
        alike.setdefault(tuple(out["identifier_id"].to_pylist()), []).extend(some)
    return [
        (pa.table([pa.array(numbers, pa.int64())], schema=IDENTIFIERS), some)
        for numbers, some in alike.items()
    ]
