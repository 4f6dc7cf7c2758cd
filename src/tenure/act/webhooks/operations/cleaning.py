"""What is kept of deliveries for a while only, and what the audit is told by the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.queries.answers import ANSWER_HOLDER
from tenure.actor import SYSTEM
from tenure.clock import to_microseconds
from tenure.guard.audit.operations import note
from tenure.record.vault.operations import discard

_SLICE = 900


def clean_deliveries(*, at: datetime) -> int:
    """Forget deliveries that ended longer ago than their endpoint keeps them; how many.

    What still waits is kept. The log and the cursor know what was told, so nothing is told
    twice for it.
    """
    removed = 0
    for number, days in Endpoint.objects.values_list("id", "keep_days"):
        before = to_microseconds(at - timedelta(days=days))
        while part := _forget(number, before):
            removed += part
    return removed


def note_disclosures(*, at: datetime) -> int:
    """Tell the audit how many messages with personal values went where since it was told last.

    Hourly and by number: an entry for each would bury what people did. Returns how many.
    """
    told = 0
    for number in Endpoint.objects.filter(disclosed__gt=0).values_list("id", flat=True):
        with transaction.atomic():
            row = Endpoint.objects.select_for_update().filter(id=number).first()
            told += note_disclosed(row, at=at) if row is not None else 0
    return told


def note_disclosed(row: Endpoint, *, at: datetime) -> int:
    """The same of one endpoint, in the transaction that holds it."""
    rows = row.disclosed
    if rows:
        said = {"rows": rows, "groups": row.reads, "name": row.name, "address": row.address}
        note("webhook.exported", by=SYSTEM, at=at, about=f"webhook:{row.id}", detail=said)
        row.disclosed = 0
        row.save(update_fields=["disclosed"])
    return rows


@transaction.atomic
def _forget(endpoint_id: int, before_us: int) -> int:
    ended = Delivery.objects.filter(endpoint_id=endpoint_id, created_us__lt=before_us)
    ended = ended.exclude(status=Delivery.Status.PENDING).order_by("id")
    numbers = list(ended.values_list("id", flat=True)[:_SLICE])
    discard(ANSWER_HOLDER, numbers)
    return Delivery.objects.filter(id__in=numbers).delete()[0] if numbers else 0
