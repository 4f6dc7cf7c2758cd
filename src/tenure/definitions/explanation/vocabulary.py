"""What the names in an expression are called, and in what they are measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenure.definitions.event_type import Field
from tenure.definitions.expression import Arithmetic, Case, Function, Name, Negate, Node
from tenure.definitions.expression.types import known_type
from tenure.definitions.library import Library
from tenure.definitions.metric import IN_DAYS, Metric, Unit
from tenure.words import Language, Words

_ENVELOPE = {"source": Words("来源", "source"), "currency": Words("币种", "currency")}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names and units by key.

    Attributes:
        library: definitions of metrics and named expressions; None shows keys.
        fields: fields of events, when a metric's filter is spoken of.
    """

    library: Library | None
    fields: Mapping[str, Field] | None = field(default=None)

    def name(self, key: str, language: Language) -> str:
        """What ``key`` is called; English names start small inside a sentence."""
        words = self._words(key)
        if words is None:
            return key
        return words.zh if language == "zh" else uncapitalised(words.en)

    def unit(self, node: Node) -> Unit | None:  # noqa: PLR0911 (one per kind of node)
        """What the value of ``node`` is measured in, if that can be told."""
        match node:
            case Name(key):
                return self._unit_of_name(key)
            case Negate(operand):
                return self.unit(operand)
            case Arithmetic("/", left, right):
                return None if self.unit(right) else self.unit(left)
            case Arithmetic(_, left, right):
                return self.unit(left) or self.unit(right)
            case Function(_, arguments):
                return next(filter(None, map(self.unit, arguments)), None)
            case Case(branches):
                return next(filter(None, (self.unit(value) for _, value in branches)), None)
        return None

    def _words(self, key: str) -> Words | None:
        if self.fields is not None:
            found = self.fields.get(key)
            return found.name if found and found.name else _ENVELOPE.get(key)
        return self.library.name_of(key) if self.library else None

    def _unit_of_name(self, key: str) -> Unit | None:
        if self.fields is not None:
            found = self.fields.get(key)
            return "money" if found and found.type == "money" else None
        if self.library is None:
            return None
        metric = self.library.metrics.get(key)
        return None if metric is None else self.unit_of_metric(metric)

    def unit_of_metric(self, metric: Metric) -> Unit | None:
        """What a metric is measured in: as declared, else as its aggregate tells."""
        if metric.unit is not None:
            return metric.unit
        if metric.agg in IN_DAYS:
            return "days"
        if metric.agg in ("count", "distinct"):
            return "count"
        if metric.expression is not None and known_type(metric.expression) == "number":
            return self.unit(metric.expression)
        return None


def uncapitalised(text: str) -> str:
    """``text`` with a small first letter, unless its first word is an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def capitalised(text: str) -> str:
    """``text`` with a capital first letter."""
    return text[:1].upper() + text[1:]
