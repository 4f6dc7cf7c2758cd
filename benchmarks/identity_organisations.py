"""Organisations written down more than once: known by name alone, or with domain and telephone.

Readings of characters are those of the second world, written by hand. Each further record is a
short name, the name in English by pinyin, in Traditional characters, of another legal form, with
the place in brackets, or with one wrong character.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from benchmarks.identity_data import Truth
from benchmarks.identity_second import READINGS, TRADITIONAL

_SEED = 11
_PLACES = {
    "北京": "Beijing", "上海": "Shanghai", "深圳": "Shenzhen", "杭州": "Hangzhou",
    "成都": "Chengdu", "武汉": "Wuhan", "青岛": "Qingdao", "厦门": "Xiamen",
}  # fmt: skip
_TRADES = {
    "科技": "Technology", "电子": "Electronics", "机械": "Machinery", "医药": "Pharmaceutical",
    "食品": "Foods", "贸易": "Trading", "软件": "Software", "能源": "Energy", "传媒": "Media",
    "教育": "Education",
}  # fmt: skip
_LEGAL = ("有限公司", "股份有限公司", "有限责任公司", "集团有限公司")
Parts = tuple[str, str, str, str]


def organisations(records: int, companies: int, *, with_contacts: bool) -> Truth:
    """Records of companies, the same every time.

    Args:
        records: how many.
        companies: of how many.
        with_contacts: whether telephone, domain and city are known of seven in ten.
    """
    random = np.random.default_rng(_SEED)
    everybody = [_company(random) for _ in range(companies)]
    owners = [*range(companies), *random.integers(0, companies, records - companies).tolist()]
    rows = [
        (_first(everybody[owner]) if place < companies else _again(everybody[owner], random), owner)
        for place, owner in enumerate(owners)
    ]
    order = random.permutation(records).tolist()
    table = pa.table(
        {
            "id": pa.array(range(records), pa.int64()),
            "name": pa.array([rows[at][0] for at in order]),
        }
    )
    if with_contacts:
        for name, column in _contacts(everybody, [owners[at] for at in order], random).items():
            table = table.append_column(name, pa.array(column, pa.string()))
    return Truth(table, np.array([owners[at] for at in order], np.int64))


def _one(values: Sequence[str], random: np.random.Generator) -> str:
    return values[int(len(values) * random.random())]


def _company(random: np.random.Generator) -> Parts:
    brand = "".join(_one([*READINGS], random) for _ in range(2 + (random.random() < 0.3)))
    return _one([*_PLACES], random), brand, _one([*_TRADES], random), _one(_LEGAL, random)


def _first(one: Parts) -> str:
    return "".join(one)


def _again(one: Parts, random: np.random.Generator) -> str:
    place, brand, trade, legal = one
    chance = random.random()
    if chance < 0.25:
        return brand if random.random() < 0.4 else brand + trade
    if chance < 0.5:
        latin = "".join(READINGS[letter] for letter in brand).replace("ü", "v").title()
        ahead = f"{_PLACES[place]} " if random.random() < 0.5 else ""
        return f"{ahead}{latin} {_TRADES[trade]} {_one(['Co., Ltd.', 'Inc.', 'Ltd'], random)}"
    if chance < 0.65:
        return _first(one).translate(TRADITIONAL)
    if chance < 0.85:
        return f"{brand}{trade}（{place}）{_one(_LEGAL, random)}"
    if chance < 0.95:
        return f"{place}市{brand}{trade}{_one(_LEGAL, random)}"
    return place + brand[:-1] + _one([*READINGS], random) + trade + legal


def _contacts(
    everybody: list[Parts], owners: list[int], random: np.random.Generator
) -> dict[str, list[str | None]]:
    columns: dict[str, list[str | None]] = {"phone": [], "email": [], "city": []}
    for owner in owners:
        board = f"0{owner % 80 + 510}{owner * 7_919 % 9_000_000 + 1_000_000}"
        phone = board[:-2] + f"{random.integers(0, 100):02d}" if random.random() < 0.4 else board
        domain = "".join(READINGS[letter] for letter in everybody[owner][1]).replace("ü", "v")
        email = f"{_one(['info', 'sales', 'hr'], random)}@{domain}{owner}.com.cn"
        city = everybody[owner][0]
        for name, value in (("phone", phone), ("email", email), ("city", city)):
            columns[name].append(value if random.random() < 0.7 else None)
    return columns
