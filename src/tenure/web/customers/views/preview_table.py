"""A preview of a merge or a separation as a table: each customer before, each customer after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest
from django.utils.http import urlencode

from tenure.actor import Actor
from tenure.definitions import Library, Metric
from tenure.derive.customers.queries import cards
from tenure.derive.customers.queries.consents import ConsentView
from tenure.derive.lifecycles.queries.preview import CustomerSeen, Preview
from tenure.guard.access.queries import account_names
from tenure.record.library.queries import current_library
from tenure.web.components import figures
from tenure.web.customers.views.customer_profile import field_name, shown, why_shown
from tenure.web.customers.views.customer_tabs import metric_shown
from tenure.web.language import told
from tenure.words import Words

NOTHING = "–"
_MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """What one customer says in one row.

    Attributes:
        lines: to be read one beneath the other.
        hint: why, or where from.
        changed: on the side of after: none of the customers before says the same.
    """

    lines: tuple[str, ...]
    hint: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """One thing that is compared; ``same``: all sides say it alike."""

    name: str
    cells: tuple[Cell, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind, and those all sides agree on apart."""

    name: Words
    rows: tuple[TableRow, ...]
    alike: tuple[TableRow, ...]


def sections(preview: Preview, types: Callable[[str], str]) -> list[Section]:
    """All that a preview tells, in sections.

    Args:
        preview: of a merge or a separation.
        types: identifier type to its name.
    """
    seen = [*preview.before, *preview.after]
    owners = account_names({one.owner_id for one in seen if one.owner_id is not None})
    return [
        _section(Words("资料", "Profile"), _profile(preview)),
        _section(Words("阶段", "Stages"), _stages(preview)),
        _section(Words("指标", "Metrics"), _metrics(preview)),
        _section(Words("归属与往来", "Ownership and work"), _others(preview, owners, types)),
    ]


def _section(name: Words, rows: Iterable[TableRow]) -> Section:
    found = list(rows)
    return Section(
        name,
        tuple(row for row in found if not row.same),
        tuple(row for row in found if row.same),
    )


def _row(name: str, preview: Preview, cell: Callable[[CustomerSeen], Cell]) -> TableRow:
    before = [cell(one) for one in preview.before]
    known = {one.lines for one in before}
    after = [cell(one) for one in preview.after]
    cells = [*before, *(Cell(one.lines, one.hint, one.lines not in known) for one in after)]
    same = len({one.lines for one in cells}) == 1
    return TableRow(name, tuple(cells), same)


def _profile(preview: Preview) -> Iterable[TableRow]:
    seen = [*preview.before, *preview.after]
    keys = dict.fromkeys(entry.field.key for one in seen for entry in one.profile.fields)
    before = {id(one) for one in preview.before}
    for key in keys:
        entries = [one.profile.field(key) for one in seen]
        known = next(entry for entry in entries if entry is not None)
        if all(entry is None or entry.value is None for entry in entries):
            continue

        yield _row(field_name(known.field), preview, partial(_value, key, before))


def _value(key: str, before: Collection[int], one: CustomerSeen) -> Cell:
    """The value; before with where it is from, afterwards with why it counts."""
    entry = one.profile.field(key)
    if entry is None or entry.value is None:
        return Cell((NOTHING,))
    if id(one) not in before:
        hint = told(why_shown(entry)) if entry.others else ""
    else:
        hint = f"{entry.source} · {figures.day(entry.set_at)}" if entry.set_at else entry.source
    return Cell((shown(entry.field, entry.value),), hint)


def _stages(preview: Preview) -> Iterable[TableRow]:
    for lifecycle in preview.lifecycles:
        yield _row(told(lifecycle.name), preview, partial(_stage, lifecycle.key))


def _stage(key: str, one: CustomerSeen) -> Cell:
    seen = one.stages.get(key)
    if seen is None:
        return Cell((NOTHING,))
    return Cell((told(seen.stage.name),), told(seen.cause) if seen.cause else "")


def _metrics(preview: Preview) -> Iterable[TableRow]:
    for metric in preview.metrics:
        yield _row(told(metric.name), preview, partial(_metric, metric))


def _metric(metric: Metric, one: CustomerSeen) -> Cell:
    return Cell((metric_shown(metric, one.metrics.get(metric.key)),))


def _others(
    preview: Preview, owners: Mapping[int, str], types: Callable[[str], str]
) -> Iterable[TableRow]:
    cells: list[tuple[Words, Callable[[CustomerSeen], Cell]]] = [
        (Words("负责人", "Owner"), lambda one: Cell((owners.get(one.owner_id or 0, NOTHING),))),
        (Words("标签", "Tags"), lambda one: _listed(one.tags)),
        (Words("同意", "Consents"), lambda one: _listed([_consent(c) for c in one.consents])),
        (
            Words("标识", "Identifiers"),
            lambda one: _listed([f"{types(v.type)} {v.value or NOTHING}" for v in one.identifiers]),
        ),
        (Words("事件", "Events"), lambda one: _number(one.extent.total)),
        (Words("最早", "First seen"), lambda one: Cell((figures.day(one.extent.first_at),))),
        (Words("备注", "Notes"), lambda one: _number(one.notes)),
        (Words("附件", "Files"), lambda one: _number(one.files)),
        (Words("待处理的合并建议", "Open suggestions"), lambda one: _number(one.suggestions)),
    ]
    for name, cell in cells:
        yield _row(told(name), preview, cell)


def _listed(found: Sequence[str]) -> Cell:
    more = len(found) - _MOST_LISTED
    lines = list(found[:_MOST_LISTED])
    if more > 0:
        lines.append(told(Words(f"另有 {more} 个", f"{more} more")))
    return Cell(tuple(lines) or (NOTHING,))


def _number(count: int) -> Cell:
    return Cell((figures.number(count),))


def _consent(one: ConsentView) -> str:
    state = Words("同意", "given") if one.given else Words("未同意", "not given")
    where = f" · {one.channel}" if one.channel else ""
    return f"{one.purpose}{where}: {told(state)}"


def depth_asked(request: HttpRequest) -> tuple[bool, bool]:
    """Whether stages and metrics are wanted, and whether only those, for a part of the page."""
    only = request.GET.get("part") == "changes"
    return only or "all" in request.GET, only


def more_address(address: str, **query: int | Sequence[int]) -> str:
    """Of the same page with stages and metrics."""
    return f"{address}?{urlencode({**query, 'all': 1}, doseq=True)}"


def preview_context(
    preview: Preview, viewer: Actor, after: Sequence[str], *, only_deep: bool = False
) -> dict[str, object]:
    """What ``customers/preview.html`` needs.

    Args:
        preview: what would change.
        viewer: who looks.
        after: what the customers after are called.
        only_deep: stages and metrics alone.
    """
    known = cards([one.customer_id for one in preview.before], viewer)
    before = [
        {
            "customer": one.customer_id,
            "name": card.name if (card := known.get(one.customer_id)) else f"#{one.customer_id}",
        }
        for one in preview.before
    ]
    found = sections(preview, type_names(current_library()[0]))
    return {
        "heads": [*before, *({"customer": None, "name": name} for name in after)],
        "sections": found[1:3] if only_deep else found,
        "doubled": preview.doubled,
    }


def type_names(library: Library) -> Callable[[str], str]:
    """Identifier types as people call them."""
    names = {
        kind.key: told(kind.name)
        for party in library.party_types.values()
        for kind in party.identifiers
        if kind.name
    }
    return lambda key: names.get(key, key)
