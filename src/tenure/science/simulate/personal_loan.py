"""A lender to private people: interest, applications, loans paid on time or late, loans again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tenure.science.simulate.diary import Diary, Teller, days_later, money
from tenure.science.simulate.keeping import world_of_people
from tenure.science.simulate.lives import Habits, Lives
from tenure.science.simulate.people import People
from tenure.science.simulate.seasons import Calendar, office_calendar
from tenure.science.simulate.world import DAY_US, World

HABITS = Habits(
    growth=1.6, shape=1.3, every_days=420, lifetime_days=800, return_share=0.12, away_days=260
)
PRODUCTS = {"消费贷": 30_000, "装修贷": 120_000, "经营贷": 260_000, "教育贷": 50_000}
TERMS = [6, 12, 24]
_MONTH_US = 30 * DAY_US


def simulate_personal_loan(number: int, start: date, end: date, seed: int) -> World:
    """A lender with ``number`` people known to it, from ``start`` to ``end`` (exclusive)."""
    calendar = office_calendar(start, end)
    return world_of_people(
        "personal_loan", number, calendar, HABITS, _Lender, seed=seed, office_hours=True
    )


@dataclass(slots=True)
class _Lender:
    calendar: Calendar
    crowd: People
    lives: Lives
    diary: Diary
    random: np.random.Generator
    loans: int = 0

    def life(self, person: int) -> None:
        """From the first advertisement to the last repayment."""
        crowd = self.crowd
        teller = Teller(
            self.diary, person, {"member_no": crowd.member[person], "phone": crowd.phone[person]}
        )
        at = self._interest(teller, int(self.lives.joined_us[person]))
        if at is None:
            return
        for begin, end in self.lives.spells(person):
            at = max(at, begin)
            while at < end:
                at = self._apply(teller, at)
                wait = min(2_000.0, 1.0 / max(float(self.lives.rate[person]), 1e-4))
                at = days_later(at, wait, self.random) + 10 * DAY_US
        self._say_goodbye(teller)

    def _interest(self, teller: Teller, at: int) -> int | None:
        """Two in three of those who saw us ask; the moment they are ready to apply."""
        random, tell = self.random, teller.tell
        channel = str(random.choice(["wechat", "search", "branch", "referral"]))
        tell("ad.clicked", at, "web", channel=channel, campaign="loan-new")
        cost = money(random.uniform(20, 120))
        tell("cost.incurred", at, "finance", amount=cost, kind_of_cost="acquisition")
        for _ in range(int(random.poisson(1.2))):
            tell("content.viewed", days_later(at, 6, random), "web", content="rates", channel="app")
        if random.random() < 0.35:
            return None
        at = days_later(at, 8, random)
        tell("enquiry.made", at, "crm", channel="phone", category="loan")
        return days_later(at, 5, random)

    def _apply(self, teller: Teller, at: int) -> int:
        """One application; returns when this piece of business was over."""
        self.loans += 1
        random = self.random
        loan, product = f"L{self.loans:06d}", str(random.choice(list(PRODUCTS)))
        amount = round(PRODUCTS[product] * random.lognormal(0, 0.4), -2)
        term = int(random.choice(TERMS))
        teller.tell(
            "loan.applied", at, "loans", loan_id=loan, product=product, amount=money(amount)
        )
        decided = days_later(at, 4, random)
        if random.random() < 0.25:
            teller.tell("loan.declined", decided, "loans", loan_id=loan, reason="评分不足")
            return decided
        teller.tell("loan.approved", decided, "loans", loan_id=loan, amount=money(amount))
        paid_out = days_later(decided, 3, random)
        teller.tell(
            "loan.disbursed", paid_out, "loans", loan_id=loan, product=product,
            amount=money(amount), term_months=term,
        )  # fmt: skip
        return self._repay(teller, paid_out, loan, (amount, term))

    def _repay(self, teller: Teller, at: int, loan: str, terms: tuple[float, int]) -> int:
        """Monthly instalments, one in eleven overdue first; then the loan is settled."""
        amount, term = terms
        instalment = money(amount * (1 + 0.006 * term) / term)
        due = at
        for number in range(1, term + 1):
            due += _MONTH_US
            paid = due - int(self.random.uniform(0, 3) * DAY_US)
            if self.random.random() < 0.09:
                teller.tell("instalment.missed", due + DAY_US, "loans", loan_id=loan)
                paid = days_later(due + DAY_US, 12, self.random)
            teller.tell(
                "instalment.paid", paid, "loans", loan_id=loan, amount=instalment, number=number
            )
            due = max(due, paid)
        teller.tell("loan.settled", due + DAY_US // 4, "loans", loan_id=loan)
        self._verdict(teller, due)
        return due

    def _verdict(self, teller: Teller, at: int) -> None:
        score = int(self.random.choice([2, 3, 4, 5], p=[0.06, 0.14, 0.4, 0.4]))
        called = days_later(at, 5, self.random)
        teller.tell("call.made", called, "service", direction="outbound", purpose="回访")
        teller.tell("satisfaction.rated", called, "service", score=score, channel="phone")
        if score == 5 and self.random.random() < 0.2:
            teller.tell("referral.made", called + DAY_US, "crm", channel="phone")

    def _say_goodbye(self, teller: Teller) -> None:
        """Few say that they leave; most just do."""
        left = int(self.lives.left_us[teller.person])
        if left > 0 and self.random.random() < 0.15:
            teller.tell("departure.declared", left, "crm", reason="利率", competitor="同业")
