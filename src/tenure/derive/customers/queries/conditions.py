"""The condition language over the list of customers: what may be named, and what it means.

Besides metrics and named expressions there are the columns of cards and stages. ``owner`` is
compared with a colleague's name, address or number, or with ``'me'``; ``tag`` holds where the
customer has the tag among others.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from tenure.definitions import Library
from tenure.definitions.base import DefinitionError
from tenure.definitions.expression import (
    Comparison,
    Constant,
    Logic,
    Membership,
    Name,
    Node,
    Not,
    NullTest,
    SourceText,
    ValueType,
    names_in,
    parse_source,
    replace_names,
)
from tenure.derive.customers.projection.roster import STAGE_PARTS, metric_column
from tenure.words import Words

if TYPE_CHECKING:
    import ibis.expr.types as ir

CARD_NAMES: Mapping[str, tuple[Words, ValueType]] = {
    "party": (Words("主体类型", "Party type"), "text"),
    "owner": (Words("负责人", "Owner"), "text"),
    "tag": (Words("标签", "Tag"), "text"),
    "channel": (Words("首次渠道", "First channel"), "text"),
    "first_seen": (Words("首次出现", "First seen"), "date"),
    "last_seen": (Words("最近活动", "Last seen"), "date"),
    "source": (Words("首次来源系统", "First source"), "text"),
    "updated": (Words("资料更新日期", "Record updated"), "date"),
    "data_score": (Words("资料评分", "Record score"), "number"),
    "complete": (Words("资料完整度", "Record completeness"), "number"),
    "lacking": (Words("缺少的资料", "Missing fields"), "text"),
    "identified": (Words("有有效标识", "Has a valid identifier"), "boolean"),
    "doubled": (Words("可能重复", "Possible duplicate"), "boolean"),
}
_MAY_BE_ABSENT = {"source", "updated", "data_score", "complete", "lacking", "identified", "doubled"}
_STAGE_WORDS: Mapping[str, tuple[Words, ValueType]] = {
    "stage": (Words("阶段", "stage"), "text"),
    "entered": (Words("进入日期", "entered on"), "date"),
    "next": (Words("下一阶段", "next stage"), "text"),
    "changes": (Words("下次变化日期", "changes on"), "date"),
}
_MANY = frozenset({"tag", "owner", "lacking"})
_PLACES = {"tag": "tags", "owner": "owner_id", "lacking": "lacking"}
_MARK = "\x1f"


@dataclass(frozen=True, slots=True)
class Column:
    """Something a list can show, sort by and filter on.

    Attributes:
        key: its name in conditions.
        words: how people call it.
        type: of its values.
        unit: of a metric, such as ``money`` or ``days``.
        lifecycle: whose stage it is.
        group: ``card``, ``stage`` or ``metric``.
    """

    key: str
    words: Words
    type: ValueType
    unit: str | None = None
    lifecycle: str | None = None
    group: str = "card"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that conditions on customers may name, as far as a roster holds it."""

    library: Library
    columns: Mapping[str, Column]

    @property
    def types(self) -> dict[str, ValueType | None]:
        """Name to type of value."""
        return {key: column.type for key, column in self.columns.items()}


def vocabulary(library: Library, schema: pa.Schema | None) -> Vocabulary:
    """What may be named under ``library`` with a roster of these columns (``None``: cards)."""
    have = set(schema.names) if schema is not None else set()
    columns = {
        key: Column(key, words, kind)
        for key, (words, kind) in CARD_NAMES.items()
        if key in have or key not in _MAY_BE_ABSENT
    }
    for key, lifecycle in library.lifecycles.items():
        for part in STAGE_PARTS:
            name = f"{part}_{key}"
            if name in have:
                said, kind = _STAGE_WORDS[part]
                words = Words(f"{lifecycle.name.zh}·{said.zh}", f"{lifecycle.name.en}: {said.en}")
                columns[name] = Column(name, words, kind, None, key, "stage")
    for key, kind_or_none in library.names.items():
        used = names_in(library.resolve(Name(key)))
        if kind_or_none is None or not all(metric_column(one) in have for one in used):
            continue
        metric = library.metrics.get(key)
        words = library.name_of(key) or Words(key, key)
        unit = metric.unit if metric else None
        columns.setdefault(key, Column(key, words, kind_or_none, unit, None, "metric"))
    return Vocabulary(library, columns)


def parsed(text: str, known: Vocabulary, owners: Mapping[str, frozenset[int]]) -> Node | None:
    """The tree of a condition over base metrics and columns; ``None`` for no condition.

    Args:
        text: as a person wrote it.
        known: what may be named.
        owners: what may be written for an owner (in small letters), to numbers of accounts.

    Raises:
        DefinitionError: with position, cause and the nearest known name.
    """
    source = SourceText(text)
    if not text.strip():
        return None
    node = parse_source(source, known.types, expected="boolean")
    return resolved(_Rewriting(source, owners).of(node), known)


def resolved(node: Node, known: Vocabulary) -> Node:
    """The tree with metrics and named expressions put in."""

    def by(name: Name) -> Node:
        column = known.columns.get(name.key)
        if column is None or column.group != "metric":
            return name
        return replace_names(known.library.resolve(name), _as_metric)

    return replace_names(node, by)


def column_of(rows: ir.Table, name: Name) -> ir.Value:
    """The column of ``rows`` behind a name of a resolved tree."""
    import ibis

    kind, mark, value = name.key.partition(_MARK)
    if not mark:
        return rows[name.key]
    if kind != "owner":
        lines = ibis.coalesce(rows[_PLACES[kind]], "")
        return lines.contains(f"\n{value}\n") if value else lines != ""
    if not value:
        return rows.owner_id.notnull()
    numbers = [int(one) for one in value.split(",")]
    return ibis.coalesce(rows.owner_id.isin(numbers), False)


def columns_needed(node: Node) -> set[str]:
    """Columns of the roster that a resolved tree reads."""
    found = set()
    for key in names_in(node):
        kind, mark, _ = key.partition(_MARK)
        found.add(_PLACES[kind] if mark else key)
    return found


def _as_metric(name: Name) -> Name:
    return Name(metric_column(name.key), name.type)


class _Rewriting:
    """Comparisons of owner and tag, which may have many values, as conditions of their own."""

    def __init__(self, source: SourceText, owners: Mapping[str, frozenset[int]]) -> None:
        self._source = source
        self._owners = owners

    def of(self, node: Node) -> Node:
        """``node`` with every such comparison replaced by a name that stands for it."""
        match node:
            case Logic(_, operands):
                return dataclasses.replace(node, operands=tuple(map(self.of, operands)))
            case Not(operand):
                return dataclasses.replace(node, operand=self.of(operand))
            case NullTest(Name(key), negated) if key in _MANY:
                has = Name(f"{key}{_MARK}", "boolean")
                return has if negated else Not(has)
            case Comparison(op, Name(key), Constant(value)) if key in _MANY and op in ("=", "<>"):
                held = self._held(key, [str(value)])
                return held if op == "=" else Not(held)
            case Membership(Name(key), options, negated) if key in _MANY:
                held = self._held(key, [str(option.value) for option in options])
                return Not(held) if negated else held
        for key in _MANY & set(names_in(node)):
            self._refuse(
                key,
                Words(
                    f"{key} 只能这样写：{key} = '…'、{key} in ('…', '…') 或 {key} is null",
                    f"write {key} = '…', {key} in ('…', '…') or {key} is null, nothing else",
                ),
            )
        return node

    def _held(self, key: str, values: list[str]) -> Node:
        if key != "owner":
            parts = tuple(
                Name(f"{key}{_MARK}{one.replace(chr(10), ' ')}", "boolean") for one in values
            )
            return parts[0] if len(parts) == 1 else Logic("or", parts)
        numbers: set[int] = set()
        for one in values:
            found = self._owners.get(one.strip().casefold())
            if found is None:
                self._refuse(one, Words(f"没有同事叫 {one}", f"no colleague is called {one}"), one)
            numbers |= found or set()
        listed = ",".join(str(number) for number in sorted(numbers)) or "-1"
        return Name(f"owner{_MARK}{listed}", "boolean")

    def _refuse(self, word: str, cause: Words, sought: str = "") -> None:
        from tenure.definitions.base import nearest_name

        place = re.search(re.escape(word), self._source.text)
        start, end = place.span() if place else (0, len(self._source.text))
        nearest = nearest_name(sought.casefold(), self._owners) if sought else None
        raise DefinitionError([self._source.problem(start, end, cause, nearest=nearest)])
