"""Each field of a record in the form in which two records are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

from tenure.engine.identity.suggesting.chinese import (
    han_name,
    other_reading,
    pinyin_name,
    simplified,
)
from tenure.engine.identity.suggesting.latin import full_words, latin_words

_NOT_DIGIT = re.compile(r"[^0-9]+")
_NOT_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_PLUS_TAG = re.compile(r"\+.*$")
_CITY_END = re.compile(r"(?:特别行政区|自治区|自治州|地区|市|省|city)$")
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
        other_key: the same of another reading of the characters, such as 单 dan for shan.
    """

    whole: str
    han: str
    sound: str
    turned: str
    family: str
    key: str
    other_key: str = ""


_NO_NAME = NameForms("", "", "", "", "", "")


@lru_cache(maxsize=200_000)
def name_forms(raw: str) -> NameForms:
    """The forms of a person's name as written."""
    text = simplified(raw)
    if han := han_name(text):
        family, given = pinyin_name(han)
        key = "".join(sorted(family + given))
        other = "".join(sorted("".join(other_reading(han) or ())))
        return NameForms(han, han, f"{family} {given}", f"{given} {family}", family, key, other)
    words = latin_words(text)
    if not words:
        return _NO_NAME
    full = full_words(words)
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
