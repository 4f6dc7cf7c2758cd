"""Who may be one customer: the open questions of a viewer, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Aggregate, Avg, Count, Q, QuerySet

from tenure.actor import Actor
from tenure.derive.customers.models import (
    CustomerAction,
    CustomerCard,
    Suggestion,
    SuggestionCheck,
    SuggestionRun,
)
from tenure.derive.customers.queries.cards import Card, cards
from tenure.derive.customers.queries.visibility import visible
from tenure.engine.identity.suggesting import Threshold

RIGHT = "customer.merge"
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """How far two customers agree in one field.

    Attributes:
        field: as of ``engine.identity.suggesting.FIELDS``.
        level: code of the degree of agreement; ``unknown`` where one side says nothing.
        weight: base-2 logarithm of how much likelier that is for one and the same than by
            chance; negative speaks against.
    """

    field: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """Two customers who may be one.

    Attributes:
        left: card of the one; ``None`` where it has none yet.
        right: card of the other.
        state: open, accepted or declined.
        decided_by: key of the actor; empty while open.
        decided_at: aware.
    """

    id: int
    left_id: int
    right_id: int
    left: Card | None
    right: Card | None
    party: str
    probability: float
    evidence: tuple[Evidence, ...]
    state: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunView:
    """The last comparison of a party's customers.

    Attributes:
        compared: customers.
        looked_at: pairs of them.
        new_at: when those entered or imported since were compared last; ``None``: never.
        new_compared: how many these were.
    """

    party: str
    ran_at: datetime
    compared: int
    looked_at: int
    threshold: Threshold
    new_at: datetime | None
    new_compared: int


@dataclass(frozen=True, slots=True)
class CheckView:
    """The comparison that runs, or ran last.

    Attributes:
        began_at: aware.
        by: key of who asked for it.
        stopping: whether it was asked to end.
    """

    job_id: str
    began_at: datetime
    by: str
    stopping: bool


@dataclass(frozen=True, slots=True)
class Likely:
    """What the model expects of the suggestions above one probability.

    Attributes:
        least: the probability.
        pairs: how many open suggestions reach it.
        right: the fraction of them expected to be right; ``None`` where there are none.
    """

    least: float
    pairs: int
    right: float | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Suggestions somebody accepted at once.

    Attributes:
        group: name of the acceptance.
        pairs: how many.
        at: aware.
    """

    group: str
    pairs: int
    at: datetime


def suggestions(
    *, viewer: Actor, state: str = "open", least: float = 0.0, start: int = 0, limit: int = 20
) -> list[SuggestionView]:
    """Suggestions about customers both of whom the viewer may merge, the surest first.

    Args:
        viewer: who asks.
        state: open, accepted or declined.
        least: only of at least this probability.
        start: how many to skip.
        limit: at most so many.
    """
    rows = _rows(viewer, state, least)[start : start + limit]
    return _views(list(rows), viewer)


def suggestion_count(*, viewer: Actor, state: str = "open", least: float = 0.0) -> int:
    """How many there are, counted up to ``COUNTED`` + 1."""
    return _rows(viewer, state, least)[: COUNTED + 1].count()


def suggestion(number: int, *, viewer: Actor) -> SuggestionView | None:
    """One suggestion, whatever its state; ``None`` where there is none the viewer may decide."""
    return next(iter(_views(list(_scoped(viewer).filter(id=number)), viewer)), None)


def suggestion_ids(*, viewer: Actor, least: float, limit: int) -> list[int]:
    """Numbers of open suggestions of at least a probability, the surest first."""
    return list(_rows(viewer, "open", least).values_list("id", flat=True)[:limit])


def suggestion_runs() -> list[RunView]:
    """The last comparisons, persons first."""
    return [
        RunView(
            row.party,
            row.ran_at,
            row.compared,
            row.looked_at,
            Threshold(row.probability, row.expected_wrong, row.pairs, row.wrong_at_most),
            row.new_at,
            row.new_compared,
        )
        for row in SuggestionRun.objects.order_by("-party")
    ]


def latest_check() -> CheckView | None:
    """The comparison somebody asked for last; ``None``: nobody ever did."""
    row = SuggestionCheck.objects.first()
    return CheckView(row.job_id, row.began_at, row.by, row.stopping) if row else None


def likely_right(lines: Sequence[float], *, viewer: Actor) -> list[Likely]:
    """What share of the viewer's open suggestions above each line is expected to be right."""
    wanted: dict[str, Aggregate] = {}
    for place, line in enumerate(lines):
        above = Q(probability__gte=line)
        wanted[f"pairs_{place}"] = Count("id", filter=above)
        wanted[f"right_{place}"] = Avg("probability", filter=above)
    told = _rows(viewer, "open", 0.0).order_by().aggregate(**wanted)
    return [
        Likely(line, told[f"pairs_{place}"], told[f"right_{place}"])
        for place, line in enumerate(lines)
    ]


def accepted_at_once(*, viewer: Actor, since: datetime) -> list[Accepted]:
    """What the viewer accepted at once since a moment and has not taken back, newest first."""
    rows = CustomerAction.objects.filter(
        kind="accept", by=viewer.key, undone_at=None, at__gte=since
    ).exclude(value="")
    found: dict[str, Accepted] = {}
    for row in rows.order_by("-id"):
        known = found.get(row.value)
        pairs = len(msgspec.json.decode(row.before)) + (known.pairs if known else 0)
        found[row.value] = Accepted(row.value, pairs, row.at)
    return list(found.values())


def _rows(viewer: Actor, state: str, least: float) -> QuerySet[Suggestion]:
    rows = _scoped(viewer).filter(state=state, probability__gte=least)
    return rows.order_by("-probability", "id") if state == "open" else rows.order_by("-decided_at")


def _scoped(viewer: Actor) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.all()
    for right in ("customer.view", RIGHT):
        owners = visible(viewer, right).owners
        if owners is not None:
            own = CustomerCard.objects.filter(owner_id__in=sorted(owners)).values("customer_id")
            rows = rows.filter(left_id__in=own, right_id__in=own)
    return rows


def _views(rows: Sequence[Suggestion], viewer: Actor) -> list[SuggestionView]:
    known = cards({one for row in rows for one in (row.left_id, row.right_id)}, viewer)
    return [
        SuggestionView(
            id=row.pk,
            left_id=row.left_id,
            right_id=row.right_id,
            left=known.get(row.left_id),
            right=known.get(row.right_id),
            party=row.party,
            probability=row.probability,
            evidence=tuple(Evidence(*one) for one in msgspec.json.decode(row.evidence)),
            state=row.state,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
        )
        for row in rows
    ]
