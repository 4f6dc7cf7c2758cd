"""Records of the same people, written down more than once and never quite alike, with the truth.

Chinese and English mixed, as the files of a company that grew: names romanised in either order,
homophone characters, honorifics, nicknames, typing slips, other telephones and mailboxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pypinyin import lazy_pinyin

from tenure.science.simulate.names import (
    CITIES,
    COMPANY_WORDS,
    ENGLISH_COMPANIES,
    ENGLISH_FIRST,
    ENGLISH_LAST,
    MOBILE_PREFIXES,
    SURNAMES,
    TRADES,
)

# Characters of given names, those that sound alike beside one another.
_ALIKE = (
    "伟维炜玮薇微", "芳方舫", "娜那", "敏民闽", "静敬婧靖", "丽莉立力利", "强蔷", "磊蕾垒",
    "军君钧均", "洋阳扬", "勇咏永泳", "艳燕彦雁", "杰洁捷婕", "娟涓", "涛韬", "明鸣铭",
    "超朝", "霞侠", "平萍苹", "刚岗", "婷庭亭", "宇雨羽禹", "欣新鑫心馨", "怡宜仪", "子紫梓",
    "涵晗函", "轩萱宣", "浩昊皓", "然燃", "桐彤童", "诗思", "嘉佳家", "志智致", "建健剑",
    "国", "秀绣", "英莹瑛", "华桦", "海", "文雯闻", "雪", "梅玫", "晨辰尘", "天", "泽", "若",
    "可", "梦", "红虹宏鸿", "春", "书舒淑", "慧惠会", "振震", "龙", "云芸", "凤", "玉钰",
    "兰岚", "晓小", "东冬",
)  # fmt: skip
_NICKNAMES = {
    "James": "Jim", "Robert": "Bob", "Patricia": "Pat", "Jennifer": "Jenny", "Michael": "Mike",
    "David": "Dave", "Elizabeth": "Liz", "William": "Bill", "Richard": "Rick", "Susan": "Sue",
    "Joseph": "Joe", "Thomas": "Tom", "Charles": "Charlie", "Barbara": "Barb", "Jessica": "Jess",
}  # fmt: skip
_HONORIFICS = ("先生", "女士", "总", "经理", "老师")
_MAILS = ("qq.com", "163.com", "gmail.com", "outlook.com", "126.com", "example.com")
_ROMAN = {"曾": "zeng", "任": "ren", "覃": "qin"}
_CITY_LATIN = dict(
    zip(
        CITIES,
        [" ".join(lazy_pinyin(city)).title().replace(" ", "") for city in CITIES],
        strict=True,
    )
)
_SUFFIXES_ZH = ("有限公司", "股份有限公司", "有限责任公司", "")
_SUFFIXES_EN = (" Ltd", " Ltd.", " Inc", " Co., Ltd.", "")
Text = str | None


@dataclass(frozen=True, slots=True)
class DuplicateRecords:
    """Columns of one length, in no order of people; None where nothing is known.

    Attributes:
        person: whose record it is: the truth.
    """

    person: list[int]
    name: list[str]
    phone: list[Text]
    email: list[Text]
    company: list[Text]
    city: list[Text]

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class _Person:
    chinese: bool
    first: str
    last: str
    phone: str
    local: str
    domain: str
    company: str
    city: str


def duplicate_records(
    records: int, people: int, random: np.random.Generator, *, chinese: float = 0.6
) -> DuplicateRecords:
    """Make ``records`` records of ``people`` people, ``chinese`` of them with Chinese names.

    Everybody has one record as it should be; the further ones are of people drawn at random.

    Raises:
        ValueError: fewer records than people.
    """
    if records < people:
        raise ValueError(records, people)
    everybody = [_person(random, chinese=random.random() < chinese) for _ in range(people)]
    owners = [*range(people), *random.integers(0, people, records - people).tolist()]
    order = random.permutation(records).tolist()
    rows = [
        (owner, *(_first(everybody[owner]) if place < people else _again(everybody[owner], random)))
        for place, owner in enumerate(owners)
    ]
    person, name, phone, email, company, city = zip(*(rows[place] for place in order), strict=True)
    return DuplicateRecords([*person], [*name], [*phone], [*email], [*company], [*city])


def _one(values: Sequence[str], random: np.random.Generator) -> str:
    return values[int(len(values) * random.random())]


def _person(random: np.random.Generator, *, chinese: bool) -> _Person:
    city = CITIES[min(int(random.exponential(6)), len(CITIES) - 1)]
    if chinese:
        last = SURNAMES[min(int(random.exponential(22)), len(SURNAMES) - 1)]
        first = "".join(
            _one(_one(_ALIKE, random), random) for _ in range(1 + (random.random() < 0.8))
        )
        local = "".join(_latin(last, first)) + str(random.integers(1, 9999))
        company = city + _one(COMPANY_WORDS, random) + _one(TRADES, random)
    else:
        first, last = _one(ENGLISH_FIRST, random), _one(ENGLISH_LAST, random)
        local = f"{first}.{last}{random.integers(1, 9999)}".lower()
        company = (
            f"{_one(ENGLISH_COMPANIES, random)} {_one(['Trading', 'Systems', 'Foods'], random)}"
        )
    phone = _one(MOBILE_PREFIXES, random) + f"{random.integers(0, 100_000_000):08d}"
    return _Person(chinese, first, last, phone, local, _one(_MAILS, random), company, city)


def _latin(last: str, first: str) -> tuple[str, str]:
    return _ROMAN.get(last) or "".join(lazy_pinyin(last)), "".join(lazy_pinyin(first))


def _first(one: _Person) -> tuple[str, Text, Text, Text, Text]:
    name = one.last + one.first if one.chinese else f"{one.first} {one.last}"
    suffix = _SUFFIXES_ZH[0] if one.chinese else _SUFFIXES_EN[0]
    return name, one.phone, f"{one.local}@{one.domain}", one.company + suffix, one.city


def _again(one: _Person, random: np.random.Generator) -> tuple[str, Text, Text, Text, Text]:
    name = _chinese_again(one, random) if one.chinese else _english_again(one, random)
    city: Text = one.city
    if random.random() < 0.3:
        city = _CITY_LATIN[one.city]
    elif random.random() < 0.1:
        city = None
    suffixes = _SUFFIXES_ZH if one.chinese else _SUFFIXES_EN
    company: Text = one.company + _one(suffixes, random)
    if random.random() < 0.15:
        company = None
    return name, _phone_again(one.phone, random), _mail_again(one, random), company, city


def _chinese_again(one: _Person, random: np.random.Generator) -> str:
    chance = random.random()
    if chance < 0.3:
        last, first = (part.title() for part in _latin(one.last, one.first))
        return f"{last} {first}" if random.random() < 0.5 else f"{first} {last}"
    first = one.first
    if chance < 0.45:
        place = int(random.random() * len(first))
        alike = next(group for group in _ALIKE if first[place] in group)
        first = first[:place] + _one(alike, random) + first[place + 1 :]
    name = one.last + first
    return name + _one(_HONORIFICS, random) if random.random() < 0.15 else name


def _english_again(one: _Person, random: np.random.Generator) -> str:
    first, last = one.first, one.last
    if random.random() < 0.3:
        first = _NICKNAMES.get(first, first)
    if random.random() < 0.25:
        last = _slip(last, random)
    return f"{last}, {first}" if random.random() < 0.25 else f"{first} {last}"


def _slip(word: str, random: np.random.Generator) -> str:
    place = int(random.random() * (len(word) - 1))
    chance = random.random()
    if chance < 0.35:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if chance < 0.7:
        return word[:place] + word[place + 1 :]
    return word[:place] + chr(97 + int(random.random() * 26)) + word[place + 1 :]


def _phone_again(phone: str, random: np.random.Generator) -> Text:
    chance = random.random()
    if chance < 0.2:
        return _one(MOBILE_PREFIXES, random) + f"{random.integers(0, 100_000_000):08d}"
    if chance < 0.3:
        return None
    if chance < 0.4:
        place = 3 + int(random.random() * 8)
        phone = phone[:place] + str(random.integers(0, 10)) + phone[place + 1 :]
    if chance < 0.7:
        return f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}"
    return phone


def _mail_again(one: _Person, random: np.random.Generator) -> Text:
    chance = random.random()
    if chance < 0.25:
        return None
    if chance < 0.45:
        return f"{one.local}@{_one(_MAILS, random)}"
    if chance < 0.6:
        return f"{_slip(one.local, random)}@{one.domain}"
    return f"{one.local}@{one.domain}"
