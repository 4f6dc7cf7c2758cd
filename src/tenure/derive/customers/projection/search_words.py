"""What a name or a number is found by: Chinese characters, pinyin, initials, words, last digits.

Traditional characters are read as Simplified ones. Of each name a bounded number of words is
kept, beginnings among them, so that a few letters find it without anything being readable.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Any
from unicodedata import normalize

MOST_WORDS = 40
TAILS = range(4, 9)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_PARTS = re.compile(r"[^\W_]+", re.UNICODE)
_SHORTEST, _LONGEST = 2, 10
_SURNAMES: dict[str, tuple[str, ...]] = {
    "曾": ("zeng",), "单": ("shan",), "解": ("xie",), "查": ("zha",), "仇": ("qiu",),
    "区": ("ou",), "朴": ("piao",), "盖": ("ge", "gai"), "种": ("chong",), "乐": ("yue", "le"),
    "覃": ("qin", "tan"), "翟": ("zhai", "di"), "缪": ("miao",), "员": ("yun",), "祭": ("zhai",),
    "繁": ("po",), "秘": ("bi",), "冼": ("xian",), "洗": ("xian",), "任": ("ren",),
    "华": ("hua",), "宁": ("ning",), "燕": ("yan",), "石": ("shi",), "纪": ("ji",),
    "尹": ("yin",), "那": ("na",), "折": ("she",), "黑": ("he",), "晁": ("chao",),
    "长": ("zhang", "chang"), "召": ("shao",), "佴": ("nai",), "逄": ("pang",),
    "隗": ("wei", "kui"),
    "尉": ("yu", "wei"), "车": ("che",), "贾": ("jia",), "柏": ("bai",), "适": ("kuo",),
}  # fmt: skip
"""How characters are read that are read otherwise outside surnames."""


def words_of_name(name: str) -> frozenset[str]:
    """Everything by which a name is found."""
    text = folded(name)
    if _HAN.search(text):
        found = _chinese(text)
    else:
        found = [word[:end] for word in _PARTS.findall(text) for end in _ends(word)]
    return frozenset([*found[:MOST_WORDS], whole_name(name)]) if found else frozenset()


def whole_name(text: str) -> str:
    """A name as one word that only the same name gives, however it is spaced or written."""
    return "=" + " ".join(_PARTS.findall(folded(text)))


def words_of_number(digits: str) -> frozenset[str]:
    """The last digits of a telephone number by which it is found."""
    plain = re.sub(r"\D", "", digits)
    return frozenset(plain[-length:] for length in TAILS if len(plain) > length)


def words_sought(text: str) -> list[str]:
    """What somebody typed, as words that must all be among those of a name or number."""
    plain = folded(text)
    if _HAN.search(plain):
        return ["".join(_PARTS.findall(plain))[:_LONGEST]]
    parts = _PARTS.findall(plain)
    return [part[:_LONGEST] for part in parts if len(part) >= _SHORTEST][:4]


def tail_sought(text: str) -> str | None:
    """The last digits somebody typed; ``None`` where that is something else."""
    plain = re.sub(r"[\s\-]", "", normalize("NFKC", text))
    if plain.isdigit() and plain.isascii() and len(plain) >= TAILS.start:
        return plain[-(TAILS.stop - 1) :]
    return None


def folded(text: str) -> str:
    """Small letters, half width, Simplified characters."""
    plain = normalize("NFKC", text).casefold().strip()
    return _simplifier().convert(plain) if _HAN.search(plain) else plain


def _chinese(text: str) -> list[str]:
    name = "".join(_PARTS.findall(text))
    found = [name[:end] for end in range(1, min(len(name), 8) + 1)]
    found += [name[start:] for start in range(1, min(len(name), 4)) if len(name) - start >= 1]
    if len(name) > 4:  # a company: found by any two neighbouring characters' beginning
        found += [name[start : start + 2] for start in range(2, min(len(name) - 1, 8))]
    for reading in _readings(name):
        joined = "".join(reading)
        found += [joined[:end] for end in _ends(joined)]
        found.append("".join(part[0] for part in reading)[:_LONGEST])
        if len(reading) > 1:
            found.append("".join(reading[1:])[:_LONGEST])
            found.append("".join(part[0] for part in reading[:2]))
    return found


def _readings(name: str) -> list[list[str]]:
    """How a name may be read: the surname as surnames are, and as the character is elsewhere."""
    from pypinyin import Style, lazy_pinyin

    plain: list[str] = lazy_pinyin(name, style=Style.NORMAL, errors="default")
    if len(plain) != len(name):
        return [plain]
    first = dict.fromkeys([*_SURNAMES.get(name[0], ()), plain[0]])
    rest = [dict.fromkeys([part, part.replace("v", "u")]) for part in plain[1:]]
    return [list(reading) for reading in product(first, *rest)][:4]


def _ends(word: str) -> range:
    return range(min(_SHORTEST, len(word)), min(len(word), _LONGEST) + 1)


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
