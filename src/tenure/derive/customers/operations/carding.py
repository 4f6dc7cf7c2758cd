"""Storing cards: all of them, or those of customers with news."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from tenure.derive.customers.models import CustomerCard, IdentityState
from tenure.derive.customers.operations.rows import delete_rows, insert_rows, replace_in_parts
from tenure.derive.customers.projection.mapping import one_of

CARDS = "cards"
"""Name of the row of ``IdentityState`` that says how far the cards have been followed."""


def cards_followed(*, event_cursor: int, definitions: str) -> bool:
    """Whether the cards are true up to an event, under these definitions."""
    return IdentityState.objects.filter(
        name=CARDS, event_cursor=event_cursor, definitions=definitions
    ).exists()


def replace_all_cards(cards: pa.Table) -> None:
    """Make the cards exactly these; the caller moves the cursor afterwards.

    The cursor is taken away first, so that a crash half-way means computing again.
    """
    IdentityState.objects.filter(name=CARDS).delete()
    replace_in_parts(CustomerCard, [_as_of(cards, 0).sort_by("customer_id")])


def replace_cards_of(
    customers: pa.Array[pa.Int64Scalar], cards: pa.Table, *, event_cursor: int
) -> None:
    """Make the cards of ``customers`` exactly these, inside the caller's transaction.

    A card that somebody changed after the event the cards were computed up to stays as it is:
    the next follower knows that change and computes it.
    """
    newer = _changed_after(cards["customer_id"].combine_chunks(), event_cursor)
    if len(newer):
        cards = cards.filter(pc.invert(pc.is_in(cards["customer_id"], value_set=newer)))
        gone = pc.invert(pc.is_in(customers, value_set=newer))
        customers = customers.filter(gone)
    delete_rows(CustomerCard, "customer_id", customers)
    insert_rows(CustomerCard, _as_of(cards, event_cursor))


def mark_changed(customer_ids: Collection[int], *, event_cursor: int) -> None:
    """Note that something about these customers, such as the stage, is newer than a roster."""
    if not len(customer_ids):
        return
    condition, parameters = one_of("customer_id", np.array(sorted(customer_ids), np.int64))
    table = CustomerCard._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET changed_id = %s WHERE {condition} AND changed_id < %s",
            [event_cursor, *parameters, event_cursor],
        )


def move_cards_cursor(*, event_cursor: int, definitions: str, at: datetime) -> None:
    """Note how far the cards have been followed, in the transaction that writes them."""
    IdentityState.objects.update_or_create(
        name=CARDS,
        defaults={
            "link_cursor": 0,
            "event_cursor": event_cursor,
            "definitions": definitions,
            "as_of": at,
        },
    )


def _changed_after(
    customers: pa.Array[pa.Int64Scalar], event_cursor: int
) -> pa.Array[pa.Int64Scalar]:
    rows = CustomerCard.objects.filter(changed_id__gt=event_cursor)
    newer = pa.array(list(rows.values_list("customer_id", flat=True)), pa.int64())
    return newer.filter(pc.is_in(newer, value_set=customers))


def _as_of(cards: pa.Table, event_cursor: int) -> pa.Table:
    changed = pa.array(np.full(cards.num_rows, event_cursor), pa.int64())
    return cards.append_column("changed_id", changed)
