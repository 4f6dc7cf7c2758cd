"""Each field of a record in the form in which two records are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

from tenure.engine.identity.suggesting.chinese import han_name, pinyin_name, simplified
from tenure.engine.identity.suggesting.latin import full_name, latin_words

_NOT_DIGIT = re.compile(r"[^0-9]+")
_NOT_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_PLUS_TAG = re.compile(r"\+.*$")
_CITY_END = re.compile(r"(?:特别行政区|自治区|自治州|地区|市|省|city)$")
_LEGAL_ZH = re.compile(
    r"(?:集团股份有限公司|股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|分公司|总公司|"
    r"公司|集团|\(普通合伙\)|\(有限合伙\)|合伙企业|事务所|总部)$"
)
_LEGAL_EN = frozenset(
    [
        "ltd", "limited", "inc", "incorporated", "corp", "corporation", "co", "company", "llc",
        "llp", "plc", "gmbh", "ag", "sa", "sarl", "bv", "nv", "pty", "pte", "kk", "holdings",
        "holding", "group", "the", "and",
    ]
)  # fmt: skip
_NATIONAL = 11
_LONG_PHONE = 9


@dataclass(frozen=True, slots=True)
class NameForms:
    """One name in all the forms in which it is compared; empty where it has none.

    Attributes:
        whole: every word, sorted and in one form: equal names are written alike.
        han: Chinese characters without honorifics.
        sound: letters of the name, family name first; pinyin of Chinese names.
        turned: the same with the given name first.
        family: letters of the family name (of Latin names the last word).
        key: sorted letters of the full form, the same in any order of the parts.
    """

    whole: str
    han: str
    sound: str
    turned: str
    family: str
    key: str


_NO_NAME = NameForms("", "", "", "", "", "")


@lru_cache(maxsize=200_000)
def name_forms(raw: str) -> NameForms:
    """The forms of a person's name as written."""
    text = simplified(raw)
    if han := han_name(text):
        family, given = pinyin_name(han)
        key = "".join(sorted(family + given))
        return NameForms(han, han, f"{family} {given}", f"{given} {family}", family, key)
    words = latin_words(text)
    if not words:
        return _NO_NAME
    full = [full_name(words[0]), *words[1:]] if len(words) > 1 else words
    return NameForms(
        " ".join(sorted(full)),
        "",
        " ".join([full[-1], *full[:-1]]),
        " ".join(full),
        full[-1],
        "".join(sorted("".join(full))),
    )


def phone_digits(raw: str) -> str:
    """The national digits of a telephone number: without country code, spaces and zeros before."""
    text = simplified(raw)
    digits = _NOT_DIGIT.sub("", text).removeprefix("00")
    if len(digits) > _NATIONAL and digits.startswith("86"):
        digits = digits[2:]
    elif text.startswith("+") and len(digits) > _NATIONAL:
        digits = digits[-10:]
    return digits.lstrip("0") if len(digits) > _LONG_PHONE else digits


def mail_forms(raw: str) -> tuple[str, str]:
    """A mail address in lower case, and what stands before the @ without dots and tags."""
    text = simplified(raw).casefold()
    local, at_sign, _ = text.rpartition("@")
    if not at_sign or not local:
        return "", ""
    return text, _PLUS_TAG.sub("", local).replace(".", "").replace("_", "").replace("-", "")


@lru_cache(maxsize=50_000)
def place_key(raw: str) -> str:
    """The letters of a place: Beijing, 北京 and 北京市 are the same."""
    text = _CITY_END.sub("", simplified(raw).casefold().strip())
    return _NOT_WORD.sub("", "".join(lazy_pinyin(text)))


def address_words(raw: str) -> str:
    """An address in one width, script and case, without punctuation, words in their order."""
    return " ".join(_NOT_WORD.sub(" ", simplified(raw).casefold()).split())


@lru_cache(maxsize=100_000)
def company_key(raw: str) -> str:
    """The name of a company without what tells its legal form."""
    text = simplified(raw).casefold().replace(" ", "") if _is_han(raw) else simplified(raw)
    if _is_han(text):
        before = ""
        while text != before:
            before, text = text, _LEGAL_ZH.sub("", text) or text
        return _NOT_WORD.sub("", text)
    words = _NOT_WORD.sub(" ", text.casefold().replace(".", "")).split()
    return " ".join([word for word in words if word not in _LEGAL_EN] or words)


def company_sound(key: str) -> str:
    """The letters of a company's key."""
    return _NOT_WORD.sub("", "".join(lazy_pinyin(key)))


def _is_han(text: str) -> bool:
    return any("\u3400" <= letter <= "\u9fff" for letter in text)
