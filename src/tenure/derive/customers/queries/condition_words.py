"""A condition on customers as chips: each part in words, and the condition without it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tenure.definitions.event_type import Field
from tenure.definitions.explanation.conditions import Speaker
from tenure.definitions.explanation.vocabulary import Vocabulary as Said
from tenure.definitions.expression import (
    Comparison,
    Constant,
    Logic,
    Membership,
    Name,
    Node,
    parse,
    render,
)
from tenure.derive.customers.queries.conditions import Column, Vocabulary
from tenure.words import Language, Words

_VERB = re.compile(r"^\{a\} is (?=\w)")


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of a condition.

    Attributes:
        words: what it says.
        without: the condition when it is taken away.
    """

    words: Words
    without: str


def chips(
    condition: str, known: Vocabulary, *, owners: Mapping[str, str], parties: Mapping[str, Words]
) -> list[Chip]:
    """The parts of a condition that are joined by ``and``.

    Args:
        condition: one that can be read.
        known: what it may name.
        owners: what may be written for an owner, to how to show it.
        parties: names of party types.
    """
    if not condition.strip():
        return []
    node = parse(condition, known.types)
    parts = node.operands if isinstance(node, Logic) and node.op == "and" else (node,)
    found = []
    for index, part in enumerate(parts):
        rest = [one for place, one in enumerate(parts) if place != index]
        said = {
            language: _speaker(known, language).say(_shown(part, known, owners, parties, language))
            for language in ("zh", "en")
        }
        without = render(Logic("and", tuple(rest))) if len(rest) > 1 else "".join(map(render, rest))
        found.append(Chip(Words(said["zh"], said["en"]), without))
    return found


def _speaker(known: Vocabulary, language: Language) -> Speaker:
    fields = {key: Field(key, "string", name=one.words) for key, one in known.columns.items()}
    return _ChipSpeaker(Said(None, fields), language)


class _ChipSpeaker(Speaker):
    """Says a condition as briefly as a label: “Orders at least 3”, not “Orders is at least 3”."""

    def _put(self, phrase: Words, *parts: str) -> str:
        return super()._put(Words(phrase.zh, _VERB.sub("{a} ", phrase.en)), *parts)


def _shown(
    node: Node,
    known: Vocabulary,
    owners: Mapping[str, str],
    parties: Mapping[str, Words],
    language: Language,
) -> Node:
    """The same with names of stages, colleagues and party types in the place of their keys."""

    def value(column: Column | None, constant: Constant) -> Constant:
        text = str(constant.value)
        if column is None or constant.type != "text":
            return constant
        if column.key == "owner":
            return Constant(owners.get(text, text), "text")
        if column.key == "party" and text in parties:
            return Constant(parties[text].to(language), "text")
        metric = known.library.metrics.get(column.key)
        called = known.library.value_name((metric and metric.field) or column.key, text)
        if called:
            return Constant(called.to(language), "text")
        if column.lifecycle:
            stages = known.library.lifecycles[column.lifecycle].stages
            names = {one.code: one.name.to(language) for one in stages}
            return Constant(names.get(text, text), "text")
        return constant

    match node:
        case Logic(_, operands):
            parts = tuple(_shown(one, known, owners, parties, language) for one in operands)
            return dataclasses.replace(node, operands=parts)
        case Comparison(_, Name(key), Constant() as constant):
            return dataclasses.replace(node, right=value(known.columns.get(key), constant))
        case Membership(Name(key), options):
            column = known.columns.get(key)
            return dataclasses.replace(node, options=tuple(value(column, one) for one in options))
    return node
