"""The profile on the page: read, edited as a form or field by field, conflicts settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.definitions import Field
from tenure.derive.customers.operations.profiling import FieldConflict, FieldEdit
from tenure.derive.customers.queries.profile import ProfileField, Value, field_story
from tenure.web.components import figures
from tenure.web.customers.views.customer_frame import Opened, open_customer
from tenure.web.language import told
from tenure.web.viewer import page
from tenure.words import Words

Context = dict[str, Any]
ALL = "all"
CHANNELS = ("电话", "短信", "微信", "邮件", "App", "上门")


@dataclass(frozen=True)
class Typed:
    """What somebody has typed and could not save yet.

    Attributes:
        edits: by field.
        problems: why a value does not fit, by field.
        conflicts: fields somebody else changed meanwhile.
    """

    edits: Mapping[str, FieldEdit] = field(default_factory=dict)
    problems: Mapping[str, Words] = field(default_factory=dict)
    conflicts: Sequence[FieldConflict] = ()


def profile_context(opened: Opened, editing: str = "", typed: Typed | None = None) -> Context:
    """What the card of the profile needs.

    Args:
        opened: the customer.
        editing: ``all``, the key of one field, or blank to read.
        typed: what could not be saved.
    """
    typed = typed or Typed()
    entries = opened.profile.fields
    opened.learn_names({entry.set_by for entry in entries if entry.set_by})
    conflicts = {one.current.field.key: one for one in typed.conflicts}
    rows = [
        _row(opened, entry, editing, typed, conflicts.get(entry.field.key)) for entry in entries
    ]
    told: list[Context] = []
    empty: list[Context] = []
    for row in rows:
        open_or_told = row["open"] or row["entry"].event_id or editing == ALL
        (told if open_or_told else empty).append(row)
    return {
        "profile_rows": told,
        "empty_rows": empty,
        "editing": editing,
        "conflict_rows": [_conflict_row(opened, one) for one in typed.conflicts],
        "channels": CHANNELS,
    }


@page("customer.view")
def history(request: HttpRequest, customer_id: int, key: str) -> HttpResponse:
    """Every value a field has had."""
    opened = open_customer(request, customer_id)
    story = field_story(
        opened.customer_id,
        key,
        viewer=opened.viewer,
        as_of=opened.moment.at if opened.moment.is_past else None,
        known_at=opened.moment.known_at,
    )
    found = [one.entry for one in story.told]
    opened.learn_names({one.set_by for one in found})
    rows = [
        {
            "is": one.entry,
            "shown": shown(one.entry.field, one.entry.value),
            "by": opened.name_of(one.entry.set_by),
            "counts": one.shown,
            "stands": one.stands,
        }
        for one in story.told
    ]
    context = {
        "opened": opened,
        "rows": rows,
        "key": key,
        "field_name": field_name(story.entry.field),
        "entry": story.entry,
        "why": why_shown(story.entry),
        "may": opened.allowed,
    }
    return render(request, "customers/customer_history.html", context)


def why_shown(entry: ProfileField) -> Words:
    """Why a field shows the value it shows."""
    match entry.chosen:
        case "only":
            return Words("只有这一个值", "the only value told")
        case "preferred":
            return Words("由人指定", "preferred by hand")
        case "own":
            return Words("人工填写的值优先", "written by a person, which comes first")
    return entry.rule.explained()


def field_name(one: Field) -> str:
    """What a field is called."""
    return told(one.name) if one.name else one.key


def shown(one: Field, value: Value) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return told(Words("是", "yes") if value else Words("否", "no"))
    if one.type == "money" and isinstance(value, Decimal):
        return figures.money(value)
    if isinstance(value, int | float) and "year" not in one.key:
        return figures.number(value)
    called = dict(one.choices).get(str(value))
    return told(called) if called else str(value)


def as_typed(value: Value) -> str:
    """A value as one would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def _row(
    opened: Opened,
    entry: ProfileField,
    editing: str,
    typed: Typed,
    conflict: FieldConflict | None,
) -> Context:
    key = entry.field.key
    edit = typed.edits.get(key)
    open_now = editing in (ALL, key)
    return {
        "key": key,
        "name": field_name(entry.field),
        "entry": entry,
        "shown": shown(entry.field, entry.value),
        "by": opened.name_of(entry.set_by) if entry.set_by else "",
        "open": open_now and conflict is None,
        "typed": edit.text if edit else ("" if entry.hidden else as_typed(entry.value)),
        "base": edit.base if edit else entry.event_id,
        "problem": typed.problems.get(key),
        "kind": entry.field.type,
    }


def _conflict_row(opened: Opened, one: FieldConflict) -> Context:
    current = one.current
    return {
        "key": current.field.key,
        "name": field_name(current.field),
        "mine": one.mine,
        "current": shown(current.field, current.value),
        "by": opened.name_of(current.set_by),
        "at": current.set_at,
        "base": current.event_id,
        "original": as_typed(one.original),
        "original_known": not current.hidden,
    }
