"""A shop on the web with branches: visits, orders, returns, care, complaints, referrals."""

from __future__ import annotations

from datetime import date

import numpy as np

from tenure.science.simulate.aftersales import Sale, follow_order
from tenure.science.simulate.diary import Diary, days_later, money
from tenure.science.simulate.keeping import world_of_people
from tenure.science.simulate.lives import Habits, Lives
from tenure.science.simulate.people import People
from tenure.science.simulate.seasons import Calendar, retail_calendar
from tenure.science.simulate.world import ALIVE, DAY_US, World

HABITS = Habits(
    growth=2.5, shape=1.1, every_days=48, lifetime_days=420, return_share=0.18, away_days=200
)
CHANNELS = ["wechat", "douyin", "search", "tmall", "store", "referral"]
_CHANNEL_SHARE = [0.3, 0.22, 0.16, 0.14, 0.12, 0.06]
_CHANNEL_COST = {"wechat": 18, "douyin": 46, "search": 38, "tmall": 30, "store": 12, "referral": 5}
CATEGORIES = {
    "护肤": 168,
    "彩妆": 98,
    "母婴": 210,
    "零食": 46,
    "家居": 138,
    "数码": 620,
    "服饰": 188,
}
_NAMES = list(CATEGORIES)
_SHOP_PHONE = "13912340000"
_JUNK_PHONE = "00000000000"
_NEVER_BUY = 0.2


def simulate_ecommerce(number: int, start: date, end: date, seed: int) -> World:
    """A shop with ``number`` people known to it, from ``start`` to ``end`` (exclusive)."""
    calendar = retail_calendar(start, end)
    return world_of_people(
        "ecommerce", number, calendar, HABITS, _Shop, seed=seed, office_hours=False
    )


class _Shop:
    def __init__(
        self,
        calendar: Calendar,
        crowd: People,
        lives: Lives,
        diary: Diary,
        random: np.random.Generator,
    ) -> None:
        self.calendar, self.crowd, self.lives = calendar, crowd, lives
        self.diary, self.random = diary, random
        self.orders = 0
        number = len(crowd)
        self.channel = random.choice(CHANNELS, number, p=_CHANNEL_SHARE).tolist()
        self.buys = (random.random(number) >= _NEVER_BUY).tolist()
        self.taste = random.dirichlet(np.full(len(_NAMES), 0.35), number)
        self.later_taste = random.dirichlet(np.full(len(_NAMES), 0.35), number)
        self.shifts = (random.random(number) < 0.35).tolist()
        self.level = random.lognormal(0, 0.45, number).tolist()
        self.promotion = random.beta(1.5, 4, number).tolist()

    def life(self, person: int) -> None:
        """Everything one person does."""
        self._join(person)
        spells = self.lives.spells(person)
        for begin, end in spells:
            self._browse(person, begin, end)
            if self.buys[person]:
                self._buy(person, begin, end)
        self._after_leaving(person, spells)

    def _online(self, person: int) -> dict[str, str]:
        """Online a person is a WeChat user, with the membership once the two were bound."""
        wechat = self.crowd.wechat[person]
        if wechat and self.random.random() < 0.5:
            return {"wechat_openid": wechat}
        return {"member_no": self.crowd.member[person]}

    def _join(self, person: int) -> None:
        at = int(self.lives.joined_us[person])
        channel, crowd = self.channel[person], self.crowd
        first = {"wechat_openid": crowd.wechat[person], "member_no": crowd.member[person]}
        write = self.diary.write
        write(
            "ad.clicked",
            at,
            person,
            first,
            source="web",
            channel=channel,
            campaign=f"{channel}-new",
        )
        cost = money(_CHANNEL_COST[channel] * self.random.uniform(0.6, 1.6))
        member = {"member_no": crowd.member[person]}
        write(
            "cost.incurred",
            at,
            person,
            member,
            source="finance",
            amount=cost,
            kind_of_cost="acquisition",
        )
        if self.buys[person] or self.random.random() < 0.4:
            self._register(person, at + int(self.random.uniform(60, 7200) * 1e6))

    def _register(self, person: int, at: int) -> None:
        crowd = self.crowd
        everything = {
            "member_no": crowd.member[person],
            "phone": self._typed_phone(person),
            "wechat_openid": crowd.wechat[person],
            "email": crowd.email[person],
        }
        write = self.diary.write
        write(
            "membership.joined",
            at,
            person,
            everything,
            source="crm",
            tier="standard",
            channel=self.channel[person],
        )
        write(
            "customer.profiled", at, person, {"member_no": crowd.member[person]}, source="crm",
            full_name=crowd.name[person], gender=crowd.gender[person], city=crowd.city[person],
            birth_year=int(crowd.birth_year[person]),
        )  # fmt: skip

    def _typed_phone(self, person: int) -> str:
        """The phone as the counter typed it: rarely the shop's own, or zeros."""
        chance = self.random.random()
        if chance < 0.012:
            return _SHOP_PHONE
        return _JUNK_PHONE if chance < 0.02 else self.crowd.phone[person]

    def _browse(self, person: int, begin: int, end: int) -> None:
        """Visits and opened messages, thinning out over the sixty days before a dropout."""
        rate = 2.2 * float(self.lives.rate[person]) + 0.01
        for at in self.calendar.draw(rate, begin, end, self.random).tolist():
            fading = (end - at) / (60 * DAY_US)
            if end < self.calendar.end_us and self.random.random() > fading:
                continue
            kind = ["site.visited", "product.viewed", "message.opened"][
                self.random.choice(3, p=[0.4, 0.35, 0.25])
            ]
            self._interact(kind, at, person)

    def _interact(self, kind: str, at: int, person: int) -> None:
        who = self._online(person)
        if kind == "product.viewed":
            category = self._category(person, at)
            self.diary.write(kind, at, person, who, source="web", category=category, channel="app")
        elif kind == "message.opened":
            self.diary.write(
                kind, at, person, who, source="messages", channel="wechat", campaign=_campaign(at)
            )
        else:
            self.diary.write(kind, at, person, who, source="web", channel=self.channel[person])

    def _category(self, person: int, at: int) -> str:
        joined = int(self.lives.joined_us[person])
        old = self.shifts[person] and at - joined > 270 * DAY_US
        weights = (self.later_taste if old else self.taste)[person]
        return _NAMES[int(self.random.choice(len(_NAMES), p=weights))]

    def _buy(self, person: int, begin: int, end: int) -> None:
        """The first purchase of a spell comes soon; then the person's own rhythm."""
        first = days_later(begin, 9, self.random)
        later = self.calendar.draw(
            float(self.lives.rate[person]), first + DAY_US, max(end, first + DAY_US), self.random
        )
        for at in [first, *later.tolist()]:
            if at < self.calendar.end_us:
                self._order(person, at)

    def _order(self, person: int, at: int) -> None:
        self.orders += 1
        order, category = f"S{self.orders:07d}", self._category(person, at)
        quantity = int(self.random.geometric(0.6))
        amount = (
            CATEGORIES[category] * self.level[person] * quantity * self.random.lognormal(0, 0.3)
        )
        in_store = self.random.random() < (0.7 if self.channel[person] == "store" else 0.08)
        who = self._buyer(person, in_store=in_store)
        self.diary.write(
            "order.placed", at, person, who, source="orders",
            order_id=order, amount=money(amount), category=category, quantity=quantity,
            channel="store" if in_store else self.channel[person],
            is_promotion=bool(self.random.random() < self.promotion[person]),
        )  # fmt: skip
        follow_order(Sale(person, at, order, float(amount), who), self.diary, self.random)

    def _buyer(self, person: int, *, in_store: bool) -> dict[str, str]:
        crowd = self.crowd
        if in_store and self.random.random() < 0.5:
            return {"phone": self._typed_phone(person)}
        second = crowd.second_member[person]
        if second and self.random.random() < 0.4:
            return {"member_no": second, "phone": crowd.phone[person]}
        return {"member_no": crowd.member[person], "phone": crowd.phone[person]}

    def _after_leaving(self, person: int, spells: list[tuple[int, int]]) -> None:
        """We write to those who left; some answer by coming back."""
        if self.lives.returned_us[person] == ALIVE:
            return
        back = spells[1][0]
        who = {"member_no": self.crowd.member[person]}
        self.diary.write(
            "message.opened",
            back - DAY_US // 2,
            person,
            who,
            source="messages",
            channel="sms",
            campaign="win-back",
        )


def _campaign(at_us: int) -> str:
    month = np.datetime64(at_us, "us").astype("datetime64[M]")
    return f"monthly-{month}"
