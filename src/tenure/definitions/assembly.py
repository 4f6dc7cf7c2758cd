"""Assembling a library: names unique, references found, one type per field, sizes bounded."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from tenure.definitions.base import (
    Definition,
    DefinitionError,
    DefinitionProblem,
    nearest_name,
    problem_in,
)
from tenure.definitions.event_type import PROFILED, EventType, Field
from tenure.definitions.expression import Name, Node, ValueType, children
from tenure.definitions.form import Form
from tenure.definitions.form_references import form_problems
from tenure.definitions.lifecycle import Lifecycle
from tenure.definitions.linking import Linker
from tenure.definitions.metric import Metric
from tenure.definitions.named_expression import NamedExpression
from tenure.definitions.pack import Pack
from tenure.definitions.party_type import PartyType
from tenure.words import Words

MAX_INLINED_NODES = 4000
MAX_INLINED_DEPTH = 100
D = TypeVar("D", bound=Definition)


@dataclasses.dataclass(frozen=True, slots=True)
class Assembled:
    """Definitions by kind and key, checked as a whole, their expressions typed."""

    event_types: Mapping[str, EventType]
    metrics: Mapping[str, Metric]
    expressions: Mapping[str, NamedExpression]
    party_types: Mapping[str, PartyType]
    lifecycles: Mapping[str, Lifecycle]
    forms: Mapping[str, Form]
    packs: Mapping[str, Pack]
    names: Mapping[str, ValueType | None]


def assemble(definitions: tuple[Definition, ...]) -> Assembled:
    """Check ``definitions`` as a whole and put them together; see ``Library.of``."""
    problems = [*_duplicates(definitions), *_clashes(definitions)]
    party_types = _of_kind(definitions, PartyType)
    packs = _of_kind(definitions, Pack)
    event_types = _with_profiles(_of_kind(definitions, EventType), party_types.values())
    problems += _field_types(definitions)
    problems += _references(definitions, party_types, packs)
    forms = _of_kind(definitions, Form)
    problems += form_problems(forms.values(), party_types)
    metrics = _of_kind(definitions, Metric)
    expressions = _of_kind(definitions, NamedExpression)
    linker = Linker(event_types, [*metrics.values(), *expressions.values()])
    linker.link_all()
    found = _of_kind(definitions, Lifecycle)
    lifecycles = {key: linker.lifecycle(lifecycle) for key, lifecycle in found.items()}
    problems += linker.problems
    linked = linker.linked.values()
    if not problems:
        problems += _sizes([*linked, *lifecycles.values()])
    if problems:
        raise DefinitionError(problems)
    return Assembled(
        event_types=MappingProxyType(event_types),
        metrics=MappingProxyType({d.key: d for d in linked if isinstance(d, Metric)}),
        expressions=MappingProxyType({d.key: d for d in linked if isinstance(d, NamedExpression)}),
        party_types=MappingProxyType(party_types),
        lifecycles=MappingProxyType(lifecycles),
        forms=MappingProxyType(forms),
        packs=MappingProxyType(packs),
        names=MappingProxyType(linker.types),
    )


def _of_kind(definitions: Iterable[Definition], wanted: type[D]) -> dict[str, D]:
    return {found.key: found for found in definitions if isinstance(found, wanted)}


def _duplicates(definitions: Iterable[Definition]) -> list[DefinitionProblem]:
    seen: dict[tuple[str, str], Definition] = {}
    problems = []
    for definition in definitions:
        first = seen.setdefault((definition.kind, definition.key), definition)
        if first is not definition:
            zh, en = _place(first)
            cause = Words(f"重复定义{zh}", f"this is defined twice{en}")
            problems.append(problem_in(definition, "key", cause))
    return problems


def _place(definition: Definition) -> tuple[str, str]:
    origin = definition.origin
    if origin is None:
        return "", ""
    file = origin.file or ""
    return f"（已见于 {file} 第 {origin.line} 行）", f" (first in {file} line {origin.line})"


def _clashes(definitions: Iterable[Definition]) -> list[DefinitionProblem]:
    """A metric and an expression of one key could not be told apart in a condition."""
    metrics = {found.key for found in definitions if isinstance(found, Metric)}
    cause = Words("已有同名的指标", "a metric has the same key")
    return [
        problem_in(found, "key", cause)
        for found in definitions
        if isinstance(found, NamedExpression) and found.key in metrics
    ]


def _with_profiles(
    event_types: dict[str, EventType], party_types: Iterable[PartyType]
) -> dict[str, EventType]:
    """The event types, with the profile fields of all party types on ``customer.profiled``."""
    declared = event_types.get(PROFILED)
    fields = {field.key: field for field in declared.fields} if declared else {}
    for party_type in party_types:
        for field in party_type.fields:
            fields.setdefault(field.key, dataclasses.replace(field, required=False))
    if not fields and declared is None:
        return event_types
    base = declared or EventType(PROFILED, Words(zh="客户资料更新", en="Profile updated"))
    profiled = dataclasses.replace(base, fields=tuple(fields.values()))
    return {**event_types, PROFILED: profiled}


def _field_types(definitions: Iterable[Definition]) -> list[DefinitionProblem]:
    """A field key has one type, because the lake has one column for it."""
    seen: dict[str, tuple[Field, Definition]] = {}
    problems = []
    for definition in definitions:
        fields = definition.fields if isinstance(definition, EventType | PartyType) else ()
        for field in fields:
            first, holder = seen.setdefault(field.key, (field, definition))
            if first.type != field.type:
                cause = Words(
                    f"字段 {field.key} 在 {holder.key} 里是 {first.type}，这里是 {field.type}；"
                    "同名字段只能有一种类型",
                    f"the field {field.key} is {first.type} in {holder.key} but {field.type} "
                    "here; fields of one name have one type",
                )
                problems.append(problem_in(definition, f"fields.{field.key}", cause))
    return problems


def _references(
    definitions: Iterable[Definition],
    party_types: Mapping[str, PartyType],
    packs: Mapping[str, Pack],
) -> list[DefinitionProblem]:
    problems = []
    for definition in definitions:
        if isinstance(definition, EventType | Lifecycle):
            party = definition.party
            if party is not None and party not in party_types:
                cause = Words(f"没有主体类型 {party}", f"there is no party type {party}")
                nearest = nearest_name(party, party_types)
                problems.append(problem_in(definition, "party", cause, nearest=nearest))
        if isinstance(definition, Pack):
            for index, key in enumerate(definition.requires):
                if key not in packs:
                    cause = Words(f"没有行业包 {key}", f"there is no pack {key}")
                    nearest = nearest_name(key, packs)
                    path = f"requires[{index}]"
                    problems.append(problem_in(definition, path, cause, nearest=nearest))
    return problems


def _sizes(definitions: Iterable[Definition]) -> list[DefinitionProblem]:
    """Expressions that grow too large once the names in them are put in."""
    nodes: dict[str, Node | None] = {}
    conditions: list[tuple[Definition, str, Node]] = []
    for definition in definitions:
        if isinstance(definition, Metric | NamedExpression):
            nodes[definition.key] = definition.expression
            if definition.expression is not None:
                path = "expression" if isinstance(definition, Metric) else "is"
                conditions.append((definition, path, definition.expression))
        if isinstance(definition, Lifecycle):
            for index, stage in enumerate(definition.stages):
                if stage.when is not None:
                    conditions.append((definition, f"stages[{index}].when", stage.when))
    measured: dict[str, Counter[str]] = {}
    cause = Words(
        "把引用的定义全部代入后，表达式太大；请拆分",
        "with the definitions it uses put in, the expression is too large; split it",
    )
    return [
        problem_in(definition, path, cause)
        for definition, path, node in conditions
        if _too_large(_measure(node, nodes, measured))
    ]


def _too_large(size: Counter[str]) -> bool:
    return size["nodes"] > MAX_INLINED_NODES or size["depth"] > MAX_INLINED_DEPTH


def _measure(
    node: Node, nodes: Mapping[str, Node | None], measured: dict[str, Counter[str]]
) -> Counter[str]:
    """Nodes and depth of ``node`` once inlined, without building it."""
    if isinstance(node, Name):
        inner = nodes.get(node.key)
        if inner is None:
            return Counter(nodes=1, depth=1)
        if node.key not in measured:
            measured[node.key] = _measure(inner, nodes, measured)
        return measured[node.key]
    below = [_measure(child, nodes, measured) for child in children(node)]
    return Counter(
        nodes=1 + sum(size["nodes"] for size in below),
        depth=1 + max((size["depth"] for size in below), default=0),
    )
