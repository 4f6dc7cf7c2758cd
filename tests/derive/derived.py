"""Everything the derive floor concluded, in a form that can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from msgspec.structs import astuple

from tenure.derive.customers.models import IdentifierCustomer, RefusedLink
from tenure.derive.lifecycles.models import CurrentStages
from tenure.derive.lifecycles.projection import build, house_histories, house_runner
from tenure.derive.lifecycles.projection.stands import Stand, stands_of
from tenure.record.library.queries import current_library

Rows = tuple[tuple[object, ...], ...]
Histories = dict[str, Rows]


@dataclass(frozen=True)
class Derived:
    """Rows without surrogate keys and without the moment they were last written."""

    customers: Rows
    refused: Rows
    current: Rows
    histories: Histories


def derived() -> Derived:
    return Derived(
        customers=_rows(IdentifierCustomer.objects.values_list("identifier_id", "customer_id")),
        refused=_rows(
            RefusedLink.objects.values_list(
                "left_id", "right_id", "reason", "because_id", "found", "limit"
            )
        ),
        current=_rows(
            (customer, key, *astuple(stand))
            for customer, stands in current_stands().items()
            for key, stand in stands.items()
        )
        + _rows(CurrentStages.objects.values_list("customer_id", "due_us")),
        histories=_histories(),
    )


def current_stands() -> dict[int, dict[str, Stand]]:
    """Where everybody stands by the rows of the database."""
    rows = CurrentStages.objects.values_list("customer_id", "stages")
    return {customer: stands_of(text) for customer, text in rows}


def standing_in(lifecycle: str) -> dict[int, Stand]:
    """Where everybody stands in one lifecycle; not those whose history begins later."""
    every = {number: stands.get(lifecycle) for number, stands in current_stands().items()}
    return {number: stand for number, stand in every.items() if stand and stand.stage}


def coming_in(lifecycle: str) -> set[int]:
    """Whose history begins later."""
    return {
        number
        for number, stands in current_stands().items()
        if lifecycle in stands and not stands[lifecycle].stage
    }


def _rows(found: object) -> Rows:
    return tuple(sorted(found, key=repr))  # type: ignore[call-overload]


def table_rows(table: pa.Table) -> Rows:
    return _rows(tuple(row.values()) for row in table.to_pylist())


def _histories() -> Histories:
    library, _ = current_library()
    return {key: table_rows(stored(key)) for key in sorted(library.lifecycles)}


def stored(lifecycle: str) -> pa.Table:
    snapshot = house_histories().read(lifecycle)
    return house_runner().run(snapshot.intervals, snapshot.inputs)


def derived_by_build() -> Histories:
    library, _ = current_library()
    built = build()
    return {key: table_rows(built.histories[key]) for key in sorted(library.lifecycles)}


def without_events(histories: Histories) -> Histories:
    """Histories without the numbers of events: PostgreSQL goes on counting in the next house."""
    return {key: _rows((*row[:5], *row[6:]) for row in rows) for key, rows in histories.items()}
