"""Identifiers on record read again by the rules of today, as an arriving event's are.

What arrives is checked before it links anybody. What was recorded under an earlier definition, or
before a rule existed, is only found by reading it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenure.record.events.models import Identifier
from tenure.record.events.operations.recording import reading_shapes
from tenure.record.events.queries.identifiers import identifiers

_PART = 5_000


@dataclass(frozen=True, slots=True)
class Fault:
    """An identifier on record that would not be taken as it stands today.

    Attributes:
        fault: ``unreadable`` (no such number, or its check digit is wrong), ``nobody`` (stands
            for nobody, like 000), ``form`` (would be recorded in another form, so that the same
            value arriving now is another identifier).
    """

    identifier_id: int
    type: str
    fault: str


def faulty_identifiers(tell: Callable[[float], None]) -> list[Fault]:
    """All identifiers of declared types that today's rules would refuse or write otherwise.

    Args:
        tell: is told the share that is done; what it raises ends the reading.
    """
    reading = reading_shapes().identification(None)
    rows = Identifier.objects.filter(type__in=reading.types).order_by("id")
    total, done, last = rows.count(), 0, -1
    found: list[Fault] = []
    while part := list(rows.filter(id__gt=last).values_list("id", flat=True)[:_PART]):
        for view in identifiers(part, with_personal=True).values():
            if view.value is None:  # erased
                continue
            if fault := reading.fault_of(view.type, view.value):
                found.append(Fault(view.id, view.type, fault))
        done, last = done + len(part), part[-1]
        tell(done / total if total else 1.0)
    return found
