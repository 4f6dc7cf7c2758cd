"""The people of a simulated world: names, numbers, and who shares a telephone with whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenure.science.simulate.names import (
    CITIES,
    ENGLISH_FIRST,
    ENGLISH_LAST,
    GIVEN_NAMES,
    MOBILE_PREFIXES,
    SURNAMES,
)
from tenure.science.simulate.world import Integers

_CITY_WEIGHTS = 1.0 / np.arange(2, len(CITIES) + 2)


@dataclass(frozen=True, slots=True)
class People:
    """People, lists and arrays of one length; index = person number."""

    name: list[str]
    gender: list[str]
    city: list[str]
    birth_year: Integers
    phone: list[str]
    email: list[str]
    member: list[str]
    second_member: list[str]
    wechat: list[str]

    def __len__(self) -> int:
        return len(self.name)


def people(number: int, random: np.random.Generator) -> People:
    """Make ``number`` people.

    One in ten has an English name, one in four no e-mail, two in five no WeChat, one in
    sixteen a second membership, and one in forty uses the telephone of the person before
    (a family). Empty text means "has none".
    """
    phones = _phones(number, random)
    for index in np.flatnonzero(random.random(number) < 1 / 40).tolist():
        if index:
            phones[index] = phones[index - 1]
    members = (100_000 + random.permutation(2 * number)).tolist()
    second = random.random(number) < 1 / 16
    has_email, has_wechat = random.random(number) < 0.75, random.random(number) < 0.6
    names = [_name(random) for _ in range(number)]
    return People(
        name=names,
        gender=random.choice(["F", "M"], number, p=[0.58, 0.42]).tolist(),
        city=random.choice(CITIES, number, p=_CITY_WEIGHTS / _CITY_WEIGHTS.sum()).tolist(),
        birth_year=random.normal(1988, 11, number).clip(1940, 2007).astype(np.int64),
        phone=phones,
        email=[
            f"user{m}@example.com" if h else "" for m, h in zip(members, has_email, strict=False)
        ],
        member=[f"M{m}" for m in members[:number]],
        second_member=[f"M{m}" if s else "" for m, s in zip(members[number:], second, strict=True)],
        wechat=[f"wx_{_letters(random)}" if has else "" for has in has_wechat.tolist()],
    )


def _phones(number: int, random: np.random.Generator) -> list[str]:
    """Different mobile numbers; every tail occurs once, so none is drawn twice."""
    tails = random.choice(90_000_000, number, replace=False) + 10_000_000
    prefixes = random.choice(MOBILE_PREFIXES, number)
    return [
        f"{prefix}{tail}" for prefix, tail in zip(prefixes.tolist(), tails.tolist(), strict=True)
    ]


def _name(random: np.random.Generator) -> str:
    if random.random() < 0.1:
        return f"{_one_of(ENGLISH_FIRST, random)} {_one_of(ENGLISH_LAST, random)}"
    # Squaring a uniform number favours the front of the list, where the common surnames are.
    surname = SURNAMES[int(random.random() ** 2 * len(SURNAMES))]
    return surname + _one_of(GIVEN_NAMES, random)


def _one_of(names: list[str], random: np.random.Generator) -> str:
    return names[int(random.integers(len(names)))]


def _letters(random: np.random.Generator) -> str:
    return "".join(chr(97 + letter) for letter in random.integers(0, 26, 10).tolist())
