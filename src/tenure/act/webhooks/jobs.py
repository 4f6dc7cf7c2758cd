"""Background work of webhooks beside the sending itself, which follows the log at once."""

from __future__ import annotations

from django_tasks import task

from tenure.act.webhooks.operations import clean_deliveries, note_disclosures
from tenure.work import current_work


@task(unique="clean-deliveries", cron="50 3 * * *")
def forget_deliveries() -> int:
    """Forget old deliveries, every night."""
    return clean_deliveries(at=current_work().at)


@task(unique="note-disclosures", cron="5 * * * *")
def tell_audit() -> int:
    """Tell the audit how many messages with personal values went out, every hour."""
    return note_disclosures(at=current_work().at)
