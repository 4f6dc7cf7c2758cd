"""Editing a profile, field by field, so that two people at once lose nothing.

Every edit names the event its author saw the old value in. Where somebody else changed the same
field since, nothing is written and both values are shown; different fields never collide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.definitions import PROFILED, Field
from tenure.derive.customers.operations.profiling_records import state
from tenure.derive.customers.queries.profile import (
    CLEARED,
    Profile,
    ProfileField,
    Value,
    fields_at,
    profile_in,
)
from tenure.derive.customers.queries.profile_log import (
    PROFILE_TYPES,
    CustomerLog,
    customer_log,
    moment_after,
)
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.guard.access.queries import ForbiddenError
from tenure.guard.audit.operations import note
from tenure.money import from_e4
from tenure.record.events.events import OWN_SOURCE
from tenure.record.events.operations.values import PARSERS, UnfitValueError
from tenure.record.events.operations.writing import lock_log
from tenure.words import TenureError, Words


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """What somebody wants a field to say.

    Attributes:
        key: of the field.
        text: as typed; blank empties the field.
        base: number of the event whose value they saw; 0 where the field had never been told.
    """

    key: str
    text: str
    base: int


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """Somebody else changed the field meanwhile.

    Attributes:
        mine: as typed.
        current: what it says now, as the editor may see it.
        original: what it said when the editor looked; ``None`` where it was empty or is hidden.
    """

    mine: str
    current: ProfileField
    original: Value


class ProfileConflictError(TenureError):
    """Fields were changed by two people; nothing of this edit is written yet."""

    def __init__(self, conflicts: Sequence[FieldConflict]) -> None:
        names = [one.current.field.name or Words(*[one.current.field.key] * 2) for one in conflicts]
        super().__init__(
            Words(
                zh=f"{'、'.join(name.zh for name in names)}刚刚被别人改过，请选择保留哪个值",
                en=f"{', '.join(name.en for name in names)}: changed by somebody else meanwhile; "
                "choose which value to keep",
            )
        )
        self.conflicts = tuple(conflicts)


class ProfileFieldError(TenureError):
    """Values that do not fit their fields; nothing is written."""

    def __init__(self, problems: Mapping[str, Words]) -> None:
        first = next(iter(problems.values()))
        super().__init__(first)
        self.problems = dict(problems)


def edit_profile(
    customer_id: int, edits: Sequence[FieldEdit], *, by: Actor, at: datetime
) -> int | None:
    """Record the fields that somebody changed, all of them or none.

    Args:
        customer_id: any identifier of the customer.
        edits: of any fields of the customer's profile; unchanged ones are left out.
        by: who edits.
        at: the moment, aware.

    Returns:
        The number of the event; ``None`` where nothing changes.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        ForbiddenError: ``by`` may not edit this customer.
        ProfileFieldError: a value does not fit its field.
        ProfileConflictError: a field was changed since the editor looked.
    """
    rights = demand_customer(customer_id, viewer=by, right="customer.edit")
    with transaction.atomic():
        lock_log()
        everything = customer_log(customer_id, types=PROFILE_TYPES)
        moment = moment_after(everything.events, OWN_SOURCE, at)
        log = everything.until(moment)
        changes = _Comparison.of(log, profile_in(log, rights=rights), edits).changes()
        if not changes:
            return None
        return state(
            customer_id,
            PROFILED,
            _fields(changes),
            by=by,
            at=at,
            occurred_at=moment,
            told={"fields": sorted(change.field.key for change in changes)},
        )


def reveal_group(customer_id: int, group: str, *, by: Actor, at: datetime) -> frozenset[str]:
    """Note that somebody looks at personal fields they do not read as a rule.

    Args:
        customer_id: any identifier of the customer.
        group: of ``guard.access.queries.FIELD_GROUPS``.
        by: who looks.
        at: the moment, aware.

    Returns:
        The groups to pass to the queries as ``revealing``.

    Raises:
        UnknownCustomerError: there is no such customer for ``by``.
        HiddenGroupError: ``by`` may not look at this group.
    """
    rights = demand_customer(customer_id, viewer=by)
    if group not in rights.reveals | rights.reads:
        raise HiddenGroupError
    detail = {"group": group}
    note("customer.revealed", by=by, at=at, about=f"customer:{customer_id}", detail=detail)
    return frozenset({group})


class HiddenGroupError(ForbiddenError):
    """A group of personal fields stays masked for this viewer."""

    def __init__(self) -> None:
        super().__init__("customer.view")
        self.words = Words(
            "您的角色不能查看这类个人信息", "your role does not let you see this personal data"
        )


@dataclass(frozen=True, slots=True)
class _Change:
    """A field and its new value, as read (``None``: empty) and as typed."""

    field: Field
    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Edits beside what the log says now and said when the editor looked."""

    shown: Profile
    edits: Sequence[FieldEdit]
    said: Mapping[int, Mapping[str, Value]]

    @classmethod
    def of(cls, log: CustomerLog, shown: Profile, edits: Sequence[FieldEdit]) -> _Comparison:
        return cls(shown, edits, fields_at(log, [entry.field for entry in shown.fields]))

    def changes(self) -> list[_Change]:
        """The edits that change something.

        Raises:
            ProfileFieldError: a value does not fit.
            ProfileConflictError: somebody was quicker.
        """
        problems: dict[str, Words] = {}
        conflicts: list[FieldConflict] = []
        changes: list[_Change] = []
        for edit in self.edits:
            entry = self.shown.field(edit.key)
            if entry is None:
                problems[edit.key] = _unknown(edit.key)
                continue
            try:
                value = _parsed(entry.field, edit.text)
            except UnfitValueError as unfit:
                problems[edit.key] = unfit.words
                continue
            if not self._changes(edit, entry, value):
                continue
            if entry.event_id == edit.base:
                changes.append(_Change(entry.field, value, edit.text))
            else:
                conflicts.append(self._conflict(edit, entry))
        if problems:
            raise ProfileFieldError(problems)
        if conflicts:
            raise ProfileConflictError(conflicts)
        return changes

    def _changes(self, edit: FieldEdit, entry: ProfileField, value: Value) -> bool:
        """Whether the editor changed what they saw, into something it does not say already."""
        current = self.said.get(entry.event_id, {}).get(edit.key)
        if _same(value, current):
            return False
        known = edit.base == 0 or edit.key in self.said.get(edit.base, {})
        return not (known and _same(value, self.said.get(edit.base, {}).get(edit.key)))

    def _conflict(self, edit: FieldEdit, entry: ProfileField) -> FieldConflict:
        original = self.said.get(edit.base, {}).get(edit.key)
        return FieldConflict(edit.text, entry, None if entry.hidden else original)


def _parsed(field: Field, text: str) -> Value:
    """A typed text as a value of the field; ``None`` for blank."""
    text = text.strip()
    if not text:
        return None
    value = PARSERS[field.type](text)
    if field.type == "money" and isinstance(value, int):
        return from_e4(value)
    return str(value) if field.personal and value is not None else value


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def _fields(changes: Sequence[_Change]) -> dict[str, object]:
    """The fields of the event: new values, and which are empty now."""
    fields: dict[str, object] = {
        change.field.key: change.text.strip() for change in changes if change.value is not None
    }
    emptied = [change.field for change in changes if change.value is None]
    for field in emptied:
        # so that metrics that look at the last value see the blank one, too
        if field.type == "string" and not field.personal:
            fields[field.key] = ""
    if emptied:
        fields[CLEARED] = ",".join(field.key for field in emptied)
    return fields


def _unknown(key: str) -> Words:
    return Words(zh=f"客户资料没有字段 {key}", en=f"the profile has no field {key}")
