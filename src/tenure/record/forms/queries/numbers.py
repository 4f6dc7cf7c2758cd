"""How far visitors come with each form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from tenure.actor import Actor
from tenure.record.forms.models import FormDay, Submission


@dataclass(frozen=True, slots=True)
class FormNumbers:
    """A form in figures.

    Attributes:
        shown: pages shown.
        started: visitors who began to fill it in, as far as their browsers run scripts.
        sent: submissions let in.
        held: submissions that wait for a person now.
    """

    shown: int = 0
    started: int = 0
    sent: int = 0
    held: int = 0

    @property
    def conversion(self) -> float | None:
        """The share of those shown who sent it; None where it was not shown."""
        return min(self.sent / self.shown, 1.0) if self.shown else None


def form_numbers(viewer: Actor, *, since: date) -> Mapping[str, FormNumbers]:
    """Figures by form since a day, and how many are held now.

    Args:
        viewer: who asks; the door has checked the right.
        since: first day, in the organisation's zone.
    """
    rows = FormDay.objects.filter(day__gte=since).values("form")
    sums = {
        row["form"]: row
        for row in rows.annotate(
            shown_sum=Sum("shown"), started_sum=Sum("started"), sent_sum=Sum("sent")
        )
    }
    waiting = Submission.objects.filter(status=Submission.Status.HELD).values("form")
    held = {row["form"]: row["held"] for row in waiting.annotate(held=Count("id"))}
    return {
        key: FormNumbers(
            shown=sums[key]["shown_sum"] if key in sums else 0,
            started=sums[key]["started_sum"] if key in sums else 0,
            sent=sums[key]["sent_sum"] if key in sums else 0,
            held=held.get(key, 0),
        )
        for key in {*sums, *held}
    }
