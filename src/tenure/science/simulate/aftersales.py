"""What follows an order: cancelled, or delivered and perhaps returned, praised or complained of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenure.science.simulate.diary import Diary, days_later, money
from tenure.science.simulate.world import DAY_US


@dataclass(frozen=True, slots=True)
class Sale:
    """One order as the shop knows it."""

    person: int
    at_us: int
    order_id: str
    amount: float
    who: Mapping[str, str]


def follow_order(sale: Sale, diary: Diary, random: np.random.Generator) -> None:
    """Write what follows ``sale``."""
    if random.random() < 0.035:
        _cancel(sale, diary, random)
        return
    delivered = sale.at_us + int(random.uniform(1, 4) * DAY_US)
    _deliver(sale, delivered, diary, random)
    chance = random.random()
    if chance < 0.045:
        _refund(sale, days_later(delivered, 5, random), diary, random)
    if chance < 0.02:
        _complain(sale, days_later(delivered, 2, random), diary, random)
    elif chance > 0.9:
        _praise(sale, days_later(delivered, 6, random), diary, random)


def _cancel(sale: Sale, diary: Diary, random: np.random.Generator) -> None:
    at = days_later(sale.at_us, 0.2, random)
    diary.write(
        "order.cancelled", at, sale.person, sale.who, source="orders",
        order_id=sale.order_id, amount=money(sale.amount), reason="不想要了",
    )  # fmt: skip


def _deliver(sale: Sale, at: int, diary: Diary, random: np.random.Generator) -> None:
    diary.write(
        "order.delivered", at, sale.person, sale.who, source="orders",
        order_id=sale.order_id, channel="courier",
    )  # fmt: skip
    diary.write(
        "cost.incurred", at, sale.person, sale.who, source="finance",
        amount=money(sale.amount * random.uniform(0.55, 0.7)), kind_of_cost="goods",
    )  # fmt: skip


def _refund(sale: Sale, at: int, diary: Diary, random: np.random.Generator) -> None:
    diary.write(
        "order.refunded", at, sale.person, sale.who, source="orders",
        order_id=sale.order_id, amount=money(sale.amount * random.uniform(0.3, 1)),
        reason="质量问题",
    )  # fmt: skip


def _complain(sale: Sale, at: int, diary: Diary, random: np.random.Generator) -> None:
    ticket = f"T{random.integers(10**7):07d}"
    diary.write(
        "complaint.opened", at, sale.person, sale.who, source="service",
        ticket_id=ticket, topic="物流", channel="phone", note="包裹破损，要求尽快处理",
    )  # fmt: skip
    if random.random() < 0.85:
        diary.write(
            "complaint.resolved", days_later(at, 3, random), sale.person, sale.who,
            source="service", ticket_id=ticket, result="退款补偿",
        )  # fmt: skip


def _praise(sale: Sale, at: int, diary: Diary, random: np.random.Generator) -> None:
    score = int(random.choice([3, 4, 5], p=[0.1, 0.3, 0.6]))
    diary.write(
        "satisfaction.rated", at, sale.person, sale.who, source="service",
        score=score, channel="app",
    )  # fmt: skip
    if score == 5 and random.random() < 0.35:
        diary.write(
            "referral.made", at + DAY_US, sale.person, sale.who, source="crm", channel="wechat"
        )
