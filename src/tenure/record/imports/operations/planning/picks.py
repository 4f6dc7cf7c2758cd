"""One value from the rows of a group: the sum, the first, the one of the largest row…"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from tenure.words import Words

from ..mapping.body import MapError
from ..mapping.model import Value
from ..reading.table import Cells
from ..values.scalars import integer_from, money_from, number_from
from .getters import Getter, Setting, compile_field, compile_number, compile_text

Rows = Sequence[tuple[int, Cells]]
"""The rows of a group as (line, cells), in the order of the file."""
Picker = Callable[[Rows], object]
_GATHER: dict[str, Callable[[Iterable[Decimal]], Decimal]] = {
    "sum": lambda found: sum(found, Decimal(0)),
    "min": min,
    "max": max,
}


def compile_pick(value: Value, kind: str, setting: Setting) -> Picker:
    """The function from the rows of a group to the field's value."""
    match value.pick:
        case "count":
            return len
        case "distinct":
            text = compile_text(value, setting)
            return lambda rows: len({text(cells, line) for line, cells in rows} - {None})
        case "sum" | "min" | "max":
            return _numeric(value, kind, setting)
        case "largest":
            return _largest(value, kind, setting)
        case "last":
            getter = compile_field(value, kind, setting)
            return lambda rows: _first(getter, rows[::-1])
        case _:
            getter = compile_field(value, kind, setting)
            return lambda rows: _first(getter, rows)


def _first(getter: Getter, rows: Rows) -> object:
    for line, cells in rows:
        found = getter(cells, line)
        if found is not None:
            return found
    return None


def _numeric(value: Value, kind: str, setting: Setting) -> Picker:
    number = compile_number(value, setting, money=kind == "money")
    gather = _GATHER[value.pick]
    typed: Callable[[Decimal | None], object] = number_from
    if kind == "money":
        typed = money_from
    elif kind == "integer":
        typed = integer_from

    def pick(rows: Rows) -> object:
        found = [one for line, cells in rows if (one := number(cells, line)) is not None]
        return typed(gather(found)) if found else None

    return pick


def _largest(value: Value, kind: str, setting: Setting) -> Picker:
    if value.by is None:
        raise MapError(
            setting.map.file,
            value.place,
            Words(zh="largest 需要 by：按什么比大小", en="largest needs by: what to compare"),
        )
    size = compile_number(value.by, setting, money=False)
    getter = compile_field(value, kind, setting)

    def pick(rows: Rows) -> object:
        best: tuple[Decimal, object] | None = None
        for line, cells in rows:
            found = getter(cells, line)
            measure = size(cells, line)
            if found is not None and measure is not None and (best is None or measure > best[0]):
                best = (measure, found)
        return best[1] if best else _first(getter, rows)

    return pick
