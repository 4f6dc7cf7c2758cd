"""A library: all definitions in force, checked as a whole and ready to be computed with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tenure.definitions.assembly import assemble
from tenure.definitions.base import Definition
from tenure.definitions.event_type import EventType, Field
from tenure.definitions.expression import Name, Node, ValueType, names_in, replace_names
from tenure.definitions.form import Form
from tenure.definitions.lifecycle import Lifecycle
from tenure.definitions.metric import Metric
from tenure.definitions.named_expression import NamedExpression
from tenure.definitions.pack import Pack
from tenure.definitions.party_type import PartyType
from tenure.words import Words


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """Definitions that fit together; make one by ``Library.of``.

    All expressions in the mappings are typed. ``definitions`` are those that were put in;
    ``event_types`` also holds ``customer.profiled`` with the profile fields of all party
    types, whether or not it was put in. ``names`` are all that conditions may name, metrics and
    named expressions, with the types of their values.
    """

    definitions: tuple[Definition, ...]
    event_types: Mapping[str, EventType]
    metrics: Mapping[str, Metric]
    expressions: Mapping[str, NamedExpression]
    party_types: Mapping[str, PartyType]
    lifecycles: Mapping[str, Lifecycle]
    forms: Mapping[str, Form]
    packs: Mapping[str, Pack]
    names: Mapping[str, ValueType | None]

    @classmethod
    def of(cls, definitions: Iterable[Definition]) -> Library:
        """A library of ``definitions``, in any order.

        Raises:
            DefinitionError: names that do not exist (with the nearest that does), two
                definitions of one name, circles (with their path), a field with two types,
                expressions whose types do not fit, or that grow too large.
        """
        put_in = tuple(definitions)
        made = assemble(put_in)
        return cls(
            definitions=put_in,
            event_types=made.event_types,
            metrics=made.metrics,
            expressions=made.expressions,
            party_types=made.party_types,
            lifecycles=made.lifecycles,
            forms=made.forms,
            packs=made.packs,
            names=made.names,
        )

    def resolve(self, node: Node) -> Node:
        """``node`` with derived metrics and named expressions put in: names are base metrics.

        Raises:
            KeyError: the node uses a name that is not in the library.
        """
        return replace_names(node, self._inlined)

    def base_metrics(self, nodes: Iterable[Node]) -> tuple[Metric, ...]:
        """The base metrics that ``nodes`` hang on, ordered by key."""
        keys: set[str] = set()
        for node in nodes:
            keys.update(names_in(self.resolve(node)))
        return tuple(self.metrics[key] for key in sorted(keys))

    def lifecycle_metrics(self, key: str) -> tuple[Metric, ...]:
        """The base metrics that a lifecycle's conditions hang on, ordered by key.

        Raises:
            KeyError: there is no such lifecycle.
        """
        stages = self.lifecycles[key].stages
        return self.base_metrics(stage.when for stage in stages if stage.when is not None)

    def lifecycle_event_types(self, key: str) -> tuple[str, ...]:
        """Keys of the event types that can change a lifecycle's stage, ordered."""
        return tuple(sorted({of for metric in self.lifecycle_metrics(key) for of in metric.of}))

    def fields_of(self, event_types: Iterable[str]) -> dict[str, Field]:
        """The fields of several event types by key, in the order first declared."""
        fields: dict[str, Field] = {}
        for key in event_types:
            for field in self.event_types[key].fields:
                fields.setdefault(field.key, field)
        return fields

    def name_of(self, key: str) -> Words | None:
        """How people name a metric or named expression; None when there is no such key."""
        definition = self.metrics.get(key) or self.expressions.get(key)
        return definition.name if definition else None

    def value_name(self, key: str, value: str) -> Words | None:
        """How people call a value of the fields named ``key``, where any of them says so."""
        told = [field for one in self.event_types.values() for field in one.fields]
        told += [field for one in self.party_types.values() for field in one.fields]
        said = (dict(field.choices).get(value) for field in told if field.key == key)
        return next(filter(None, said), None)

    def _inlined(self, name: Name) -> Node:
        expression = self.expressions.get(name.key)
        if expression is not None:
            return self.resolve(expression.expression)
        metric = self.metrics[name.key]
        return name if metric.expression is None else self.resolve(metric.expression)
