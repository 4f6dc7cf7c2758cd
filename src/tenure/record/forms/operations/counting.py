"""How far visitors come: shown, begun, sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import F

from tenure.record.events.queries import basis
from tenure.record.forms.models import FormDay

Step = Literal["shown", "started", "sent", "held"]


def count_visit(form: str, step: Step, *, at: datetime) -> None:
    """Count one visitor who came so far with a form.

    Args:
        form: its key.
        step: how far.
        at: when, aware.
    """
    day = at.astimezone(basis().zone).date()
    rows = FormDay.objects.filter(form=form, day=day)
    with transaction.atomic():
        if not rows.update(**{step: F(step) + 1}):
            FormDay.objects.get_or_create(form=form, day=day)
            rows.update(**{step: F(step) + 1})
