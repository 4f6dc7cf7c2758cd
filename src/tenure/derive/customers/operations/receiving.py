"""Events that a program tells about customers, as far as it reaches them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.definitions import PROFILED
from tenure.derive.customers.operations.profiling import FieldEdit, edit_profile
from tenure.derive.customers.operations.profiling_records import StatementError
from tenure.derive.customers.queries.identity import customer_of
from tenure.derive.customers.queries.profile import CLEARED, profile_of
from tenure.derive.customers.queries.profile_log import ASSIGNED
from tenure.derive.customers.queries.visibility import Visible, visible
from tenure.guard.access.queries import ForbiddenError, demand
from tenure.guard.audit.operations import note
from tenure.record.events.operations import IncomingEvent, Receipt, record_events
from tenure.record.events.queries import events_by_id, find_identifiers
from tenure.words import Words

OUT_OF_REACH = Words(
    "这个事件的标识不属于您可以记录的客户；只有能记录所有客户事件的令牌可以记录新客户",
    "these identifiers are not of a customer whose events you may record; new customers need "
    "the right for all customers",
)
_OWN_RIGHTS = {
    ASSIGNED: "customer.assign",
    "stage.pinned": "stage.pin",
    "stage.unpinned": "stage.pin",
}
"""Events that are acts with a right of their own, which ``event.record`` does not stand for."""
Named = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Upserted:
    """A customer who is on record now.

    Attributes:
        created: nobody had any of these identifiers before.
        changed: something was written.
    """

    customer_id: int
    created: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class _Meant:
    """The customers some identifiers lead to, and whether each identifier leads to one."""

    customers: frozenset[int]
    whole: bool


def record_within(
    events: Sequence[IncomingEvent], *, source: str, by: Actor, at: datetime
) -> list[Receipt]:
    """As ``record_events``, of those customers that ``event.record`` reaches for ``by``.

    An event about anybody else, and one that would make two customers one whom ``by`` may not
    merge, is refused and kept nowhere.

    Args:
        events: in any order.
        source: name of the system they come from.
        by: on whose behalf.
        at: the recording moment, aware.

    Returns:
        One receipt per event, in their order.

    Raises:
        ForbiddenError: ``by`` may record events of nobody.
    """
    demand(by, "event.record")
    reach, merge = visible(by, "event.record"), visible(by, "customer.merge")
    others = {kind: visible(by, right) for kind, right in _OWN_RIGHTS.items()}
    held = [
        event
        for event in events
        if _reaches(event.identifiers, reach, merge)
        and _reaches(event.identifiers, others.get(event.type, reach), merge)
    ]
    with transaction.atomic():
        receipts = iter(record_events(held, source=source, by=by, at=at) if held else ())
        kept = {id(event) for event in held}
        answers = [
            next(receipts) if id(event) in kept else Receipt("refused", reasons=(OUT_OF_REACH,))
            for event in events
        ]
        count = sum(answer.status == "accepted" for answer in answers)
        if count:
            said = {"events": count, "source": source}
            note("event.recorded", by=by, at=at, detail=said)
    return answers


def upsert_customer(
    identifiers: Named,
    profile: Mapping[str, str | None],
    *,
    source: str,
    by: Actor,
    at: datetime,
) -> Upserted:
    """Put a customer with these identifiers on record, and let the profile say this.

    Where all identifiers are one customer's, only fields that change are written; nothing is
    where none does.

    Args:
        identifiers: type to value or values.
        profile: field key to text; ``None`` empties a field. Others stay as they are.
        source: name of the system that tells it.
        by: who tells it; reaches the customer by ``customer.edit``, everybody for a new one.
        at: the moment, aware.

    Raises:
        ForbiddenError: out of reach, or two customers would become one whom ``by`` may not merge.
        ProfileFieldError: a value does not fit its field.
        StatementError: the log refuses it.
    """
    demand(by, "customer.edit")
    meant = _meant(identifiers)
    if not _reaches(identifiers, visible(by, "customer.edit"), visible(by, "customer.merge")):
        raise ForbiddenError("customer.merge" if len(meant.customers) > 1 else "customer.edit")
    if meant.whole and len(meant.customers) == 1:
        [number] = meant.customers
        changed = set_fields(number, profile, by=by, at=at)
        return Upserted(number, created=False, changed=changed)
    fields: dict[str, object] = {key: text for key, text in profile.items() if text is not None}
    emptied = [key for key, text in profile.items() if text is None]
    if emptied:
        fields[CLEARED] = ",".join(emptied)
    event = IncomingEvent(PROFILED, at, dict(identifiers), fields)
    with transaction.atomic():
        [receipt] = record_events([event], source=source, by=by, at=at)
        if receipt.event_id is None:
            raise StatementError(receipt.reasons[0])
        first = events_by_id([receipt.event_id])[receipt.event_id].identifier_id
        if first is None:
            raise StatementError(Words("没有一个标识可用", "none of the identifiers can be used"))
        number = customer_of(first)
        said = {"fields": sorted(profile)}
        note("customer.profiled", by=by, at=at, about=f"customer:{number}", detail=said)
    return Upserted(number, created=not meant.customers, changed=True)


def set_fields(
    customer_id: int, profile: Mapping[str, str | None], *, by: Actor, at: datetime
) -> bool:
    """Let some fields of a customer say this, whatever they said; whether anything changed.

    Errors as :func:`edit_profile`, whose conflicts cannot arise.
    """
    with transaction.atomic():
        shown = profile_of(customer_id, viewer=by)
        bases = {entry.field.key: entry.event_id for entry in shown.fields}
        edits = [FieldEdit(key, text or "", bases.get(key, 0)) for key, text in profile.items()]
        return edit_profile(customer_id, edits, by=by, at=at) is not None


def _reaches(identifiers: Named, reach: Visible, merge: Visible) -> bool:
    meant = _meant(identifiers)
    if not (meant.whole and meant.customers) and not reach.everybody:
        return False
    if reach.among(meant.customers) != meant.customers:
        return False
    return len(meant.customers) < 2 or merge.among(meant.customers) == meant.customers


def _meant(identifiers: Named) -> _Meant:
    customers: set[int] = set()
    whole = bool(identifiers)
    for kind, values in identifiers.items():
        for value in _each(values):
            found = find_identifiers(value, types=[kind])
            whole = whole and bool(found)
            customers.update(customer_of(one.id) for one in found)
    return _Meant(frozenset(customers), whole)


def _each(values: str | tuple[str, ...]) -> Collection[str]:
    return (values,) if isinstance(values, str) else values
