"""JSON of unknown shape, read without trust: whatever is not as expected counts as not there."""

from __future__ import annotations

import re
from math import isfinite

import msgspec

Json = dict[str, object]

_NOBODY = re.compile(r"[0-]*|-1")


def decoded(raw: bytes) -> object:
    """The value that JSON stands for; a number too large for a float as the text it is.

    Raises:
        ValueError: it is no JSON, no UTF-8, or nested beyond reason.
    """
    try:
        return msgspec.json.decode(raw)
    except msgspec.ValidationError:
        pass
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    try:
        return _with_large(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _small(text: str) -> object:
    number = float(text)
    return number if isfinite(number) else text


_with_large = msgspec.json.Decoder(float_hook=_small).decode


def mapping(value: object) -> Json:
    """``value`` if it is an object, else an empty one."""
    return value if type(value) is dict else {}


def listed(value: object) -> list[object]:
    """``value`` if it is an array, else an empty one."""
    return value if type(value) is list else []


def text_of(value: object) -> str | None:
    """The text of a word or a whole number; None for all else and for blank text."""
    if type(value) is str:
        return value.strip() or None
    if type(value) is int:
        return str(value)
    if type(value) is float and value.is_integer():
        return str(int(value))
    return None


def id_of(value: object) -> str | None:
    """As :func:`text_of`, None also for zeroes and ``-1``, which name nobody."""
    text = text_of(value)
    return None if text is None or _NOBODY.fullmatch(text) else text


def as_json(value: object) -> str:
    """A value of JSON as text; numbers beyond 64 bits as Python writes them."""
    try:
        return msgspec.json.encode(value).decode()
    except (OverflowError, ValueError, RecursionError):
        return repr(value)
