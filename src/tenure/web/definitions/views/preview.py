"""What a draft would change among real customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.clock import now
from tenure.definitions import Definition, Lifecycle, Metric
from tenure.derive.customers.queries import Card, cards
from tenure.derive.lifecycles.queries import (
    LifecycleTrial,
    Move,
    affected_lifecycles,
    lifecycle_trial,
    metric_trial,
)
from tenure.record.library.queries import current_library, draft
from tenure.web.definitions.checking import check_draft
from tenure.web.viewer import page, viewer_of

MOST_LIFECYCLES = 3
_MOST_MOVES = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """One lifecycle under the draft as the page shows it.

    Attributes:
        columns: codes of the stages under the draft.
        matrix: per stage under what is published, how many go to each column.
        moves: those who would move, with a few of them by name.
        canonical: of each stage.
    """

    trial: LifecycleTrial
    columns: list[str]
    matrix: list[tuple[str, list[tuple[int, bool]]]]
    moves: list[tuple[Move, list[Card]]]
    canonical: Mapping[str, str]

    @property
    def estimate(self) -> int:
        """About how many would move of all, where a share was looked at."""
        return self.trial.moved * self.trial.share


@page("definition.publish")
def show(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The preview of the viewer's draft, as a part of the editor."""
    mine = draft(kind, key, viewer_of(request))
    if mine is None:
        return render(request, "definitions/_preview.html", {"unchanged": True})
    checked = check_draft(mine)
    if checked.definition is None:
        return render(request, "definitions/_preview.html", {"broken": True})
    return render(request, "definitions/_preview.html", _preview(request, checked.definition))


def _preview(request: HttpRequest, definition: Definition) -> dict[str, object]:
    viewer, at = viewer_of(request), now()
    keys = affected_lifecycles(definition)
    if isinstance(definition, Lifecycle) and definition.key not in keys:
        keys = [definition.key, *keys]
    trials = [
        lifecycle_trial(definition, one, at=at, viewer=viewer) for one in keys[:MOST_LIFECYCLES]
    ]
    values = (
        metric_trial(definition, at=at, viewer=viewer) if isinstance(definition, Metric) else None
    )
    customers = {one for trial in trials for move in trial.moves for one in move.examples}
    if values is not None:
        customers |= {change.customer_id for change in values.examples}
    known = cards(sorted(customers), viewer)
    return {
        "shown": [_shown(trial, definition, known) for trial in trials],
        "left_out": max(0, len(keys) - MOST_LIFECYCLES),
        "values": values,
        "value_rows": [
            (change, known.get(change.customer_id))
            for change in (values.examples if values else ())
        ],
        "definition": definition,
    }


def _shown(trial: LifecycleTrial, definition: Definition, known: dict[int, Card]) -> Shown:
    library, _ = current_library()
    old = library.lifecycles.get(trial.lifecycle)
    new = definition if isinstance(definition, Lifecycle) else old
    if new is None:
        raise Http404
    canonical = {stage.code: stage.canonical for one in (old, new) if one for stage in one.stages}
    columns = [stage.code for stage in new.stages]
    counted = {(move.from_stage, move.to_stage): move.customers for move in trial.moves}
    rows = [stage.code for stage in old.stages] if old else [""]
    matrix = [
        (row, [(counted.get((row, column), 0), row == column) for column in columns])
        for row in rows
    ]
    moved = [move for move in trial.moves if move.from_stage != move.to_stage]
    moves = [
        (move, [known[one] for one in move.examples if one in known])
        for move in moved[:_MOST_MOVES]
    ]
    return Shown(trial, columns, matrix, moves, canonical)
