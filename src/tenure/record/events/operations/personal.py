"""Whether a value that no definition describes looks personal: then it goes to the vault.

A guess, and a careful one: what is taken for personal and is not can be declared later and is
never lost, while a telephone number in the log would lie there in clear for ever.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tenure.record.events.operations.validating import resident_id

_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_FORM_WORDS = frozenset({"number", "no", "num", "line", "1", "2", "id", "text", "value", "raw"})
_HEADS = frozenset({
    "email", "mail", "phone", "mobile", "tel", "telephone", "cellphone", "fax", "address", "street",
    "birthday", "birthdate", "dob", "passport", "ssn", "iban", "surname", "lastname", "firstname",
    "fullname", "realname", "nickname", "recipient", "receiver", "consignee", "ip", "openid",
    "unionid", "wechat", "whatsapp", "idcard", "latitude", "longitude", "postcode", "zip",
})  # fmt: skip
_PHRASES = (
    "first name", "last name", "full name", "real name", "family name", "given name", "middle name",
    "contact name", "customer name", "user name", "patient name", "contact person", "birth date",
    "date of birth", "id card", "id number", "identity card", "national id", "bank account",
    "card number", "card no", "postal code", "zip code",
)  # fmt: skip
_CHINESE = (
    "姓名", "名字", "手机", "电话", "邮箱", "地址", "身份证", "证件号", "生日", "出生日期",
    "收货人", "联系人", "微信号", "银行卡", "护照", "真实姓名", "昵称", "经度", "纬度",
)  # fmt: skip
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"(\+[0-9][0-9 \-()]{7,18}[0-9]|1[3-9][0-9]{9})")
_CARD = re.compile(r"[1-9][0-9]{16}[0-9Xx]")
_CODES = frozenset({"id", "no", "number", "code", "sn", "time", "at", "key", "token"})
_DEEPEST = 8


def looks_personal(name: str, value: object) -> bool:
    """Whether what stands under ``name`` tells who somebody is, or how to reach them.

    Args:
        name: of the field, as a sender calls it.
        value: of any kind JSON has.
    """
    return _looks(name, value, 0)


@lru_cache(maxsize=10_000)
def name_is_personal(name: str) -> bool:
    """Whether a field is personal by its name alone."""
    if not name.isascii():
        return any(part in name for part in _CHINESE)
    words = [word.lower() for word in _BREAK.split(name) if word]
    plain = " ".join(words)
    if any(plain == phrase or plain.endswith(f" {phrase}") for phrase in _PHRASES):
        return True
    while len(words) > 1 and words[-1] in _FORM_WORDS:
        words.pop()
    return bool(words) and words[-1] in _HEADS


def _looks(name: str, value: object, depth: int) -> bool:
    kind = type(value)
    if kind is str:
        text = str(value)
        return bool(text) and (name_is_personal(name) or _is_personal_text(name, text))
    if kind is int or kind is float:
        return name_is_personal(name)
    if depth < _DEEPEST:
        if isinstance(value, dict):
            return any(_looks(str(key), one, depth + 1) for key, one in value.items())
        if isinstance(value, (list, tuple)):
            return any(_looks(name, one, depth + 1) for one in value)
    return False


def _is_personal_text(name: str, text: str) -> bool:
    if not 6 <= len(text) <= 320:
        return False
    if "@" in text:
        return _MAIL.fullmatch(text) is not None
    if text[-1:] not in "0123456789Xx" or text[0] not in "+123456789":
        return False
    if _PHONE.fullmatch(text) is not None:
        return text[0] == "+" or not _names_a_code(name)
    return _CARD.fullmatch(text) is not None and resident_id(text) is not None


@lru_cache(maxsize=10_000)
def _names_a_code(name: str) -> bool:
    """Whether a field holds numbers of things, among which some look like telephone numbers."""
    words = [word.lower() for word in _BREAK.split(name) if word]
    return bool(words) and words[-1] in _CODES
