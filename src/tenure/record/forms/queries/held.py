"""Submissions that look like spam and wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from tenure.actor import Actor
from tenure.clock import from_microseconds
from tenure.record.forms.models import Submission
from tenure.record.forms.operations.guarding import REASONS
from tenure.record.forms.operations.taking import BODY, HOLDER
from tenure.record.vault.queries import reveal
from tenure.words import Words


@dataclass(frozen=True, slots=True)
class HeldView:
    """A submission that waits.

    Attributes:
        received_at: when it came, aware.
        reasons: what speaks against it.
        answers: question to what was written; personal, the door masks it by right.
        consents: purposes agreed to.
    """

    id: int
    version: int
    received_at: datetime
    reasons: tuple[Words, ...]
    answers: Mapping[str, str]
    consents: tuple[str, ...]


def held_submissions(form: str, viewer: Actor, *, limit: int = 100) -> list[HeldView]:
    """What waits of a form, the newest first.

    Args:
        form: its key.
        viewer: who asks; the door has checked the right.
        limit: so many at most.
    """
    rows = list(
        Submission.objects.filter(form=form, status=Submission.Status.HELD).order_by("-id")[:limit]
    )
    bodies = reveal(HOLDER, [row.id for row in rows])
    return [_view(row, bodies.get(row.id, {}).get(BODY, "{}")) for row in rows]


def _view(row: Submission, body: str) -> HeldView:
    said = msgspec.json.decode(body, type=dict[str, object])
    answers: dict[str, str] = {}
    for part in ("identifiers", "fields"):
        told = said.get(part)
        if isinstance(told, dict):
            answers |= {str(key): str(value) for key, value in told.items()}
    agreed = said.get("consents")
    purposes = [one.get("purpose") for one in agreed] if isinstance(agreed, list) else []
    codes = msgspec.json.decode(row.reasons, type=list[str])
    return HeldView(
        id=row.id,
        version=row.version,
        received_at=from_microseconds(row.received_us),
        reasons=tuple(REASONS[code] for code in codes if code in REASONS),
        answers=answers,
        consents=tuple(str(one) for one in purposes),
    )
