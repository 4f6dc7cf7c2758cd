"""Everything the derive floor concluded, in a form that can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from tenure.derive.customers.models import IdentifierCustomer, RefusedLink
from tenure.derive.lifecycles.models import ComingCustomer, CurrentStage
from tenure.derive.lifecycles.projection import build, house_histories, house_runner
from tenure.record.library.queries import current_library

Rows = tuple[tuple[object, ...], ...]
Histories = dict[str, Rows]


@dataclass(frozen=True)
class Derived:
    """Rows without surrogate keys and without the moment they were last written."""

    customers: Rows
    refused: Rows
    current: Rows
    coming: Rows
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
            CurrentStage.objects.values_list(
                "customer_id",
                "lifecycle",
                "stage",
                "canonical",
                "entered_at",
                "next_at",
                "next_stage",
                "definition_version",
            )
        ),
        coming=_rows(ComingCustomer.objects.values_list("customer_id", "lifecycle", "begins_at")),
        histories=_histories(),
    )


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
