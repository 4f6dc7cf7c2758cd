"""A definition proposed for what arrived undeclared, out of the events that were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tenure.actor import Actor
from tenure.definitions import EventType, Field, Library
from tenure.definitions.document import EVENT_KEY, KEY
from tenure.definitions.event_type import ENVELOPE, PROFILED
from tenure.record.events.operations.companions import EVENT_HOLDER
from tenure.record.events.operations.personal import looks_personal
from tenure.record.events.operations.reading import CONTEXT_FIELD, RESERVED_PREFIX
from tenure.record.events.queries import EventView, latest_of_type
from tenure.record.library.queries import current_library
from tenure.record.sources.queries.guessing import guessed_kind, likeliest_amount
from tenure.record.sources.queries.samples import samples
from tenure.record.vault.queries import reveal
from tenure.words import TenureError, Words

_LOOKED_AT = 100
_EXAMPLES = 3
EVENT_NAME = "event_name"
"""The field in which the sender's own name of an event is kept where nothing else tells it."""


class CannotDeclareError(TenureError):
    """Nothing came that could be declared under this name."""


@dataclass(frozen=True, slots=True)
class ProposedField:
    """A field as it might be declared.

    Attributes:
        field: with the guessed kind, personal where it looks so.
        seen: in how many of the events looked at it was.
        examples: values, personal ones in clear: doors mask them.
        taken: whether it is proposed; not so for the sender's name of the event.
    """

    field: Field
    seen: int
    examples: tuple[str, ...]
    taken: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """A definition proposed for an event type.

    Attributes:
        event_type: as it is published, without the proposed fields; a new one where there is none.
        published: whether there is a version of it already.
        fields: proposed ones, those seen most often first.
        left: names of fields that stay as they came: no definition can name them, or they hold
            lists and objects.
        looked_at: how many events it was made from.
    """

    event_type: EventType
    published: bool
    fields: tuple[ProposedField, ...]
    left: tuple[str, ...]
    looked_at: int

    def whole(self, fields: Sequence[Field] | None = None) -> EventType:
        """The definition with ``fields``, or with all that are proposed."""
        chosen = [one.field for one in self.fields if one.taken] if fields is None else fields
        return replace(self.event_type, fields=(*self.event_type.fields, *chosen))


def propose_event_type(type_key: str, viewer: Actor) -> Proposal:
    """A definition of an event type as its latest events suggest.

    Args:
        type_key: of a type that is not declared, or of one that is and has unknown fields.
        viewer: who asks; doors ask for the right to see samples of all sources.

    Raises:
        CannotDeclareError: no such event was kept, its name is no key, or it is the profile,
            whose fields are those of party types.
    """
    library, _ = current_library()
    _check(type_key)
    events = samples(viewer, type_key=type_key, limit=_LOOKED_AT) or latest_of_type(type_key)
    declared = library.event_types.get(type_key)
    if not events and declared is None:
        raise CannotDeclareError(
            Words(f"没有收到过事件“{type_key}”", f"no event “{type_key}” was ever kept")
        )
    values = _values(events)
    base = declared or EventType(type_key, _named(type_key, values))
    known = {field.key for field in base.fields} | {CONTEXT_FIELD}
    fresh = {name: found for name, found in values.items() if name not in known}
    fields, left = _fields(fresh, library, has_money=base.money_field is not None)
    return Proposal(base, declared is not None, tuple(fields), tuple(left), len(events))


def _check(type_key: str) -> None:
    if type_key == PROFILED:
        raise CannotDeclareError(
            Words(
                "客户资料的字段属于主体类型：请在“定义”里给主体类型加字段",
                "profile fields belong to party types: add them to one under Definitions",
            )
        )
    if not EVENT_KEY.fullmatch(type_key):
        raise CannotDeclareError(
            Words(
                f"“{type_key}”不能作为事件类型的代码（如 video.played）：请让来源换一个名称",
                f"“{type_key}” is no key of an event type (such as video.played): "
                "have its source call it otherwise",
            )
        )


def _values(events: Sequence[EventView]) -> dict[str, list[object]]:
    """Fields to the values they had, what lies in the vault included."""
    secrets = reveal(EVENT_HOLDER, [event.id for event in events]) if events else {}
    found: dict[str, list[object]] = {}
    for event in events:
        told: Mapping[str, object] = {**event.properties, **secrets.get(event.id, {})}
        for name, value in told.items():
            if not name.startswith(RESERVED_PREFIX) and value not in (None, ""):
                found.setdefault(name, []).append(value)
    return found


def _fields(
    values: Mapping[str, list[object]], library: Library, *, has_money: bool
) -> tuple[list[ProposedField], list[str]]:
    fields: list[ProposedField] = []
    left: list[str] = []
    named = {field.key: field for kind in library.event_types.values() for field in kind.fields}
    for name, found in sorted(values.items(), key=lambda one: (-len(one[1]), one[0])):
        kind = guessed_kind(name, found)
        if kind is None or not KEY.fullmatch(name) or name in ENVELOPE:
            left.append(name)
            continue
        personal = any(looks_personal(name, one) for one in found)
        kind = "string" if personal and kind in ("money", "number", "integer") else kind
        like = named.get(name)
        field = Field(name, kind, personal=personal, name=like.name if like else None)
        examples = tuple(dict.fromkeys(str(one)[:80] for one in found))[:_EXAMPLES]
        fields.append(ProposedField(field, len(found), examples, taken=name != EVENT_NAME))
    amounts = [one.field.key for one in fields if one.field.type == "money"]
    best = "" if has_money else likeliest_amount(amounts)
    plain = [
        replace(one, field=replace(one.field, type="number"))
        if one.field.type == "money" and one.field.key != best
        else one
        for one in fields
    ]  # an event has one amount at most
    return plain, left


def _named(type_key: str, values: Mapping[str, list[object]]) -> Words:
    """What the sender calls it, in both languages until a person says it better."""
    told = values.get(EVENT_NAME)
    called = str(told[0]).strip()[:60] if told else ""
    plain = type_key.replace(".", " ").replace("_", " ")
    english = called if called.isascii() and called else plain[:1].upper() + plain[1:]
    return Words(zh=called or english, en=english)
