"""What a person says the columns are, in place of what was guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tenure.definitions import Library

from .profiling import ColumnProfile
from .roles import Roles, event_of_text

_SINGLE = ("amount", "price", "quantity", "order", "type")
UNUSED = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose; what is None or absent is guessed.

    Attributes:
        roles: column to its part: ``customer:KEY``, ``moment``, ``moment:EVENT_TYPE``,
            ``amount``, ``price``, ``quantity``, ``order``, ``type``, ``field:KEY``,
            ``profile:KEY``; empty = not used.
        event_type: what every row is, where no column says it.
        types: texts of the column of types to event types, or ``skip``.
        grouped: whether rows with the same order number are one event.
    """

    roles: Mapping[str, str] | None = None
    event_type: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    grouped: bool | None = None


def roles_of(columns: Sequence[ColumnProfile], chosen: Mapping[str, str]) -> Roles:
    """The parts as chosen; of two columns chosen for one part the first has it."""
    roles = Roles()
    for column in columns:
        part, _, key = chosen.get(column.name, UNUSED).partition(":")
        if part == "customer" and key:
            roles.identifiers.setdefault(key, column)
        elif part == "moment":
            roles.moments.append(column)
            if key:
                roles.moment_types[column.name] = key
        elif part in _SINGLE and getattr(roles, part) is None:
            setattr(roles, part, column)
        elif part == "field" and key:
            roles.fields.setdefault(key, column)
        elif part == "profile" and key:
            roles.profile.setdefault(key, column)
    return roles


def chosen_of(roles: Roles, library: Library) -> dict[str, str]:
    """The parts as a person would have chosen them."""
    chosen = {column.name: f"customer:{key}" for key, column in roles.identifiers.items()}
    chosen |= {column.name: f"field:{key}" for key, column in roles.fields.items()}
    chosen |= {column.name: f"profile:{key}" for key, column in roles.profile.items()}
    for part in _SINGLE:
        column = getattr(roles, part)
        if column is not None:
            chosen[column.name] = part
    wide = moments_of(roles, library)
    if wide:
        chosen |= {column.name: f"moment:{kind}" for column, kind in wide}
    elif roles.moments:
        chosen[roles.moments[0].name] = "moment"
    return chosen


def moments_of(roles: Roles, library: Library) -> list[tuple[ColumnProfile, str]]:
    """Columns of moments that are each an event of its own; empty where rows are one event."""
    if roles.type is not None:
        return []
    known = [
        (column, kind)
        for column in roles.moments
        if (kind := roles.moment_types.get(column.name) or event_of_text(column.name, library))
    ]
    several = len({kind for _, kind in known}) > 1
    said = any(column.name in roles.moment_types for column, _ in known)
    return known if several or said else []
