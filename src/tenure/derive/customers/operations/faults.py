"""Reading the identifiers of the existing base again by the rules that hold on entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from tenure.derive.customers.models import IdentifierFault
from tenure.record.events.queries.faults import faulty_identifiers

_BATCH = 1_000


def refresh_faults(*, at: datetime, tell: Callable[[float], None]) -> int:
    """List the identifiers on record that today's rules would refuse or write otherwise.

    Nothing is changed about them: a person looks, and corrects or separates.

    Args:
        at: the moment, aware.
        tell: is told the share that is done; what it raises ends it with nothing changed.

    Returns:
        How many there are.
    """
    found = faulty_identifiers(tell)
    rows = [
        IdentifierFault(
            identifier_id=one.identifier_id, type=one.type, fault=one.fault, found_at=at
        )
        for one in found
    ]
    with transaction.atomic():
        IdentifierFault.objects.all().delete()
        IdentifierFault.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)
