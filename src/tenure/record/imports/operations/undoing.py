"""Takes back a whole import."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.record.events.operations import undo_batch
from tenure.words import Words

from ..models import Import
from .problems import CannotImportError
from .running.tally import Tally, decode_tally


def undo_import(import_id: int, *, reason: str, by: Actor, at: datetime) -> Tally:
    """Take back every event of an import; gives the counts of what is taken back.

    The events stay in the log and count for nothing from ``at`` on; the file may be imported
    again.

    Raises:
        CannotImportError: unknown, or undone before.
    """
    with transaction.atomic():
        row = Import.objects.select_for_update().filter(id=import_id).first()
        if row is None:
            raise CannotImportError(
                Words(zh=f"没有编号为 {import_id} 的导入", en=f"there is no import {import_id}")
            )
        if row.status == Import.Status.UNDONE:
            raise CannotImportError(
                Words(zh=f"导入 {import_id} 已经撤销过", en=f"import {import_id} was undone before")
            )
        undo_batch(import_id, reason=reason, by=by, at=at)
        row.status, row.undone_at = Import.Status.UNDONE, at
        row.save(update_fields=["status", "undone_at"])
    return decode_tally(row.tally)
