"""One event rule of a map as functions from a row, or a group of rows, to an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from tenure.definitions import Library
from tenure.record.events.operations import IncomingEvent
from tenure.words import Words

from ..mapping.body import MapError
from ..mapping.model import PROFILE_EVENT, EventRule, TypeRule
from ..problems import RowProblem, did_you_mean
from ..reading.table import Cells
from ..values.scalars import text_of
from .conditions import compile_condition
from .getters import (
    Getter,
    Setting,
    compile_field,
    compile_moment,
    compile_text,
    named,
)
from .picks import Picker, Rows, compile_pick

TypeOf = Callable[[Cells], str | None]
_NO_MOMENT = Words(zh="日期为空", en="the date is empty")


class Rule:
    """A compiled event rule.

    Attributes:
        tag: tells the events apart that one row gives.
    """

    def __init__(self, rule: EventRule, setting: Setting, library: Library) -> None:
        kinds = field_kinds(library)
        customer = setting.map.customer if rule.customer is None else rule.customer
        self.on_change = rule.on_change
        self._optional = rule.optional
        self._when = compile_condition(rule.when, setting.columns)
        self._type = rule.type.constant
        self._type_of = _compile_type(rule.type, setting)
        self._moment = compile_moment(rule.at, setting)
        self._identifiers = [(key, compile_text(value, setting)) for key, value in customer.items()]
        self._fields: list[tuple[str, Getter]] = []
        self._picks: list[tuple[str, Picker]] = []
        for key, value in rule.fields.items():
            kind = kinds.get(key, "string")
            pick = compile_pick(value, kind, setting)
            self._picks.append((key, pick))
            single = compile_field(value, kind, setting) if value.pick == "first" else _one(pick)
            self._fields.append((key, single))
        self._currency = setting.map.currency
        self._rate: Decimal | None = setting.map.exchange_rate
        self.tag = "|".join((rule.type.constant or "", *rule.at.columns))

    def of_row(self, line: int, cells: Cells) -> IncomingEvent | None:
        """The event of one row; None where the rule does not apply to it.

        Raises:
            RowProblem: a value of the row does not fit.
        """
        if self._when is not None and not self._when(cells):
            return None
        kind = self._type or self._type_of(cells)
        if kind is None:
            return None
        at = self._moment(cells, line)
        if at is None:
            self._check_optional()
            return None
        identifiers = {}
        for key, text in self._identifiers:
            found = text(cells, line)
            if found is not None:
                identifiers[key] = found
        fields = {}
        key = ""
        try:
            for key, getter in self._fields:
                value = getter(cells, line)
                if value is not None:
                    fields[key] = value
        except RowProblem as problem:
            raise named(problem, key) from problem
        return IncomingEvent(kind, at, identifiers, fields, None, self._currency, self._rate)

    def of_group(self, rows: Rows) -> IncomingEvent | None:
        """The event of a group: what it is and when by its first row, the rest by its picks.

        Raises:
            RowProblem: a value of a row does not fit.
        """
        cells = rows[0][1]
        if self._when is not None and not self._when(cells):
            return None
        kind = self._type or self._type_of(cells)
        if kind is None:
            return None
        at = next((one for line, cells in rows if (one := self._moment(cells, line))), None)
        if at is None:
            self._check_optional()
            return None
        identifiers = {}
        for key, text in self._identifiers:
            known = next((found for line, cells in rows if (found := text(cells, line))), None)
            if known is not None:
                identifiers[key] = known
        fields = {}
        key = ""
        try:
            for key, pick in self._picks:
                value = pick(rows)
                if value is not None:
                    fields[key] = value
        except RowProblem as problem:
            raise named(problem, key) from problem
        return IncomingEvent(kind, at, identifiers, fields, None, self._currency, self._rate)

    def _check_optional(self) -> None:
        if not self._optional:
            raise RowProblem(_NO_MOMENT)


def _one(pick: Picker) -> Getter:
    return lambda cells, line: pick([(line, cells)])


def field_kinds(library: Library) -> Mapping[str, str]:
    """Field key to type; a key has one type in a library, profile fields included."""
    kinds: dict[str, str] = {}
    for party in library.party_types.values():
        kinds.update((field.key, field.type) for field in party.fields)
    for event_type in library.event_types.values():
        kinds.update((field.key, field.type) for field in event_type.fields)
    return kinds


def _compile_type(rule: TypeRule, setting: Setting) -> TypeOf:
    if rule.column is None:
        return lambda _cells: rule.constant
    index = setting.columns.index(rule.column, rule.place)
    values, otherwise, column = dict(rule.values), rule.otherwise, rule.column

    def type_of(cells: Cells) -> str | None:
        text = text_of(cells[index])
        found = values.get(text or "")
        if found is None:
            found = otherwise if values or text is None else text
        if found == "skip":
            return None
        if found == "refuse":
            raise RowProblem(
                Words(
                    zh=f"列「{column}」的「{text or ''}」没有对应的事件类型",
                    en=f"no event type for “{text or ''}” in column “{column}”",
                )
            )
        return found

    return type_of


def check_names(rule: EventRule, setting: Setting, library: Library) -> list[Words]:
    """What a rule names that the library does not know: accepted, but worth a word.

    Raises:
        MapError: the type is not known, but is hardly anything else than a misspelt known one.
    """
    notes = []
    types = [rule.type.constant, *rule.type.values.values()]
    for key in types:
        if key is None or key == "skip" or key in library.event_types:
            continue
        hint = did_you_mean(key, library.event_types)
        if hint.en:
            raise MapError(
                setting.map.file,
                rule.type.place,
                Words(zh=f"没有事件类型「{key}」{hint.zh}", en=f"no event type “{key}”{hint.en}"),
            )
        notes.append(
            Words(
                zh=f"事件类型「{key}」没有定义：会照样记录，但暂无指标使用它",
                en=f"event type “{key}” is not defined: recorded, but no metric reads it yet",
            )
        )
    return [*notes, *_field_notes(rule, library)]


def _field_notes(rule: EventRule, library: Library) -> list[Words]:
    key = rule.type.constant
    if key is None or key not in library.event_types:
        return []
    known = {field.key for field in library.event_types[key].fields}
    if key == PROFILE_EVENT:
        known |= {field.key for party in library.party_types.values() for field in party.fields}
    notes = []
    for field in rule.fields:
        if field not in known:
            hint = did_you_mean(field, known)
            notes.append(
                Words(
                    zh=f"{key} 没有字段「{field}」{hint.zh}：会照样记录",
                    en=f"{key} has no field “{field}”{hint.en}: kept all the same",
                )
            )
    return notes
