"""The flows between two dates: a picture, and accounts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from tenure.derive.lifecycles.queries import (
    FlowAccount,
    MoneyAccount,
    Passage,
    Transition,
    flow_accounts,
    money_accounts,
    money_metric,
    passages,
    transitions,
)
from tenure.web.lifecycle.asking import Asked, asked
from tenure.web.lifecycle.behind import ANY
from tenure.web.lifecycle.charts import sankey
from tenure.web.lifecycle.frame import show_tab
from tenure.web.viewer import page


@dataclass(frozen=True, slots=True)
class Account:
    """A stage's account with the addresses of the customers behind each figure."""

    heads: FlowAccount
    canonical: str
    money: MoneyAccount | None
    opening: str
    entered: str
    left: str
    closing: str

    @property
    def change(self) -> int:
        """Closing less opening."""
        return self.heads.closing - self.heads.opening


@page("customer.view")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The tab; accounts in money where they are asked for, for they take longer."""
    question = asked(request, key)
    period = {"from_at": question.since, "to_at": question.moment.at}
    known_at, group = question.moment.known_at, question.group()
    viewer = question.viewer
    found = passages(key, **period, viewer=viewer, known_at=known_at, among=group)
    accounts = flow_accounts(key, **period, viewer=viewer, known_at=known_at, among=group)
    moves = transitions(key, **period, viewer=viewer, known_at=known_at, among=group)
    wants_money = bool(request.GET.get("money"))
    money = (
        money_accounts(
            key,
            **period,
            viewer=viewer,
            known_at=known_at,
            among=group,
            worth_at=question.day_end,
        )
        if wants_money
        else []
    )
    addresses = _addresses(question, found)
    rows = _accounts(question, accounts, money)
    context = {
        "accounts": rows,
        "totals": _totals(accounts),
        "money_totals": _money_totals(money),
        "money_metric": money_metric(question.library, question.lifecycle),
        "wants_money": wants_money,
        "moves": [(one, _moved(question, one)) for one in moves[:40]],
        "all_addresses": _all_addresses(question),
        "more_moves": max(0, len(moves) - 40),
        "passages": [
            (one, addresses.get((one.from_stage, one.to_stage))) for one in found if one.to_stage
        ],
        "chart": sankey(question.lifecycle, [one for one in found if one.to_stage], addresses),
    }
    return show_tab(request, question, "flows", context)


def _addresses(question: Asked, found: list[Passage]) -> dict[tuple[str, str], str]:
    return {
        (one.from_stage, one.to_stage): question.customers(
            "between", one.to_stage, came_from=one.from_stage, since=question.since_day
        )
        for one in found
        if one.to_stage
    }


def _accounts(
    question: Asked, accounts: list[FlowAccount], money: list[MoneyAccount]
) -> list[Account]:
    since = question.since_day
    by_stage = {one.stage: one for one in money}
    return [
        Account(
            heads=one,
            canonical=question.lifecycle.stage(one.stage).canonical,
            money=by_stage.get(one.stage),
            opening=question.customers("was", one.stage, since=since),
            entered=question.customers("entered", one.stage, since=since),
            left=question.customers("left", one.stage, since=since),
            closing=question.customers("in", one.stage),
        )
        for one in accounts
    ]


def _moved(question: Asked, one: Transition) -> str:
    return question.customers(
        "moved", one.to_stage, came_from=one.from_stage, since=question.since_day
    )


def _all_addresses(question: Asked) -> dict[str, str]:
    """Addresses of the customers behind the totals of the accounts."""
    ways = {"opening": "was", "entered": "entered", "left": "left"}
    since = question.since_day
    found = {side: question.customers(way, ANY, since=since) for side, way in ways.items()}
    return found | {"closing": question.customers("in", ANY)}


def _totals(accounts: list[FlowAccount]) -> dict[str, int]:
    sides = ("opening", "entered", "left", "closing")
    return {side: sum(getattr(one, side) for one in accounts) for side in sides}


def _money_totals(accounts: list[MoneyAccount]) -> dict[str, Decimal] | None:
    if not accounts:
        return None
    sides = ("opening", "entered", "left", "closing")
    return {side: sum((getattr(one, side) for one in accounts), Decimal(0)) for side in sides}
