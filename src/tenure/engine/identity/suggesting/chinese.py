"""Chinese names by their characters and by their sound, in whatever script or order written.

Characters are compared before sounds: one differing character of two is another person, but a
homophone or a romanised name may be the same one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from opencc import OpenCC
from pypinyin import lazy_pinyin

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_HONORIFIC = re.compile(
    r"(?:先生|女士|小姐|太太|夫人|老师|教授|博士|医生|大夫|护士|律师|同志|师傅|阿姨|叔叔|"
    r"总经理|副总|经理|主任|主管|总监|董事长|董事|老板|部长|处长|科长|厂长|院长|校长|工程师|会计|"
    r"总|工|董|哥|姐)$"
)
_ONE_LETTER_TITLES = frozenset("总工董哥姐")
_SHORTEST, _LONGEST = 2, 6

SURNAME_READINGS = {
    "曾": "zeng", "单": "shan", "解": "xie", "任": "ren", "查": "zha", "翟": "zhai", "仇": "qiu",
    "区": "ou", "朴": "piao", "尉": "yu", "缪": "miao", "盖": "ge", "员": "yun", "纪": "ji",
    "华": "hua", "燕": "yan", "宁": "ning", "召": "shao", "折": "she", "黑": "he", "秘": "bi",
    "冼": "xian", "种": "chong", "重": "chong", "洗": "xian", "覃": "qin", "乐": "yue", "那": "na",
    "牟": "mou", "车": "che", "晁": "chao", "谌": "chen", "宓": "mi", "繁": "po", "祭": "zhai",
    "不": "fou", "句": "gou", "能": "nai", "葛": "ge", "幺": "yao", "哈": "ha", "过": "guo",
    "撒": "sa", "逄": "pang", "佴": "nai", "郗": "xi", "阚": "kan", "訾": "zi", "郇": "xun",
    "都": "du", "於": "yu", "石": "shi", "沈": "shen", "吕": "lv", "万": "wan", "洪": "hong",
    "长": "zhang", "行": "xing", "曲": "qu", "贾": "jia", "柏": "bai", "卜": "bu", "晏": "yan",
}  # fmt: skip
"""How a character is read as a surname, where that is not its commonest reading."""

COMPOUND_SURNAMES = {
    "欧阳": "ouyang", "司马": "sima", "上官": "shangguan", "诸葛": "zhuge", "东方": "dongfang",
    "皇甫": "huangfu", "尉迟": "yuchi", "公孙": "gongsun", "慕容": "murong", "令狐": "linghu",
    "宇文": "yuwen", "长孙": "zhangsun", "司徒": "situ", "司空": "sikong", "夏侯": "xiahou",
    "轩辕": "xuanyuan", "端木": "duanmu", "独孤": "dugu", "南宫": "nangong", "西门": "ximen",
    "东郭": "dongguo", "百里": "baili", "呼延": "huyan", "澹台": "tantai", "公冶": "gongye",
    "宗政": "zongzheng", "濮阳": "puyang", "淳于": "chunyu", "单于": "chanyu", "太叔": "taishu",
    "申屠": "shentu", "赫连": "helian", "钟离": "zhongli", "闻人": "wenren", "万俟": "moqi",
    "拓跋": "tuoba", "纳兰": "nalan", "第五": "diwu", "梁丘": "liangqiu", "左丘": "zuoqiu",
    "东门": "dongmen", "鲜于": "xianyu", "闾丘": "lvqiu", "亓官": "qiguan", "司寇": "sikou",
    "颛孙": "zhuansun", "乐正": "yuezheng", "完颜": "wanyan", "叶赫": "yehe", "欧陽": "ouyang",
}  # fmt: skip
"""Surnames of two characters and their readings."""


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """``text`` in one width (NFKC) and in Simplified characters."""
    plain = normalize("NFKC", text).strip()
    return plain if plain.isascii() else str(_simplifier().convert(plain))


def han_name(text: str) -> str:
    """The characters of a Chinese name without honorifics; empty where it is none.

    Args:
        text: as of :func:`simplified`.
    """
    han = "".join(_HAN.findall(text))
    if not han or len(han) * 2 < len(text.replace(" ", "")):
        return ""
    bare = han
    while match := _HONORIFIC.search(bare):
        left = bare[: match.start()]
        # 刘总 keeps its surname only; a given name may end in 工 or 董 after a full surname
        if not left or (match[0] in _ONE_LETTER_TITLES and len(left) == 1 and bare != han):
            break
        if match[0] in _ONE_LETTER_TITLES and len(left) > 1 and not _is_titled(left):
            break
        bare = left
    return bare if len(bare) <= _LONGEST else ""


def _is_titled(left: str) -> bool:
    """Whether what stands before 总, 工 … is a whole name already."""
    return len(left) >= 3 or left in COMPOUND_SURNAMES


def split_han(name: str) -> tuple[str, str]:
    """Surname and given name of the characters of a Chinese name."""
    width = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:width], name[width:]


def pinyin_name(name: str) -> tuple[str, str]:
    """How surname and given name of the characters of a Chinese name sound, without tones."""
    surname, given = split_han(name)
    read = COMPOUND_SURNAMES.get(surname) or SURNAME_READINGS.get(surname)
    return read or _sound(surname), _sound(given)


def other_reading(name: str) -> tuple[str, str] | None:
    """How those read a Chinese name who do not know better: the surname by its commonest reading,
    ü without its dots; ``None`` where that is the same.
    """
    surname, given = split_han(name)
    known = pinyin_name(name)
    other = (_sound(surname).replace("v", "u"), _sound(given).replace("v", "u"))
    return None if other == known else other


def _sound(text: str) -> str:
    return "".join(_syllable(character) for character in text)


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    """One reading for each character, whatever stands beside it: names are no words."""
    return lazy_pinyin(character)[0].replace("ü", "v")
