"""What people choose on the list of customers, read from its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite

from django.http import HttpRequest, QueryDict

from tenure.definitions.expression.render import render_constant
from tenure.definitions.expression.tree import Constant
from tenure.derive.customers.queries import ViewShown
from tenure.derive.customers.queries.conditions import Column, Vocabulary
from tenure.derive.lifecycles.queries.roster_asked import BEST_FIRST, DEFAULT_SORT
from tenure.record.library.queries import current_library
from tenure.web.components.pages import page_number
from tenure.web.lifecycle.asking import default_lifecycle
from tenure.words import TenureError, Words

OPERATORS: dict[str, Words] = {
    "=": Words("等于", "is"),
    "<>": Words("不等于", "is not"),
    ">=": Words("至少", "at least"),
    "<=": Words("至多", "at most"),
    "is null": Words("为空", "is empty"),
    "is not null": Words("不为空", "is not empty"),
}
LONGEST_CONDITION = 4_000
SIZE = 50
_BEYOND = 2**63


@dataclass(frozen=True, slots=True)
class Question:
    """What the address of the list asks for.

    Attributes:
        condition: in the condition language.
        sought: a text to search for, among those for whom the condition holds.
        columns: keys of the columns to show.
        sort: key of a column, ``-`` before it for the largest first; or ``BEST_FIRST``.
        number: of the page.
        view: the saved view that is open.
    """

    condition: str
    sought: str
    columns: tuple[str, ...]
    sort: str
    number: int
    view: ViewShown | None


def question(request: HttpRequest, views: list[ViewShown], known: Vocabulary | None) -> Question:
    """The address read, with what the open view says where the address says nothing."""
    asked = request.GET
    view = _view(asked, views)
    condition = asked.get("q", view.condition if view else "")[:LONGEST_CONDITION]
    columns = (
        tuple(asked.getlist("c"))
        or (view.columns if view else ())
        or default_columns(known, request)
    )
    if known is not None:
        columns = tuple(key for key in dict.fromkeys(columns) if key in known.columns)
    sought = asked.get("find", "").strip()[:100]
    usual = BEST_FIRST if sought else (view.sort if view else "") or DEFAULT_SORT
    return Question(
        condition=condition.strip(),
        sought=sought,
        columns=columns,
        sort=asked.get("sort") or usual,
        number=page_number(asked.get("page")),
        view=view,
    )


def whole(text: str) -> int | None:
    """A number of a row as a form gives it; ``None`` where it can be none."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    number = int(text)
    return number if number < _BEYOND else None


def default_columns(known: Vocabulary | None, request: HttpRequest) -> tuple[str, ...]:
    """The stage in the lifecycle looked at last, owner, tags and when they were last seen."""
    usual = default_lifecycle(request, current_library()[0])
    stage = f"stage_{usual}"
    stages = [stage] if known is not None and stage in known.columns else []
    return (*stages, "owner", "tag", "channel", "last_seen")


def with_filter(condition: str, column: Column, operator: str, value: str) -> str:
    """``condition`` and one more part, made of what a form gave.

    Raises:
        TenureError: the value does not fit the column.
    """
    if operator not in OPERATORS:
        raise TenureError(Words(f"没有这种比较：{operator}", f"no such comparison: {operator}"))
    if operator.startswith("is"):
        part = f"{column.key} {operator}"
    else:
        part = f"{column.key} {operator} {render_constant(_constant(column, value.strip()))}"
    if not condition.strip():
        return part
    return f"({condition}) and {part}" if " or " in condition.lower() else f"{condition} and {part}"


def _constant(column: Column, value: str) -> Constant:
    try:
        match column.type:
            case "number":
                figure = float(value.replace(",", ""))
                if isfinite(figure):
                    return Constant(figure, "number")
                raise ValueError(value)
            case "date":
                return Constant(date.fromisoformat(value), "date")
            case "boolean":
                return Constant(value.lower() in ("true", "1", "yes", "是"), "boolean")
    except ValueError:
        raise TenureError(
            Words(
                zh=f"“{column.words.zh}”应是{'数字' if column.type == 'number' else '日期'}",
                en=f"“{column.words.en}” wants a {column.type}",
            )
        ) from None
    return Constant(value, "text")


def _view(asked: QueryDict, views: list[ViewShown]) -> ViewShown | None:
    wanted = asked.get("view", "")
    if wanted:
        return next((view for view in views if str(view.view_id) == wanted), None)
    plain = not any(asked.get(name) for name in ("q", "find", "sort", "c")) and "q" not in asked
    return next((view for view in views if view.first), None) if plain else None
