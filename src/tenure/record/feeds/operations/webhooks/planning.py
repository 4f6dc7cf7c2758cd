"""The map of a webhook, compiled: columns are those it names, whatever a record holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tenure.definitions import Library
from tenure.record.events.queries import basis
from tenure.record.imports.operations.mapping import ImportMap, load_map
from tenure.record.imports.operations.mapping.body import MapError
from tenure.record.imports.operations.mapping.model import Condition, Place, Value
from tenure.record.imports.operations.planning.plan import Plan, make_plan
from tenure.record.imports.operations.reading.table import Cells, ReadOptions, Refuse
from tenure.words import Words

MAP_NAME = "webhook.map.yaml"
_ALONE = Words(
    "Webhook 的每条记录单独翻译，不能用 group_by、join 或 year_from",
    "records of a webhook stand alone: group_by, join and year_from cannot be used",
)


@dataclass(frozen=True, slots=True)
class _Columns:
    """A table that has columns and nothing else, to compile a map against."""

    columns: tuple[str, ...]
    path: Path = Path(MAP_NAME)
    options: ReadOptions = field(default_factory=ReadOptions)
    notes: tuple[Words, ...] = ()

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Nothing."""
        return iter(())

    def progress(self) -> float:
        """All of it."""
        return 1.0


def webhook_map(text: str) -> ImportMap:
    """A map that single records can be translated with.

    Raises:
        TenureError: it is none, or one for whole files.
    """
    map_ = load_map(text, MAP_NAME)
    by_order = [rule for rule in map_.events if rule.at.year_from is not None]
    if map_.group_by or map_.join or by_order:
        raise MapError(MAP_NAME, Place(1, 1), _ALONE)
    return map_


def webhook_plan(map_: ImportMap, library: Library) -> tuple[Plan, tuple[str, ...]]:
    """The plan of a map, and the columns that its cells are to hold, in order."""
    names = tuple(dict.fromkeys(_names(map_)))
    table = _Columns(names)
    kept_in = basis()
    plan = make_plan(map_, table, len(names), library, zone=kept_in.zone, currency=kept_in.currency)
    for rule in plan.rules:
        rule.on_change = False  # a record is told by itself, in whatever order it is tried again
    return plan, names


def _names(map_: ImportMap) -> Iterator[str]:
    yield from map_.key
    for skip in map_.skip:
        yield from _tested(skip.when)
    yield from _valued(list(map_.customer.values()))
    for rule in map_.events:
        if rule.type.column is not None:
            yield rule.type.column
        yield from _tested(rule.when)
        yield from _valued([rule.at, *rule.fields.values(), *(rule.customer or {}).values()])


def _tested(condition: Condition) -> Iterator[str]:
    for group in condition:
        for test in group:
            yield test.column


def _valued(values: list[Value]) -> Iterator[str]:
    for value in values:
        yield from value.columns
        if value.by is not None:
            yield from _valued([value.by])
