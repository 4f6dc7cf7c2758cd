"""Values of the list as cells: figures, days, stages, owners, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenure.definitions import Library
from tenure.derive.customers.queries import Card
from tenure.derive.customers.queries.conditions import Column, Vocabulary
from tenure.derive.lifecycles.queries.roster import ListedCustomer
from tenure.web.components import figures
from tenure.web.language import told
from tenure.words import Words


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one customer.

    Attributes:
        column: of what.
        text: as shown.
        canonical: of a stage, for its colour.
        tags: of a customer.
        numeric: whether it is set to the right.
    """

    column: Column
    text: str
    canonical: str = ""
    tags: tuple[str, ...] = ()
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One customer of the page."""

    card: Card
    cells: Sequence[Cell]


def rows_of(
    listed: Sequence[ListedCustomer],
    columns: Sequence[str],
    known: Vocabulary,
    owners: Mapping[int, str],
) -> list[Row]:
    """The rows of a page."""
    chosen = [known.columns[key] for key in columns if key in known.columns]
    return [
        Row(one.card, [cell(column, one.card, one.values, known, owners) for column in chosen])
        for one in listed
    ]


def cell(
    column: Column,
    card: Card,
    values: Mapping[str, Any],
    known: Vocabulary,
    owners: Mapping[int, str],
) -> Cell:
    """One value as shown; owner, tags and party are those of the card, which is of now."""
    match column.key:
        case "owner":
            return Cell(column, owners.get(card.owner_id or 0, "") if card.owner_id else "")
        case "tag":
            return Cell(column, "、".join(card.tags), tags=card.tags)
        case "party":
            party = known.library.party_types.get(card.party)
            return Cell(column, told(party.name) if party else card.party)
        case "channel":
            return Cell(column, value_told(known.library, "channel", card.channel or ""))
    value = values.get(column.key)
    if column.lifecycle and column.type == "text":
        return _stage(column, value, known)
    metric = known.library.metrics.get(column.key)
    if column.key == "lacking":
        text = _field_names(value, known)
    elif metric and metric.field and isinstance(value, str):
        text = value_told(known.library, metric.field, value)
    else:
        text = plain(column, value)
    return Cell(column, text, numeric=column.type in ("number", "date"))


def _field_names(lines: Any, known: Vocabulary) -> str:
    """Fields of profiles, one a line, as people call them."""
    parties = known.library.party_types.values()
    names = {one.key: one.name or Words(one.key, one.key) for p in parties for one in p.fields}
    keys = [key for key in str(lines or "").split("\n") if key]
    mark = told(Words("、", ", "))
    return mark.join(told(names.get(key) or Words(key, key)) for key in keys)


def value_told(library: Library, field: str, value: str) -> str:
    """A code as people call it, in the reader's language; as it is where nothing says so."""
    words = library.value_name(field, value)
    return told(words) if words else value


def plain(column: Column, value: Any) -> str:
    """A value of a metric or date in the reader's language; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return told(Words("是", "yes") if value else Words("否", "no"))
    if isinstance(value, date):
        return figures.day(value)
    if isinstance(value, int | float):
        return _figure(column, value)
    return str(value)


def _figure(column: Column, value: float) -> str:
    if column.unit == "money":
        text = figures.money(float(value))
    elif column.key == "complete":
        text = figures.percent(value, 0)
    else:
        text = figures.number(round(float(value), 2))
    return text.replace("-", "−")


def _stage(column: Column, code: Any, known: Vocabulary) -> Cell:
    lifecycle = known.library.lifecycles.get(column.lifecycle or "")
    stages = {one.code: one for one in lifecycle.stages} if lifecycle else {}
    stage = stages.get(str(code)) if code else None
    if stage is None:
        return Cell(column, str(code or ""))
    return Cell(column, told(stage.name), canonical=stage.canonical)
