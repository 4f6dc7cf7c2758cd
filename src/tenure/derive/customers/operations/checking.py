"""Comparing customers: all of them, or those told of since; and asking a comparison to end.

What is found takes the place of the open suggestions in one transaction, so a comparison that
ends early changes nothing. Pairs a person decided, or said to be two, are never opened again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.db.models import F, Q

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerCard, Suggestion, SuggestionCheck, SuggestionRun
from tenure.derive.customers.projection.likeness import TOLD_BY, likeness_records
from tenure.derive.customers.projection.mapping import customers_of
from tenure.engine.identity.suggesting import Party, Suggestions, suggest
from tenure.record.events.queries import last_event_id
from tenure.record.events.queries.neighbours import identifiers_told, latest_statements

PARTIES: tuple[Party, ...] = ("person", "organisation")
CHECK = 1
"""The only row that tells of the comparison that runs."""
MEMORY = "3GB"
_EVERY_STATEMENT = 10_000_000
_BATCH = 1_000
Pair = tuple[int, int]
Ids = npt.NDArray[np.int64]
Told = Callable[[float], None]


class CheckStopped(Exception):  # noqa: N818 - not a failure
    """Somebody asked for the comparison to end; nothing was changed."""


def _untold(share: float) -> None:
    """Nobody watches."""


def refresh_suggestions(party: Party, *, at: datetime, tell: Told = _untold) -> int:
    """Compare all customers of a party and keep who may be one.

    Args:
        party: key of the party type.
        at: the moment, aware.
        tell: is told the share that is done; what it raises ends the comparison.

    Returns:
        How many suggestions are open now.
    """
    cursor = last_event_id()
    records = likeness_records(party)
    tell(0.3)
    found = suggest(records, party, memory=MEMORY, tell=lambda share: tell(0.3 + 0.65 * share))
    with transaction.atomic():
        _replace(party, found, at, Q())
        line = found.threshold
        SuggestionRun.objects.update_or_create(
            party=party,
            defaults={
                "ran_at": at,
                "compared": len(records),
                "looked_at": found.looked_at,
                "pairs": line.pairs,
                "probability": line.probability,
                "expected_wrong": line.expected_wrong,
                "wrong_at_most": line.wrong_at_most,
                "cursor": cursor,
                "new_at": None,
                "new_compared": 0,
            },
        )
    tell(1.0)
    return open_count(party)


def refresh_new_suggestions(party: Party, *, at: datetime, tell: Told = _untold) -> int:
    """Compare with all others only the customers whose data was entered or imported since.

    The line is that of the last comparison of all.

    Returns:
        How many were compared; 0 where nobody is new, or all were never compared.
    """
    run = SuggestionRun.objects.filter(party=party).first()
    cursor = last_event_id()
    new = _told_since(party, run.cursor, cursor) if run else np.empty(0, np.int64)
    if run is None or not len(new):
        SuggestionRun.objects.filter(party=party).update(cursor=cursor)
        return 0
    records = likeness_records(party)
    tell(0.3)
    line = run.probability if run.pairs else None
    found = suggest(
        records, party, memory=MEMORY, new=new, line=line,
        tell=lambda share: tell(0.3 + 0.65 * share),
    )  # fmt: skip
    ends = new.tolist()
    with transaction.atomic():
        for start in range(0, len(ends), _BATCH):
            part = ends[start : start + _BATCH]
            _forget(party, Q(left_id__in=part) | Q(right_id__in=part))
        _add(party, found, at)
        SuggestionRun.objects.filter(party=party).update(
            cursor=cursor, new_at=at, new_compared=F("new_compared") + len(ends)
        )
    tell(1.0)
    return len(ends)


def open_count(party: Party) -> int:
    """How many suggestions of a party wait for a decision."""
    return Suggestion.objects.filter(party=party, state=Suggestion.State.OPEN).count()


def note_check(job_id: str, *, by: Actor, at: datetime) -> None:
    """Remember which job compares, so that everybody sees how far it is and may end it."""
    SuggestionCheck.objects.update_or_create(
        id=CHECK, defaults={"job_id": job_id, "began_at": at, "by": by.key, "stopping": False}
    )


def stop_check() -> None:
    """Ask the comparison that runs to end; what was suggested before stays."""
    SuggestionCheck.objects.filter(id=CHECK).update(stopping=True)


def begin_check() -> None:
    """Forget that an earlier comparison was asked to end."""
    SuggestionCheck.objects.filter(id=CHECK).update(stopping=False)


def obey_stop() -> None:
    """Go on, unless somebody asked for an end.

    Raises:
        CheckStopped: so it is.
    """
    if SuggestionCheck.objects.filter(id=CHECK, stopping=True).exists():
        raise CheckStopped


def _told_since(party: Party, after: int, upto: int) -> Ids:
    """Customers of a party of whom profile events told between two events."""
    told = identifiers_told(after, upto, TOLD_BY)
    customers = np.unique(customers_of(np.asarray(told, np.int64)))
    found: list[int] = []
    for start in range(0, len(customers), _BATCH):
        part = customers[start : start + _BATCH].tolist()
        rows = CustomerCard.objects.filter(party=party, customer_id__in=part)
        found += rows.values_list("customer_id", flat=True)
    return np.array(sorted(found), np.int64)


def _kept_apart() -> set[Pair]:
    """Customers of whom a person's last word is that they are two."""
    last: dict[Pair, bool | None] = {}
    for one in latest_statements(_EVERY_STATEMENT):  # newest first
        last.setdefault((one.left, one.right), one.linked)
    apart = [pair for pair, linked in last.items() if linked is False]
    ends = customers_of(np.array(apart, np.int64).reshape(-1))
    return {(min(pair), max(pair)) for pair in ends.reshape(-1, 2).tolist()}


def _replace(party: Party, found: Suggestions, at: datetime, about: Q) -> None:
    """Open suggestions are found anew; those decided, or taken back, stay."""
    _forget(party, about)
    _add(party, found, at)


def _forget(party: Party, about: Q) -> None:
    open_ = Suggestion.objects.filter(party=party, state=Suggestion.State.OPEN, event_id=None)
    open_.filter(about).delete()


def _add(party: Party, found: Suggestions, at: datetime) -> None:
    own = Suggestion.objects.filter(party=party)
    kept = {*own.values_list("left_id", "right_id")} | _kept_apart()
    rows = [
        Suggestion(
            left_id=pair["left_id"],
            right_id=pair["right_id"],
            party=party,
            probability=pair["probability"],
            evidence=msgspec.json.encode(
                [[one["field"], one["level"], round(one["weight"], 2)] for one in pair["evidence"]]
            ).decode(),
            found_at=at,
        )
        for pair in found.pairs.to_pylist()
        if (pair["left_id"], pair["right_id"]) not in kept
    ]
    Suggestion.objects.bulk_create(rows, batch_size=_BATCH)
