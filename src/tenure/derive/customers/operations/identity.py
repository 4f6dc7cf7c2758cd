"""Storing who is who."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from tenure.derive.customers.models import IdentifierCustomer, IdentityState, RefusedLink
from tenure.derive.customers.operations.rows import delete_rows, insert_rows
from tenure.derive.customers.projection.resolving import STATE, IdentityChange


def write_identity(change: IdentityChange, *, definitions: str, at: datetime) -> None:
    """Store ``change`` inside the caller's transaction, which also stores what follows from it.

    Args:
        change: computed by the projection.
        definitions: fingerprint of the party types it was computed under.
        at: the moment of following.
    """
    mapped = change.now.map
    if change.explored is None:
        # nearly all of it is as it was: only what moved is written
        moved = change.moved["identifier_id"].combine_chunks()
        delete_rows(IdentifierCustomer, "identifier_id", moved)
        mapped = mapped.filter(pc.is_in(mapped["identifier_id"], value_set=moved))
        RefusedLink.objects.all().delete()
    else:
        explored = pa.array(change.explored, pa.int64())
        delete_rows(IdentifierCustomer, "identifier_id", explored)
        delete_rows(RefusedLink, "left_id", explored)
        delete_rows(RefusedLink, "right_id", explored)
    insert_rows(IdentifierCustomer, mapped)
    insert_rows(RefusedLink, change.now.refused)
    IdentityState.objects.update_or_create(
        name=STATE,
        defaults={
            "link_cursor": change.link_cursor,
            "event_cursor": change.event_cursor,
            "definitions": definitions,
            "as_of": at,
        },
    )
