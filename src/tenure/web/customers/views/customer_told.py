"""Events of a timeline in words, personal fields as the viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tenure.definitions import PROFILED, Field
from tenure.derive.customers.queries.notes import notes_in
from tenure.derive.customers.queries.profile import CLEARED
from tenure.derive.customers.queries.profile_log import ASSIGNED, NOTES, RELATIONS
from tenure.derive.customers.queries.profile_scope import reads, seen_as
from tenure.derive.customers.queries.profile_telling import SET_ONCE
from tenure.derive.customers.queries.relations import RELATION_KINDS
from tenure.derive.customers.queries.telling import note_text_seen
from tenure.record.events.queries import EventView
from tenure.record.vault.queries import reveal
from tenure.web.components import figures
from tenure.web.customers.views.customer_frame import Opened
from tenure.web.language import told
from tenure.words import Words

OWN_SOURCE = "tenure"
_LATE = timedelta(days=1)
_HIDDEN_KEYS = {"by", "file_key", "note_id", "file_id", "left", "right"}
_ICONS = (
    ("order.", "shopping-cart"), ("cart.", "shopping-cart"), ("purchase", "shopping-cart"),
    ("stage.", "pinned"), ("identity.", "git-merge"), ("note.", "note"), ("file.", "paperclip"),
    ("consent.", "shield-check"), ("customer.tagged", "tag"), ("customer.untagged", "tag"),
    ("customer.assigned", "user-check"), ("customer.registered", "user-plus"),
    ("customer.related", "affiliate"), ("customer.unrelated", "unlink"), ("customer.", "user"),
    ("call.", "phone"), ("callback.", "phone"), ("message.", "message-circle"), ("touch.", "send"),
    ("visit.", "map-pin"), ("appointment.", "calendar"), ("complaint.", "mood-sad"),
    ("satisfaction.", "star"), ("review.", "star"), ("recommendation.", "star"),
    ("support.", "headset"), ("site.", "world"), ("content.", "eye"), ("product.", "package"),
    ("contract.", "file-text"), ("instalment.", "cash"), ("loan.", "cash"), ("cost.", "receipt"),
    ("points.", "trophy"), ("membership.", "id-badge-2"), ("referral.", "users"),
    ("treatment.", "stethoscope"), ("activity.", "calendar-event"), ("enquiry.", "help"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a line of the timeline.

    Attributes:
        parts: name of a field and its value, both in the reader's language.
        text: free text of a note.
        hidden: groups of personal fields that are masked in it.
        by: who recorded it, where a person of the house did.
        late: it was learned of a day or more after it happened.
    """

    id: int
    at: datetime
    recorded_at: datetime
    icon: str
    title: str
    amount: Decimal | None
    parts: Sequence[tuple[str, str]]
    text: str
    hidden: bool
    by: str
    source: str
    late: bool


def tell(opened: Opened, events: Sequence[EventView]) -> list[Told]:
    """The lines of some events; the vault is opened for these only."""
    secrets = reveal("event", [event.id for event in events]) if events else {}
    opened.learn_names({event.recorded_by for event in events if event.source == OWN_SOURCE})
    opened.learn_names({_owner(event) for event in events})
    opened.learn_customers({_other(event) for event in events if event.type in RELATIONS})
    living = {
        note.id
        for note in notes_in(opened.log, rights=opened.rights, viewer=opened.viewer)
    } if any(event.type in NOTES for event in events) else set()  # fmt: skip
    return [_line(opened, event, secrets.get(event.id, {}), living) for event in events]


def event_name(opened: Opened, key: str) -> str:
    """What an event type is called."""
    known = opened.library.event_types.get(key)
    return told(known.name) if known else key


def _line(opened: Opened, event: EventView, secrets: Mapping[str, str], living: set[int]) -> Told:
    text, hidden = _note_text(opened, event, secrets, living)
    personal = {} if event.type in NOTES else secrets
    masked = any(not reads(opened.rights, key, opened.revealing) for key in personal)
    shown = {
        key: seen_as(opened.rights, key, value, opened.revealing)
        for key, value in personal.items()
        if not key.startswith("tenure:")
    }
    mine = event.source == OWN_SOURCE
    return Told(
        id=event.id,
        at=event.occurred_at,
        recorded_at=event.recorded_at,
        icon=next((icon for start, icon in _ICONS if event.type.startswith(start)), "point"),
        title=event_name(opened, event.type),
        amount=event.amount,
        parts=_parts(opened, event, shown),
        text=text,
        hidden=hidden or masked,
        by=opened.name_of(event.recorded_by) if mine else "",
        source="" if mine else event.source,
        late=event.recorded_at - event.occurred_at >= _LATE,
    )


def _note_text(
    opened: Opened, event: EventView, secrets: Mapping[str, str], living: set[int]
) -> tuple[str, bool]:
    """The text of a note that is still there, and whether it is kept from this viewer."""
    return note_text_seen(
        event,
        secrets,
        living,
        rights=opened.rights,
        viewer=opened.viewer,
        revealing=opened.revealing,
    )


def _parts(opened: Opened, event: EventView, shown: Mapping[str, str]) -> list[tuple[str, str]]:
    known = opened.library.event_types.get(event.type)
    fields = {field.key: field for field in (known.fields if known else ())}
    told_of = {
        key: value
        for key, value in {**event.properties, **shown}.items()
        if not key.startswith("tenure:") and key not in _HIDDEN_KEYS and value not in (None, "")
    }
    return [
        (_field_name(fields, key), _value(opened, event, key, value))
        for key, value in told_of.items()
    ]


def _field_name(fields: Mapping[str, Field], key: str) -> str:
    field = fields.get(key)
    return told(field.name) if field is not None and field.name is not None else key


def _value(opened: Opened, event: EventView, key: str, value: object) -> str:
    """A value in words, codes by their names."""
    if isinstance(value, bool):
        return told(Words("是", "yes") if value else Words("否", "no"))
    if event.type.startswith("stage."):
        return _stage_value(opened, event, key, str(value))
    named = _named(opened, event, key, value)
    if named is not None:
        return named
    if isinstance(value, int | float) and "year" not in key:
        return figures.number(value)
    called = opened.library.value_name(key, str(value))
    return told(called) if called else str(value)[:300]


def _named(opened: Opened, event: EventView, key: str, value: object) -> str | None:
    """What a code of one of the house's own statements stands for."""
    if key == "owner" and event.type == ASSIGNED:
        return opened.name_of(_owner(event))
    if key in (CLEARED, SET_ONCE) and event.type == PROFILED:
        names = {field.key: field for field in opened.library.event_types[PROFILED].fields}
        return "、".join(_field_name(names, one) for one in str(value).split(","))
    if event.type in RELATIONS:
        kind = RELATION_KINDS.get(str(value))
        return told(kind.name) if kind else opened.customer_name(_other(event))
    if key == "file_bytes" and isinstance(value, int):
        return size(value)
    return None


def _stage_value(opened: Opened, event: EventView, key: str, value: str) -> str:
    lifecycle = opened.library.lifecycles.get(str(event.properties.get("lifecycle")))
    if lifecycle is None:
        return value
    if key == "lifecycle":
        return told(lifecycle.name)
    if key == "stage":
        return next((told(one.name) for one in lifecycle.stages if one.code == value), value)
    return value


def _owner(event: EventView) -> str:
    return f"account:{event.properties.get('owner', '')}" if "owner" in event.properties else ""


def _other(event: EventView) -> int:
    other = event.properties.get("other")
    return other if isinstance(other, int) else 0


def size(count: int) -> str:
    """A number of bytes, as people say it."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB"
