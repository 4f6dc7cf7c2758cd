"""An expression while it is typed: what may be named, what it says, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tenure.definitions.base import DefinitionError, DefinitionProblem
from tenure.definitions.event_type import ENVELOPE, Field
from tenure.definitions.explanation import explain_words
from tenure.definitions.explanation.kinds import say
from tenure.definitions.expression import SourceText, ValueType, parse_source, type_of
from tenure.definitions.expression.operands import FUNCTIONS
from tenure.definitions.expression.tokens import KEYWORDS
from tenure.definitions.library import Library
from tenure.words import Words

Place = Literal["when", "expression", "where"]
"""A stage's condition, a formula over metrics, or a filter over the fields of events."""


@dataclass(frozen=True, slots=True)
class Nameable:
    """Something an expression may name.

    Attributes:
        sort: what it is: ``metric``, ``expression``, ``field``, ``function`` or ``word``.
    """

    key: str
    name: Words
    sort: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of an expression.

    Attributes:
        said: the expression in words; ``None`` where it cannot be read.
        type: of its value.
        problem: what is wrong, with its place; ``None`` where nothing is.
    """

    said: Words | None = None
    type: ValueType | None = None
    problem: DefinitionProblem | None = None


def nameables(library: Library, place: Place, of: Sequence[str] = ()) -> list[Nameable]:
    """All that may be written at a place, names first.

    Args:
        library: holds metrics, named expressions and event types.
        place: where the expression stands.
        of: event types whose fields a filter may name.
    """
    if place == "where":
        known = [key for key in of if key in library.event_types]
        fields = library.fields_of(known).values()
        found = [
            Nameable(field.key, field.name or Words(field.key, field.key), "field")
            for field in fields
            if field.in_lake
        ]
        found += [Nameable(key, Words(key, key), "field") for key in ENVELOPE]
    else:
        metrics = [Nameable(one.key, one.name, "metric") for one in library.metrics.values()]
        named = library.expressions.values()
        found = metrics + [Nameable(one.key, one.name, "expression") for one in named]
    found.sort(key=lambda one: one.key)
    found += [Nameable(name, Words("函数", "function"), "function") for name in FUNCTIONS]
    return found + [Nameable(word, Words("", ""), "word") for word in sorted(KEYWORDS)]


def try_expression(text: str, library: Library, place: Place, *, of: Sequence[str] = ()) -> Tried:
    """Read an expression as it stands now.

    Args:
        text: as typed.
        library: what it may name.
        place: where it stands; conditions must be true or false.
        of: event types whose fields a filter may name.
    """
    names: Mapping[str, ValueType | None] = library.names
    fields: dict[str, Field] = {}
    if place == "where":
        known = [key for key in of if key in library.event_types]
        fields = library.fields_of(known)
        usable = {key: one.value_type for key, one in fields.items() if one.in_lake}
        names = {**usable, **ENVELOPE}
    expected: ValueType | None = None if place == "expression" else "boolean"
    try:
        node = parse_source(SourceText(text), names, expected=expected)
    except DefinitionError as error:
        return Tried(problem=error.problems[0])
    said = say(node, library, fields) if place == "where" else explain_words(node, library)
    try:
        return Tried(said, type_of(node))
    except ValueError:
        return Tried(said)
