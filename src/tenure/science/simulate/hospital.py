"""A hospital: health talks, first visits, courses of treatment, follow-up, health management."""

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
    growth=1.4, shape=0.9, every_days=260, lifetime_days=900, return_share=0.2, away_days=220
)
DEPARTMENTS = {"内科": 220, "骨科": 520, "妇产科": 480, "眼科": 260, "口腔科": 340, "肿瘤科": 1_600}
_NAMES = list(DEPARTMENTS)


def simulate_hospital(number: int, start: date, end: date, seed: int) -> World:
    """A hospital with ``number`` people known to it, from ``start`` to ``end`` (exclusive)."""
    calendar = office_calendar(start, end)
    return world_of_people(
        "hospital", number, calendar, HABITS, _Clinic, seed=seed, office_hours=True
    )


@dataclass(slots=True)
class _Clinic:
    calendar: Calendar
    crowd: People
    lives: Lives
    diary: Diary
    random: np.random.Generator
    episodes: int = 0

    def life(self, person: int) -> None:
        """One person's years with the hospital."""
        crowd = self.crowd
        who = {"patient_no": f"P{person + 1:06d}", "phone": crowd.phone[person]}
        teller = Teller(self.diary, person, who)
        at = self._become_aware(teller, int(self.lives.joined_us[person]))
        if at is None:
            return
        for begin, end in self.lives.spells(person):
            at = max(at, begin)
            while at < end:
                at = self._episode(teller, at)
                wait = min(2_000.0, 1.0 / max(float(self.lives.rate[person]), 1e-4))
                at = days_later(at, wait, self.random) + 14 * DAY_US

    def _become_aware(self, teller: Teller, at: int) -> int | None:
        """A talk, an article, a friend; one in five never comes."""
        channel = str(self.random.choice(["wechat", "community", "referral", "search"]))
        teller.tell("content.viewed", at, "web", content="health-talk", channel=channel)
        if self.random.random() < 0.2:
            return None
        return days_later(at, 12, self.random)

    def _episode(self, teller: Teller, at: int) -> int:
        """One complaint of the body, from appointment to the end of follow-up."""
        self.episodes += 1
        random, tell = self.random, teller.tell
        department, episode = _NAMES[int(random.integers(len(_NAMES)))], f"E{self.episodes:06d}"
        price = DEPARTMENTS[department]
        tell("appointment.booked", at, "registry", department=department, channel="wechat")
        visited = days_later(at, 3, random)
        if random.random() < 0.07:
            tell("appointment.missed", visited, "registry", department=department)
            return visited
        self._visit(teller, visited, department, price * random.lognormal(0, 0.3))
        if random.random() < 0.55:
            return visited
        return self._treat(teller, days_later(visited, 4, random), department, episode)

    def _visit(self, teller: Teller, at: int, department: str, price: float) -> None:
        teller.tell("visit.attended", at, "registry", department=department)
        teller.tell("order.paid", at + DAY_US // 24, "finance", amount=money(price))

    def _treat(self, teller: Teller, at: int, department: str, episode: str) -> int:
        """A course of treatment, then follow-up calls, then often health management."""
        random, tell = self.random, teller.tell
        price = DEPARTMENTS[department]
        tell("treatment.started", at, "wards", department=department, episode_id=episode)
        for _ in range(int(random.integers(1, 6))):
            at = days_later(at, 9, random)
            self._visit(teller, at, department, price * random.lognormal(0.5, 0.4))
        tell("treatment.ended", at, "wards", department=department, episode_id=episode)
        for _ in range(int(random.integers(1, 4))):
            at = days_later(at, 25, random)
            tell("followup.made", at, "service", channel="phone", result="恢复良好")
        self._verdict(teller, at)
        return at

    def _verdict(self, teller: Teller, at: int) -> None:
        random = self.random
        score = int(random.choice([2, 3, 4, 5], p=[0.05, 0.12, 0.38, 0.45]))
        teller.tell("satisfaction.rated", at + DAY_US // 12, "service", score=score)
        if score == 2:
            teller.tell("complaint.opened", at + DAY_US, "service", topic="等候时间")
        elif score == 5 and random.random() < 0.2:
            teller.tell("referral.made", at + 2 * DAY_US, "service", channel="wechat")
        if random.random() < 0.4:
            teller.tell("checkup.done", days_later(at, 150, random), "wards", package="年度体检")
