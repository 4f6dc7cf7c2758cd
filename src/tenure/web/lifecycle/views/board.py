"""The board: stages with their heads, money and change, and what to do in each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tenure.definitions import explain_words
from tenure.derive.lifecycles.queries import (
    Board,
    StageHeads,
    board,
    coming_counts,
    lifecycle_named,
    stage_money,
    values_found,
)
from tenure.guard.access.queries import colleagues
from tenure.record.library.queries import current_library
from tenure.web.components.addresses import safe_return
from tenure.web.lifecycle.asking import CHANNEL, Asked, asked, default_lifecycle
from tenure.web.lifecycle.behind import ANY
from tenure.web.lifecycle.frame import frame, show_tab
from tenure.web.viewer import page

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """A stage of the board as the page shows it.

    Attributes:
        share: of all heads; ``start`` those of the stages before it.
        growth: change as a share of the heads before; ``None`` where there were none.
        beside: heads of those compared with; ``beside_share`` of all of them.
        beside_address: of the list of these heads.
        money: of the stage's customers; ``None`` while it is not computed.
    """

    stage: StageHeads
    share: float
    start: float
    growth: float | None
    address: str
    before_address: str
    playbook: str
    flows: str
    beside: int | None = None
    beside_address: str = ""
    beside_share: float | None = None
    money: Decimal | None = None

    @property
    def width(self) -> float:
        """Share in hundredths, for the picture."""
        return 100 * self.share

    @property
    def average(self) -> Decimal | None:
        """Money per customer."""
        if self.money is None or not self.stage.heads:
            return None
        return self.money / self.stage.heads


@page("customer.view")
def first(request: HttpRequest) -> HttpResponse:
    """The board of the lifecycle to begin with; without any, what to do."""
    library, _ = current_library()
    key = default_lifecycle(request, library)
    if key is None:
        return render(request, "lifecycle/none.html")
    return redirect("lifecycle:stages", key)


@page("customer.view")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Stages with heads and change; money follows by itself, or at once where asked for."""
    question = asked(request, key)
    found, rows = _rows(question)
    context = _context(question, found, rows)
    if request.GET.get("money"):
        context |= _money(question, rows)
    return show_tab(request, question, "stages", context)


@page("customer.view")
def figures(request: HttpRequest, key: str) -> HttpResponse:
    """The part of the board with money, which takes longer than counting."""
    question = asked(request, key)
    found, rows = _rows(question)
    context = _context(question, found, rows)
    context |= frame(question, "stages") | _money(question, rows)
    return render(request, "lifecycle/_stages.html", context)


@page("customer.view")
def filters(request: HttpRequest, key: str) -> HttpResponse:
    """The form that chooses whose stages are shown, and whom to compare them with."""
    question = asked(request, key)
    channels = values_found(key, CHANNEL, at=question.day_end, viewer=question.viewer)
    context = {
        "asked": question,
        "lifecycle": question.lifecycle,
        "owners": sorted(colleagues().items(), key=lambda one: one[1]),
        "channels": channels,
        "target": safe_return(request, request.GET.get("at"), question.address("stages")),
        "outer": "lifecycle/bare.html" if _is_part(request) else "lifecycle/frame.html",
    }
    return render(request, "lifecycle/filters.html", context | frame(question, "stages"))


@page("customer.view")
def playbook(request: HttpRequest, key: str, stage: str) -> HttpResponse:
    """What to do in a stage: goal, actions, content, channels, KPIs."""
    library, lifecycle = lifecycle_named(key)
    try:
        chosen = lifecycle.stage(stage)
    except KeyError as unknown:
        raise Http404 from unknown
    template = "lifecycle/_playbook.html" if _is_part(request) else "lifecycle/playbook.html"
    condition = None
    if chosen.when is not None:
        condition = explain_words(chosen.when, library)
    context = {"lifecycle": lifecycle, "stage_shown": chosen, "condition": condition}
    return render(request, template, context)


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _rows(question: Asked) -> tuple[Board, list[Row]]:
    key, moment = question.lifecycle.key, question.moment
    ask = partial(
        board,
        key,
        as_of=moment.at,
        since=question.since,
        known_at=moment.known_at,
        viewer=question.viewer,
    )
    found = ask(among=question.group())
    compared = not question.beside.everybody
    beside = ask(among=question.group_beside()) if compared else None
    rows, start = [], 0.0
    flows = question.address("flows", since=question.since_day)
    for index, stage in enumerate(found.stages):
        heads = beside.stages[index].heads if beside else None
        share = stage.heads / found.heads if found.heads else 0.0
        rows.append(
            Row(
                stage=stage,
                share=share,
                start=start,
                growth=stage.change / stage.before if stage.before else None,
                address=question.customers("in", stage.stage),
                before_address=question.customers("was", stage.stage, since=question.since_day),
                flows=flows,
                playbook=question.address("playbook", stage.stage),
                beside=heads,
                beside_address=question.customers_beside("in", stage.stage),
                beside_share=heads / beside.heads if beside and beside.heads and heads else None,
            )
        )
        start += 100 * share
    return found, rows


def _context(question: Asked, found: Board, rows: list[Row]) -> dict[str, object]:
    return {
        "board": found,
        "rows": rows,
        "compared": not question.beside.everybody,
        "everybody": question.customers("in", ANY),
    }


def _money(question: Asked, rows: list[Row]) -> dict[str, object]:
    group = question.group()
    found = stage_money(
        question.lifecycle.key,
        as_of=question.moment.at,
        since=question.since,
        viewer=question.viewer,
        known_at=question.moment.known_at,
        among=group,
        worth_at=question.day_end,
    )
    moment = question.moment
    counts = coming_counts(
        question.lifecycle.key,
        at=moment.at,
        until=moment.at + A_WEEK,
        viewer=question.viewer,
        past=moment.is_past,
        known_at=moment.known_at,
        among=group,
    )
    told: dict[str, object] = {
        "money": found,
        "coming": sum(one.customers for one in counts),
        "coming_address": question.address("coming", days=A_WEEK.days),
        "complete": True,
    }
    if found is not None:
        told["rows"] = [replace(row, money=found.stages[row.stage.stage]) for row in rows]
        told["money_change"] = found.total - sum(found.before.values(), Decimal(0))
    return told
