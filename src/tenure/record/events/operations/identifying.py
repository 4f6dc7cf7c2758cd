"""Raw identifier values to identifiers: normal form, blocked values, and the id computed from both.

The id is the first 63 bits of HMAC-SHA256 (RFC 2104) over type and normalised value, keyed with
the installation's own secret: the same value always gives the same id without a look-up, and the
id tells nothing about the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hmac import digest as hmac_digest
from unicodedata import normalize

import phonenumbers

from tenure.definitions import IdentifierType, Library
from tenure.record.events.operations.validating import company_code, opaque_id, resident_id

_READ_BY: dict[str, Callable[[str], str | None]] = {
    "lower": str.casefold,
    "resident_id": resident_id,
    "company_code": company_code,
    "opaque_id": opaque_id,
}
_PLAIN_CN_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_PHONE_NOISE = re.compile(r"[\s\-()（）.·]+")
_NOT_DIGIT = re.compile(r"[^0-9]+")
LONGEST_IDENTIFIER = 512
_SAME_DIGITS_FROM = 8
_NORMALISE_UNKNOWN = "trim"

_NOBODY_EN = """null|none|nil|nan|n/a|na|#n/a|undefined|unknown|anonymous|guest|test|tester|dummy
default|(null)|[null]|[object object]|-|--|---|.|..|?|??|not available|not provided"""
_NOBODY_ZH = """无|空|未知|暂无|匿名|游客|没有|不详|未填|未填写|未提供|测试|访客|保密"""
BLOCKED = frozenset(f"{_NOBODY_EN}|{_NOBODY_ZH}".replace("\n", "|").split("|"))
"""Values that stand for "nobody": never an identifier, whatever the type."""


@dataclass(slots=True)
class Found:
    """An identifier an event arrived with.

    ``rank`` orders the identifiers of one event: the smallest is the event's own. ``stored``
    is the mark left on it once it is known to be on record, so that it is looked up only once.
    """

    id: int
    type: str
    digest: bytes
    value: str
    strong: bool
    personal: bool
    known: bool
    rank: int
    fleeting: bool = False
    stored: object = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """An identifier value that is not used: blocked, or not readable as its type."""

    type: str
    blocked: bool


def identifier_of(secret: bytes, type_key: str, value: str) -> tuple[int, bytes]:
    """The id (63 bits, never negative) and the 16 further bytes that tell collisions apart."""
    code = hmac_digest(secret, f"{type_key}|{value}".encode(), "sha256")
    return int.from_bytes(code[:8], "big") >> 1, code[8:24]


def normal_value(how: str, region: str | None, raw: str) -> str | None:
    """``raw`` in the normal form of its type, or None where it cannot be read as that.

    Args:
        how: one of ``definitions.party_type.NORMALISATIONS``.
        region: ISO 3166 country in which a phone number without a prefix is read.
    """
    if how == "none":
        return raw
    text = raw.strip()
    if how in _READ_BY:
        return _READ_BY[how](text)
    if how == "phone":
        return _phone(normalize("NFKC", text), region)
    if how == "email":
        text = normalize("NFKC", text).casefold()
        local, at_sign, domain = text.rpartition("@")
        return text if at_sign and local and "." in domain and " " not in text else None
    if how == "digits":
        return _NOT_DIGIT.sub("", normalize("NFKC", text)) or None
    return text


def _phone(text: str, region: str | None) -> str | None:
    """E.164 form; plain mainland mobiles by pattern, since the full parser is 50 times slower."""
    bare = _PHONE_NOISE.sub("", text)
    if region == "CN" and (match := _PLAIN_CN_MOBILE.fullmatch(bare)):
        return f"+86{match[1]}"
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_blocked(how: str, value: str) -> bool:
    """Whether a normalised value stands for nobody.

    Repeated digits count from eight on (or in any phone or number field): a short number such
    as 7777 is somebody's customer number.
    """
    folded = value.casefold().strip()
    if not folded or folded in BLOCKED or not folded.strip("0"):
        return True
    digits = folded.removeprefix("+86") if how == "phone" else folded
    long_enough = len(digits) >= _SAME_DIGITS_FROM or how in {"phone", "digits"}
    return long_enough and digits.isdigit() and len(set(digits)) == 1


class Identification:
    """Identifier types of a library, as seen from events about one party type."""

    def __init__(self, library: Library, party: str | None) -> None:
        self._types: dict[str, tuple[int, IdentifierType]] = {}
        own = [party] if party in library.party_types else []
        for key in [*own, *sorted(library.party_types)]:
            for kind in library.party_types[str(key)].identifiers:
                self._types.setdefault(kind.key, (len(self._types), kind))
        self._blocked = {
            key: frozenset(
                normal_value(kind.normalise, kind.region, value) or value for value in kind.blocked
            )
            for key, (_, kind) in self._types.items()
        }

    @property
    def types(self) -> tuple[str, ...]:
        """Every identifier type a raw value may be read as."""
        return tuple(self._types)

    def fault_of(self, type_key: str, value: str) -> str:
        """Why a value on record would not be taken as it stands: ``unreadable``, ``nobody`` or
        ``form`` (it would be written otherwise); empty where it would.
        """
        _, kind = self._types[type_key]
        read = normal_value(kind.normalise, kind.region, value)
        if read is None or len(read) > LONGEST_IDENTIFIER:
            return "unreadable"
        if is_blocked(kind.normalise, read) or read in self._blocked.get(type_key, ()):
            return "nobody"
        return "" if read == value else "form"

    def find(self, secret: bytes, type_key: str, raw: str) -> Found | SetAside:
        """The identifier that ``raw`` stands for under ``type_key``.

        A type no definition knows is kept as a weak identifier, and its values, which may be
        anything, are treated as personal.
        """
        order, kind = self._types.get(type_key, (len(self._types), None))
        how = kind.normalise if kind else _NORMALISE_UNKNOWN
        if is_blocked("none", raw):
            return SetAside(type_key, blocked=True)
        value = normal_value(how, kind.region if kind else None, raw)
        if value is None or len(value) > LONGEST_IDENTIFIER:
            return SetAside(type_key, blocked=False)
        if is_blocked(how, value) or value in self._blocked.get(type_key, ()):
            return SetAside(type_key, blocked=True)
        number, digest = identifier_of(secret, type_key, value)
        strong = kind is not None and kind.strength == "strong"
        return Found(
            id=number,
            type=type_key,
            digest=digest,
            value=value,
            strong=strong,
            personal=kind.personal if kind else True,
            known=kind is not None,
            rank=order if strong else 10_000 + order,
            fleeting=kind is not None and kind.fleeting,
        )
