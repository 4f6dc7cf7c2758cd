"""Numbers that carry a check digit, and ids that have only a form: read, or refused.

A value that fails its check names nobody: taking it would join people who mistyped alike.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_NOISE = re.compile(r"[\s\-·.]+")
_OLD_CARD = re.compile(r"[1-9][0-9]{14}")
_CARD = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OPAQUE = re.compile(r"[A-Za-z0-9_\-]{5,128}")


def resident_id(raw: str) -> str | None:
    """A citizen's number of the identity card in lower case, or None where it is none.

    Standard: GB 11643-1999 (ISO 7064 MOD 11-2). A number of 15 digits, as on cards issued
    before 1999, gets its century and check digit: both forms are one identifier. The region is
    not looked up, since it may have been dissolved.
    """
    text = _NOISE.sub("", normalize("NFKC", raw)).upper()
    if _OLD_CARD.fullmatch(text):
        text = f"{text[:6]}19{text[6:]}"
        text += ric.calc_check_digit(f"{text}0")
    if not _CARD.fullmatch(text) or text[-1] != ric.calc_check_digit(text):
        return None
    try:
        ric.get_birth_date(text)
    except ValidationError:
        return None
    return text.lower()


def company_code(raw: str) -> str | None:
    """A unified social credit code in lower case, or None where it is none.

    Standard: GB 32100-2015, check character modulo 31.
    """
    text = _NOISE.sub("", normalize("NFKC", raw)).upper()
    return text.lower() if uscc.is_valid(text) else None


def opaque_id(raw: str) -> str | None:
    """An id another system made up (a WeChat unionid or openid), case kept, or None."""
    text = normalize("NFKC", raw).strip()
    return text if _OPAQUE.fullmatch(text) else None
