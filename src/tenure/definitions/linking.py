"""Linking definitions to each other: every name found, every expression typed, no cycles."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from tenure.definitions.base import (
    Definition,
    DefinitionError,
    DefinitionProblem,
    nearest_name,
    problem_in,
)
from tenure.definitions.event_type import ENVELOPE, EventType, Field
from tenure.definitions.expression import (
    Node,
    SourceText,
    ValueType,
    names_in,
    parse_source,
    render,
)
from tenure.definitions.expression.types import known_type
from tenure.definitions.lifecycle import Lifecycle
from tenure.definitions.metric import Metric
from tenure.definitions.named_expression import NamedExpression
from tenure.words import Words

Named = Metric | NamedExpression
MAX_CHAIN = 30


class Linker:
    """Types the expressions of one library, noting what does not fit."""

    def __init__(self, event_types: Mapping[str, EventType], named: Iterable[Named]) -> None:
        self.problems: list[DefinitionProblem] = []
        self._event_types = event_types
        self._named = {definition.key: definition for definition in named}
        self.types: dict[str, ValueType | None] = {}
        self.linked: dict[str, Named] = {}
        self._levels: dict[str, int] = {}

    def link_all(self) -> None:
        """Type every metric and named expression, those they use first."""
        for key in self._named:
            self._visit(key, ())

    def lifecycle(self, lifecycle: Lifecycle) -> Lifecycle:
        """The lifecycle with typed conditions."""
        stages = []
        for index, stage in enumerate(lifecycle.stages):
            when = stage.when
            if when is not None:
                path = f"stages[{index}].when"
                source = _source(lifecycle, path, when, stage.when_source)
                when = self._typed(source, self.types, when, expected="boolean")
            stages.append(dataclasses.replace(stage, when=when))
        return dataclasses.replace(lifecycle, stages=tuple(stages))

    def _visit(self, key: str, path: tuple[str, ...]) -> None:
        if key in self.types:
            return
        if key in path:
            self._refuse_cycle((*path[path.index(key) :], key))
            return
        definition = self._named[key]
        node = definition.expression
        used = [name for name in names_in(node) if name in self._named] if node else []
        if len(path) <= MAX_CHAIN:
            for name in used:
                self._visit(name, (*path, key))
        if key in self.types:
            return
        self._levels[key] = 1 + max((self._levels.get(name, 0) for name in used), default=0)
        if max(len(path), self._levels[key]) > MAX_CHAIN:
            self._refuse_chain(definition)
        else:
            self.linked[key] = self._link(definition)

    def _refuse_chain(self, definition: Named) -> None:
        cause = Words(
            f"定义层层引用超过 {MAX_CHAIN} 层",
            f"definitions use each other more than {MAX_CHAIN} levels deep",
        )
        self.problems.append(problem_in(definition, _path(definition), cause))
        self.types[definition.key] = None
        self.linked[definition.key] = definition

    def _refuse_cycle(self, cycle: tuple[str, ...]) -> None:
        shown = " → ".join(cycle)
        cause = Words(
            f"定义互相引用成环：{shown}", f"definitions use each other in a circle: {shown}"
        )
        first = self._named[cycle[0]]
        self.problems.append(problem_in(first, _path(first), cause))
        for key in cycle:
            self.types[key] = None
            self.linked[key] = self._named[key]

    def _link(self, definition: Named) -> Named:
        if definition.expression is not None:
            node = definition.expression
            source = _source(definition, _path(definition), node, definition.expression_source)
            node = self._typed(source, {**self._later(), **self.types}, node)
            self.types[definition.key] = known_type(node)
            return dataclasses.replace(definition, expression=node)
        assert isinstance(definition, Metric)
        return self._link_aggregate(definition)

    def _later(self) -> dict[str, ValueType | None]:
        # Names on a path that turned out to be a circle: known, but without a type.
        return dict.fromkeys(self._named)

    def _link_aggregate(self, metric: Metric) -> Metric:
        fields = self._fields(metric)
        self.types[metric.key] = self._aggregate_type(metric, fields)
        if metric.where is None:
            return metric
        usable = {key: field.value_type for key, field in fields.items() if field.in_lake}
        reasons = {key: _hidden(field) for key, field in fields.items() if not field.in_lake}
        source = _source(metric, "where", metric.where, metric.where_source)
        names: dict[str, ValueType | None] = {**usable, **ENVELOPE}
        where = self._typed(source, names, metric.where, expected="boolean", reasons=reasons)
        return dataclasses.replace(metric, where=where)

    def _fields(self, metric: Metric) -> dict[str, Field]:
        """The fields of the metric's event types; one that is hidden anywhere stays hidden."""
        fields: dict[str, Field] = {}
        for index, key in enumerate(metric.of):
            event_type = self._event_types.get(key)
            if event_type is None:
                cause = Words(f"没有事件类型 {key}", f"there is no event type {key}")
                nearest = nearest_name(key, self._event_types)
                self.problems.append(problem_in(metric, f"of[{index}]", cause, nearest=nearest))
                continue
            for field in event_type.fields:
                if field.key not in fields or not field.in_lake:
                    fields[field.key] = field
        return fields

    def _aggregate_type(self, metric: Metric, fields: Mapping[str, Field]) -> ValueType | None:
        if metric.field is None:
            return "number"
        field = fields.get(metric.field)
        known = all(key in self._event_types for key in metric.of)
        if field is None:
            if known:
                of = ", ".join(metric.of)
                cause = Words(f"{of} 没有字段 {metric.field}", f"{of} has no field {metric.field}")
                nearest = nearest_name(metric.field, fields)
                self.problems.append(problem_in(metric, "field", cause, nearest=nearest))
            return None
        cause_or_none = _hidden(field) if not field.in_lake else _unfit(metric, field)
        if cause_or_none:
            self.problems.append(problem_in(metric, "field", cause_or_none))
        if metric.agg in ("min", "max", "first", "last"):
            return field.value_type
        return "number"

    def _typed(
        self,
        source: SourceText,
        names: Mapping[str, ValueType | None],
        untyped: Node,
        *,
        expected: ValueType | None = None,
        reasons: Mapping[str, Words] | None = None,
    ) -> Node:
        try:
            return parse_source(source, names, expected=expected, reasons=reasons)
        except DefinitionError as error:
            self.problems.extend(error.problems)
            return untyped


def _path(definition: Named) -> str:
    return "is" if isinstance(definition, NamedExpression) else "expression"


def _source(definition: Definition, path: str, node: Node, source: SourceText | None) -> SourceText:
    """The text an expression was read from, or the canonical text of one made in code."""
    if source is not None:
        return source
    return SourceText(render(node), path=f"{definition.kind} {definition.key}: {path}")


def _hidden(field: Field) -> Words:
    if field.personal:
        return Words(
            f"{field.key} 是个人信息，只在保险库里，不能用于分析",
            f"{field.key} is personal: it is kept in the vault and cannot be analysed",
        )
    return Words(
        f"{field.key} 是长文本，只在保险库里，不能用于分析",
        f"{field.key} is free text: it is kept in the vault and cannot be analysed",
    )


def _unfit(metric: Metric, field: Field) -> Words | None:
    if metric.agg in ("sum", "mean") and field.value_type != "number":
        return Words(
            f"{metric.agg} 只能用于数字，{field.key} 是 {field.type}",
            f"{metric.agg} needs a number, but {field.key} is of type {field.type}",
        )
    if metric.agg in ("min", "max") and field.value_type == "boolean":
        return Words(
            f"{metric.agg} 不能用于真假值 {field.key}",
            f"{metric.agg} cannot be taken of {field.key}, which is true or false",
        )
    return None
