"""A second world of people written down more than once, which shares nothing with the product.

The readings of characters are written out here by hand, not taken from pypinyin, and the errors
are others than those of ``science.simulate.duplicates``: households share a telephone and an
address, colleagues a mail domain, dates of birth are mistyped, a quarter of every field is
missing, names are in Traditional characters, in pinyin with ü, v, yu or u, with an English first
name, or by family name and title only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from benchmarks.identity_data import Truth

_SEED = 20_251_125
_SURNAMES_TEXT = """
王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo
何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 冯feng 邓deng 曹cao 曾zeng
单shan 解xie 任ren 查zha 翟zhai 仇qiu 区ou 盖ge 吕lü 葛ge 华hua 万wan 沈shen 覃qin 乐yue 欧阳ouyang
司马sima 上官shangguan 诸葛zhuge 尉迟yuchi 贾jia 石shi 叶ye 卢lu 钱qian 严yan 龚gong 邵shao
"""
_GIVEN_TEXT = """
建jian 国guo 志zhi 明ming 晓xiao 红hong 丽li 华hua 军jun 海hai 燕yan 玉yu 兰lan 春chun 梅mei 雪xue
文wen 静jing 思si 远yuan 佳jia 琪qi 浩hao 然ran 雨yu 桐tong 子zi 涵han 梓zi 轩xuan 俊jun 杰jie
秀xiu 英ying 桂gui 振zhen 东dong 天tian 宇yu 泽ze 若ruo 曦xi 慧hui 敏min 家jia 豪hao 书shu 瑶yao
绿lü 旅lü 女nü 强qiang 勇yong 伟wei 芳fang 娜na 婷ting 欣xin 怡yi 鹏peng 飞fei 龙long 凤feng 云yun
"""
TRADITIONAL = str.maketrans(
    "张刘陈杨黄赵吴孙马罗郑谢韩冯邓单区盖吕华万乐欧阳诸贾"
    "叶卢钱严龚国晓红丽军兰静远轩杰桂振东泽书绿强伟飞龙凤云",
    "張劉陳楊黃趙吳孫馬羅鄭謝韓馮鄧單區蓋呂華萬樂歐陽諸賈"
    "葉盧錢嚴龔國曉紅麗軍蘭靜遠軒傑桂振東澤書綠強偉飛龍鳳雲",
)
_FIRST_TEXT = """
Aaron Abigail Adam Alice Amber Andrew Anna Anthony Arthur Beatrice Benjamin Bridget Caroline
Catherine Charlotte Christopher Claire Colin Daniel Deborah Derek Diana Dominic Edward Eleanor
Emily Fiona Frances Gareth Geoffrey Georgia Gillian Graham Hannah Harriet Helen Hugh Ian Isabel
Jasmine Jeremy Joanna Jonathan Julia Keith Kenneth Laura Leonard Lucy Malcolm Margaret Martin
Matthew Megan Nathan Nicholas Nicola Nigel Oscar Pamela Patrick Paul Penelope Peter Philip
Rachel Raymond Rebecca Rosemary Russell Samantha Samuel Simon Sophie Stephen Stuart Timothy
Tracey Trevor Valerie Vanessa Victoria Vincent Wendy Yvonne Zoe
"""
_LAST_TEXT = """
Abbott Atkinson Bailey Barker Barnes Bennett Booth Bradley Briggs Burton Butler Carter Chambers
Chapman Coleman Cooper Crawford Dawson Dixon Doyle Elliott Ellis Fisher Fleming Fletcher Foster
Gardner Gibson Gordon Graham Grant Gregory Griffiths Hamilton Harding Hawkins Henderson Holmes
Howard Hudson Hughes Hunter Jenkins Jordan Kelly Kennedy Lawson Lloyd Lynch Marshall Mason
Matthews Murray Newman Nicholson Osborne Owen Palmer Parsons Payne Pearson Perry Porter Powell
Reynolds Richardson Russell Saunders Simpson Spencer Stephens Stevenson Sutton Turner Wallace
Walsh Watkins Webster Wheeler Whitehead Wilkinson
"""
_ENGLISH_FIRST, _ENGLISH_LAST = _FIRST_TEXT.split(), _LAST_TEXT.split()
_SHORT = {
    "Andrew": "Andy", "Anthony": "Tony", "Benjamin": "Ben", "Catherine": "Cathy", "Daniel": "Dan",
    "Christopher": "Chris", "Edward": "Ted", "Margaret": "Maggie", "Matthew": "Matt",
    "Nicholas": "Nick", "Rebecca": "Becky", "Samuel": "Sam", "Stephen": "Steve", "Timothy": "Tim",
}  # fmt: skip
_STREETS = (
    "人民路", "中山北路", "建设大街", "解放东路", "长江道", "文化路", "青年大街", "和平里",
    "学府路", "滨河道",
)  # fmt: skip
_ROADS = (
    "Station Road", "Church Lane", "Park Avenue", "Mill Street", "Victoria Road", "The Crescent",
)  # fmt: skip
_PLACES = {
    "哈尔滨": "Harbin", "沈阳": "Shenyang", "济南": "Jinan", "太原": "Taiyuan", "南昌": "Nanchang",
    "贵阳": "Guiyang", "兰州": "Lanzhou", "无锡": "Wuxi", "佛山": "Foshan", "大连": "Dalian",
}  # fmt: skip
_FREE = ("sina.com", "foxmail.com", "139.com", "hotmail.com", "yahoo.com", "icloud.com")
Row = dict[str, str | None]


def second_world(records: int, people: int) -> Truth:
    """Records of people, a household of one to four at an address; the same every time."""
    random = np.random.default_rng(_SEED)
    everybody: list[Row] = []
    while len(everybody) < people:
        everybody += _household(random)
    owners = [*range(people), *random.integers(0, people, records - people).tolist()]
    rows = [_written(everybody[owner], random) for owner in owners]
    order = random.permutation(records).tolist()
    names = ("name", "birth_date", "phone", "email", "city", "address")
    columns = {name: pa.array([rows[at][name] for at in order], pa.string()) for name in names}
    table = pa.table({"id": pa.array(range(records), pa.int64()), **columns})
    return Truth(table, np.array([owners[at] for at in order], np.int64))


def _one(values: Sequence[str], random: np.random.Generator) -> str:
    return values[int(len(values) * random.random() ** 1.3)]


def _read(text: str) -> tuple[list[str], dict[str, str]]:
    readings = {}
    for entry in text.split():
        han = "".join(letter for letter in entry if letter >= "\u3400")
        readings[han] = entry.removeprefix(han)
    return [*readings], readings


_SURNAMES, _SURNAME_SOUND = _read(_SURNAMES_TEXT)
_GIVEN, READINGS = _read(_GIVEN_TEXT)


def _household(random: np.random.Generator) -> list[Row]:
    """People under one roof: one family name, address and telephone at home."""
    chinese = random.random() < 0.6
    last = _one(_SURNAMES if chinese else _ENGLISH_LAST, random)
    place = _one([*_PLACES], random)
    number = int(random.integers(1, 400))
    address = (
        f"{_one(_STREETS, random)}{number}号" if chinese else f"{number} {_one(_ROADS, random)}"
    )
    home = f"0{random.integers(100, 999)}{random.integers(1000000, 9999999)}"
    found = []
    for _ in range(1 + int(random.random() < 0.4) + int(random.random() < 0.3)):
        first = _first(chinese, random)
        latin = _latin(last, first) if chinese else (last, first)
        local = f"{latin[1]}{_one(['', '.', '_'], random)}{latin[0]}{random.integers(1, 999)}"
        domain = _one(_FREE, random) if random.random() < 0.7 else f"{last.lower()}{number}.cn"
        mobile = f"1{_one('35789', random)}{random.integers(0, 10**9):09d}"
        born = date(1940, 1, 1) + timedelta(days=int(random.integers(0, 24_000)))
        found.append(
            {
                "last": last,
                "first": first,
                "chinese": "yes" if chinese else None,
                "birth_date": str(born),
                "city": place,
                "address": address,
                "home": home,
                "phone": home if random.random() < 0.15 else mobile,
                "email": f"{local}@{domain if domain.isascii() else 'mail.cn'}".lower(),
            }
        )
    return found


def _first(chinese: bool, random: np.random.Generator) -> str:
    if not chinese:
        return _one(_ENGLISH_FIRST, random)
    return "".join(_one(_GIVEN, random) for _ in range(1 + (random.random() < 0.75)))


def _latin(last: str, first: str) -> tuple[str, str]:
    given = "".join(READINGS[letter] for letter in first)
    return _SURNAME_SOUND[last].replace("ü", "v"), given.replace("ü", "v")


def _written(one: Row, random: np.random.Generator) -> Row:
    """One record of a person: a quarter of the fields missing, some of the others wrong."""
    row: Row = {"name": _name(one, random)}
    row["birth_date"] = _date(str(one["birth_date"]), random)
    phone = str(one["home"] if random.random() < 0.1 else one["phone"])
    row["phone"] = _slip(phone, random, "0123456789") if random.random() < 0.06 else phone
    if random.random() < 0.3:
        row["phone"] = f"(+86) {row['phone']}"
    email = str(one["email"])
    row["email"] = _slip(email, random, "aeinorst") if random.random() < 0.08 else email
    city = str(one["city"])
    row["city"] = _PLACES[city] if random.random() < 0.25 else city
    address = str(one["address"])
    row["address"] = _slip(address, random, "东西南北1234") if random.random() < 0.12 else address
    missing = {"birth_date": 0.3, "phone": 0.25, "email": 0.3, "city": 0.2, "address": 0.3}
    for field, share in missing.items():
        if random.random() < share:
            row[field] = None
    if random.random() < 0.03:
        row["name"] = None
    return row


def _name(one: Row, random: np.random.Generator) -> str:
    last, first, chance = str(one["last"]), str(one["first"]), random.random()
    if not one["chinese"]:
        first = _SHORT.get(first, first) if chance < 0.3 else first
        if 0.3 < chance < 0.45:
            last = _slip(last, random, "aeinorst")
        if 0.45 < chance < 0.5:
            return last
        return f"{last.upper()}, {first}" if random.random() < 0.2 else f"{first} {last}"
    if chance < 0.5:
        return last + first
    if chance < 0.62:
        return (last + first).translate(TRADITIONAL)
    if chance < 0.67:
        return last + _one(["先生", "女士", "老师", "总"], random)
    return _romanised(last, first, random)


def _romanised(last: str, first: str, random: np.random.Generator) -> str:
    umlaut = _one(["ü", "v", "yu", "u"], random)
    family = _SURNAME_SOUND[last].replace("ü", umlaut).title()
    syllables = [READINGS[letter].replace("ü", umlaut) for letter in first]
    given = _one(["", " ", "-"], random).join(syllables).title()
    if random.random() < 0.1:
        return f"{_one(_ENGLISH_FIRST, random)} {family}"
    return f"{family} {given}" if random.random() < 0.5 else f"{given} {family}"


def _date(written: str, random: np.random.Generator) -> str:
    """The day and the month changed over, a digit wrong, or the first of January."""
    year, month, day = written.split("-")
    chance = random.random()
    if chance < 0.03 and int(day) <= 12:
        return f"{year}-{day}-{month}"
    if chance < 0.07:
        return f"{year[:3]}{random.integers(0, 10)}-{month}-{day}"
    return f"{year}-01-01" if chance < 0.1 else written


def _slip(word: str, random: np.random.Generator, letters: str) -> str:
    place = int(random.random() * len(word))
    drop = random.random() < 0.4
    return word[:place] + ("" if drop else _one(letters, random)) + word[place + 1 :]
