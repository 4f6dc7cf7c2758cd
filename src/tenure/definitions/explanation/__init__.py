"""Definitions and expressions said in Chinese and English."""

from __future__ import annotations

from tenure.definitions.base import Definition
from tenure.definitions.event_type import EventType
from tenure.definitions.explanation.forms import explain_form
from tenure.definitions.explanation.kinds import (
    explain_event_type,
    explain_expression,
    explain_lifecycle,
    explain_metric,
    explain_pack,
    explain_party_type,
    say,
)
from tenure.definitions.expression import Node
from tenure.definitions.form import Form
from tenure.definitions.library import Library
from tenure.definitions.lifecycle import Lifecycle
from tenure.definitions.metric import Metric
from tenure.definitions.named_expression import NamedExpression
from tenure.definitions.pack import Pack
from tenure.definitions.party_type import PartyType
from tenure.words import Language, Words

__all__ = ["explain", "explain_words"]


def explain(subject: Definition | Node, language: Language, library: Library | None = None) -> str:
    """A definition or an expression in words.

    Args:
        subject: what to explain; untyped definitions are replaced by those of the library.
        language: ``zh`` or ``en``.
        library: where names and units are found; without it keys are shown.
    """
    return explain_words(subject, library).to(language)


def explain_words(  # noqa: PLR0911 (one per kind)
    subject: Definition | Node, library: Library | None = None
) -> Words:
    """A definition or an expression in words of both languages."""
    match subject:
        case EventType():
            return explain_event_type(subject, library)
        case Metric():
            return explain_metric(subject, library)
        case NamedExpression():
            return explain_expression(subject, library)
        case PartyType():
            return explain_party_type(subject, library)
        case Lifecycle():
            return explain_lifecycle(subject, library)
        case Form():
            return explain_form(subject, library)
        case Pack():
            return explain_pack(subject, library)
        case Definition():
            raise TypeError(f"{type(subject).__name__} is no kind of definition")
    return say(subject, library)
