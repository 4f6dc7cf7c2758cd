"""A maker of equipment selling to companies: leads, opportunities, contracts, use, renewals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tenure.science.simulate.contracts import Deal, keep_contract
from tenure.science.simulate.diary import Diary, Teller, days_later, money
from tenure.science.simulate.lives import Habits, Lives, live
from tenure.science.simulate.names import CITIES, COMPANY_WORDS, ENGLISH_COMPANIES, TRADES
from tenure.science.simulate.seasons import Calendar, office_calendar
from tenure.science.simulate.world import DAY_US, Truth, World, arrive

HABITS = Habits(
    growth=1.8, shape=1.5, every_days=200, lifetime_days=700, return_share=0.1, away_days=240
)
OWNERS = ["张经理", "李经理", "王经理", "陈经理", "Emma Clark"]
PRODUCTS = {"传感器": 60_000, "控制柜": 180_000, "产线改造": 900_000, "运维服务": 40_000}
STEPS = ["初期沟通", "立项评估", "需求分析", "方案制定", "招投标", "商务谈判"]
CHANNELS = ["展会", "官网", "转介绍", "电话", "广告"]


def simulate_b2b(number: int, start: date, end: date, seed: int) -> World:
    """A company with ``number`` business customers, from ``start`` to ``end`` (exclusive)."""
    random = np.random.default_rng(seed)
    calendar = office_calendar(start, end)
    lives = live(number, calendar, HABITS, random)
    names = company_names(number, random)
    truth = Truth(lives.joined_us, lives.rate, lives.left_us, lives.returned_us, names)
    diary = Diary(calendar.end_us, truth, office=calendar)
    maker = _Maker(calendar, lives, diary, random)
    for company in range(number):
        maker.life(company)
    happenings = arrive(maker.diary.happenings, end_us=calendar.end_us, random=random)
    return World("b2b", calendar.start_us, calendar.end_us, happenings, truth)


def company_names(number: int, random: np.random.Generator) -> list[str]:
    """Different names of companies, one in eight English."""
    names = []
    for index in range(number):
        if random.random() < 0.125:
            names.append(f"{random.choice(ENGLISH_COMPANIES)} {index + 1} Ltd.")
            continue
        city, word, trade = (random.choice(part) for part in (CITIES, COMPANY_WORDS, TRADES))
        names.append(f"{city}{word}{trade}{index + 1}有限公司")
    return names


@dataclass(slots=True)
class _Maker:
    calendar: Calendar
    lives: Lives
    diary: Diary
    random: np.random.Generator
    deals: int = 0

    def life(self, company: int) -> None:
        """Everything between us and one company."""
        domain = f"company{company + 1}.example.com"
        teller = Teller(
            self.diary, company, {"account_no": f"A{company + 1:05d}", "domain": domain}
        )
        interested_at = self._lead(teller)
        if interested_at is None:
            return
        for begin, end in self.lives.spells(company):
            at = max(interested_at, begin)
            while at < end:
                at = self._opportunity(teller, at, end)

    def _lead(self, teller: Teller) -> int | None:
        """First contact; the moment from which there is interest, None where there is none."""
        at, random = int(self.lives.joined_us[teller.person]), self.random
        channel, owner = str(random.choice(CHANNELS)), str(random.choice(OWNERS))
        cost, tell = money(random.uniform(200, 3000)), teller.tell
        tell("lead.created", at, "crm", channel=channel, owner=owner)
        tell("cost.incurred", at, "finance", amount=cost, kind_of_cost="acquisition")
        at = days_later(at, 4, random)
        tell("call.made", at, "crm", direction="outbound", purpose="首次联系", result="接通")
        if random.random() < 0.3:
            tell("lead.released", days_later(at, 10, random), "crm", reason="暂无意向")
            return None
        tell("lead.verified", at + DAY_US // 8, "crm", result="verified", channel="phone")
        tell("visit.made", days_later(at, 12, random), "crm", purpose="需求沟通")
        return days_later(at, 20, random)

    def _opportunity(self, teller: Teller, at: int, end: int) -> int:
        """One opportunity from opening to contract or loss; returns when the next may begin."""
        self.deals += 1
        random = self.random
        number, product = f"O{self.deals:06d}", str(random.choice(list(PRODUCTS)))
        price = PRODUCTS[product] * random.lognormal(0, 0.5)
        owner, amount = str(random.choice(OWNERS)), money(price)
        teller.tell(
            "opportunity.opened", at, "crm", opportunity_id=number, product=product,
            category=product, owner=owner, amount=amount,
        )  # fmt: skip
        at, won = self._advance(teller, at, number, amount)
        if won:
            teller.tell("opportunity.won", at, "crm", opportunity_id=number, amount=amount)
            deal = Deal(f"C{self.deals:06d}", product, price, days_later(at, 5, random), end)
            keep_contract(teller, deal, self.calendar, random)
        wait = min(2_000.0, 1.0 / max(float(self.lives.rate[teller.person]), 1e-4))
        return days_later(at, wait, random) + 20 * DAY_US

    def _advance(self, teller: Teller, at: int, number: str, amount: str) -> tuple[int, bool]:
        """The steps of a sale; four in nine end on the way."""
        random, tell = self.random, teller.tell
        lost_at = int(random.integers(1, len(STEPS))) if random.random() < 0.45 else None
        for index, step in enumerate(STEPS):
            at = days_later(at, 9, random)
            tell("opportunity.advanced", at, "crm", opportunity_id=number, sales_step=step)
            if step == "方案制定":
                tell("quote.sent", at, "crm", opportunity_id=number, amount=amount)
            if index == lost_at:
                at += DAY_US // 8
                tell("opportunity.lost", at, "crm", opportunity_id=number, reason="价格")
                return at, False
        return at + DAY_US // 8, True
