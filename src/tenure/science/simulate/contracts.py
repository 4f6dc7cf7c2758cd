"""A contract between companies: signed, delivered, used, supported, and renewed every year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tenure.science.simulate.diary import Teller, days_later, money
from tenure.science.simulate.seasons import Calendar
from tenure.science.simulate.world import DAY_US, Integers

_YEAR = 365


@dataclass(frozen=True, slots=True)
class Deal:
    """What was sold, when it was signed, and until when the customer stays."""

    contract_id: str
    product: str
    amount: float
    signed_us: int
    until_us: int


def keep_contract(
    teller: Teller, deal: Deal, calendar: Calendar, random: np.random.Generator
) -> None:
    """Write the life of a contract from signing until the customer has left."""
    at, end = deal.signed_us, deal.until_us
    amount, contract, product = money(deal.amount), deal.contract_id, deal.product
    _terms(teller, "contract.signed", at, deal)
    teller.tell(
        "order.placed", at, "contracts", order_id=contract, amount=amount,
        category=product, product=product,
    )  # fmt: skip
    installed = days_later(at, 25, random)
    delivered = days_later(installed, 15, random)
    teller.tell("installation.started", installed, "service", contract_id=contract)
    teller.tell("system.accepted", delivered, "service", contract_id=contract, result="合格")
    cost = money(deal.amount * random.uniform(0.5, 0.75))
    teller.tell("order.delivered", delivered, "service", order_id=contract)
    teller.tell("cost.incurred", delivered, "finance", amount=cost, kind_of_cost="delivery")
    _use(teller, calendar.draw(1 / 20, delivered, max(delivered, end), random), product, random)
    renewal = at + _YEAR * DAY_US
    while renewal < min(end, calendar.end_us):
        _terms(teller, "contract.renewed", renewal, deal)
        renewal += _YEAR * DAY_US
    teller.tell("contract.ended", renewal, "contracts", contract_id=contract, reason="到期未续")


def _terms(teller: Teller, kind: str, at: int, deal: Deal) -> None:
    renewal = date(1970, 1, 1) + timedelta(days=at // DAY_US + _YEAR)
    teller.tell(
        kind, at, "contracts", contract_id=deal.contract_id, amount=money(deal.amount),
        term_months=12, renewal_date=renewal.isoformat(),
    )  # fmt: skip


def _use(teller: Teller, moments: Integers, product: str, random: np.random.Generator) -> None:
    """Mostly quiet use; now and then a fault, now and then a verdict."""
    for at in moments.tolist():
        chance = random.random()
        if chance < 0.8:
            teller.tell("product.used", at, "devices", product=product, category=product)
        elif chance < 0.93:
            ticket = f"T{random.integers(10**7):07d}"
            teller.tell("support.requested", at, "service", ticket_id=ticket, topic="故障")
            solved = days_later(at, 2, random)
            teller.tell("support.resolved", solved, "service", ticket_id=ticket)
        else:
            score = int(random.choice([2, 3, 4, 5], p=[0.1, 0.2, 0.4, 0.3]))
            teller.tell("satisfaction.rated", at, "service", score=score, channel="phone")
