"""Which definitions use which."""

from __future__ import annotations

from collections.abc import Iterator

from tenure.definitions.base import Definition
from tenure.definitions.event_type import EventType
from tenure.definitions.expression import Node, names_in
from tenure.definitions.form import Form
from tenure.definitions.library import Library
from tenure.definitions.lifecycle import Lifecycle
from tenure.definitions.metric import Metric
from tenure.definitions.named_expression import NamedExpression
from tenure.definitions.pack import Pack
from tenure.definitions.party_type import PartyType


def users_of(library: Library, used: Definition) -> tuple[Definition, ...]:
    """The definitions of ``library`` that name ``used`` directly, by kind and key."""
    found = [one for one in library.definitions if _uses(one, used)]
    return tuple(sorted(found, key=lambda one: (one.kind, one.key)))


def _uses(user: Definition, used: Definition) -> bool:
    match used:
        case Metric() | NamedExpression():
            return any(used.key in names_in(node) for node in _conditions(user))
        case EventType():
            return isinstance(user, Metric) and used.key in user.of
        case PartyType():
            return isinstance(user, Lifecycle | EventType | Form) and user.party == used.key
        case Pack():
            return isinstance(user, Pack) and used.key in user.requires
    return False


def _conditions(user: Definition) -> Iterator[Node]:
    """Expressions over metrics; the filter of a metric is over fields of events."""
    if isinstance(user, Metric | NamedExpression) and user.expression is not None:
        yield user.expression
    if isinstance(user, Lifecycle):
        yield from (stage.when for stage in user.stages if stage.when is not None)
