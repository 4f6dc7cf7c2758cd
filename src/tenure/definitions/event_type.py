"""Event types: what can happen, and which facts are told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from tenure.definitions.base import Definition
from tenure.definitions.body import Body
from tenure.definitions.document import EVENT_KEY
from tenure.definitions.expression import ValueType
from tenure.words import Words

FieldType = Literal["string", "text", "integer", "number", "boolean", "date", "money"]
FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
PROFILED = "customer.profiled"
"""The event that sets profile fields; its fields are those of all party types."""

ENVELOPE: dict[str, ValueType] = {"source": "text", "currency": "text"}
"""What every event carries besides its fields and may be filtered by."""

_VALUE_TYPES: dict[str, ValueType] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A fact about an event or a customer.

    Attributes:
        key: name in events and expressions.
        type: ``string`` short text; ``text`` free text, kept in the vault only; ``money`` an
            amount in currency units.
        required: an event without it is refused.
        personal: kept encrypted in the vault, never in the log or the lake.
        name: how people name it; None shows the key.
        choices: values that are codes, and how people call each; others may occur as well.
    """

    key: str
    type: FieldType
    required: bool = False
    personal: bool = False
    name: Words | None = None
    choices: tuple[tuple[str, Words], ...] = ()

    @property
    def in_lake(self) -> bool:
        """Whether analytics see the field at all."""
        return not self.personal and self.type != "text"

    @property
    def value_type(self) -> ValueType:
        """Type of the field's values in expressions."""
        return _VALUE_TYPES.get(self.type, "text")


@dataclass(frozen=True, slots=True)
class EventType(Definition):
    """A kind of fact, named ``noun.past_participle``.

    Attributes:
        party: party type of the customer the event is about; None for any.
        fields: the facts told about each event.
    """

    kind: ClassVar[str] = "event_type"

    party: str | None = None
    fields: tuple[Field, ...] = ()

    @property
    def money_field(self) -> Field | None:
        """The field that holds the event's amount, if it has one."""
        return next((field for field in self.fields if field.type == "money"), None)


def read_event_type(body: Body) -> EventType:
    """An event type from its document."""
    event_type = EventType(
        key=body.key("key", pattern=EVENT_KEY),
        name=body.words("name"),
        description=body.optional_words("description"),
        party=body.key("party", required=False) or None,
        fields=read_fields(body),
        origin=body.document.origin(),
    )
    amounts = [field.key for field in event_type.fields if field.type == "money"]
    if len(amounts) > 1:
        cause = Words(
            f"一种事件最多有一个 money 字段，这里有 {'、'.join(amounts)}",
            f"an event type has at most one money field, here are {', '.join(amounts)}",
        )
        body.refuse("fields", cause)
    return event_type


def read_fields(body: Body) -> tuple[Field, ...]:
    """The fields of an event type or a party type."""
    fields = []
    for key, part in body.named_parts("fields"):
        if key in ENVELOPE:
            cause = Words(
                f"{key} 是每个事件自带的内容，字段请换一个名称，如 order_{key}",
                f"every event has a {key} of its own; name the field otherwise, as order_{key}",
            )
            body.document.refuse(body.document.marks[part.path], part.path, cause)
        found = part.choice("type", FIELD_TYPES)
        field = Field(
            key=key,
            type=next((known for known in FIELD_TYPES if known == found), "string"),
            required=part.flag("required"),
            personal=part.flag("personal"),
            name=part.optional_words("name"),
            choices=part.labels("choices"),
        )
        part.close()
        fields.append(field)
    return tuple(fields)
