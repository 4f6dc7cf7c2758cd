"""Cards of customers followed along with their stages, from the same news."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from tenure.definitions import Library
from tenure.derive.customers.operations.carding import (
    cards_followed,
    move_cards_cursor,
    replace_all_cards,
)
from tenure.derive.customers.projection import IdentityChange, identity_state
from tenure.derive.customers.projection.cards import (
    NAME_FIELDS,
    PROFILED,
    cards_from,
    label_table,
    named_table,
)
from tenure.derive.lifecycles.operations.house import House
from tenure.derive.lifecycles.operations.news import Touched, undone_table
from tenure.derive.lifecycles.projection.definitions import parties_fingerprint
from tenure.engine.lake import Snapshot


def cards_stale(house: House, change: IdentityChange) -> bool:
    """Whether the cards have to be computed from the beginning."""
    state = identity_state()
    definitions = parties_fingerprint(house.library)
    return (
        state is None
        or change.explored is None
        or not cards_followed(event_cursor=state.event_cursor, definitions=definitions)
    )


def compute_all_cards(house: House, lake: Snapshot, identity: pa.Table) -> None:
    """Compute and store everybody's card; ``identity`` is the whole map."""
    cards = cards_from(
        house.runner,
        lake.parts(),
        lake.schema,
        library=house.library,
        identity=identity,
        undone=undone_table(),
        labels=label_table(house.library, None),
        named=named_table(house.library, None),
    )
    replace_all_cards(cards)


def cards_of_touched(house: House, touched: Touched, events: pa.Table) -> pa.Table:
    """The cards of customers with news; ``events`` are theirs."""
    types = naming_types(house.library)
    naming = events.filter(pc.is_in(events["type"], value_set=pa.array(types)))
    return cards_from(
        house.runner,
        events,
        events.schema,
        library=house.library,
        identity=touched.identity,
        undone=undone_table(),
        labels=label_table(house.library, touched.identifiers.to_numpy().tolist()),
        named=named_table(house.library, naming["event_id"].to_numpy().tolist()),
    )


def naming_types(library: Library) -> list[str]:
    """Event types that may tell a name."""
    found = {
        key
        for key, kind in library.event_types.items()
        if any(field.personal and field.key in NAME_FIELDS for field in kind.fields)
    }
    return sorted(found | {PROFILED})


def note_cards(house: House, *, event_cursor: int) -> None:
    """Move the cursor of the cards, in the transaction that writes them."""
    definitions = parties_fingerprint(house.library)
    move_cards_cursor(event_cursor=event_cursor, definitions=definitions, at=house.at)
