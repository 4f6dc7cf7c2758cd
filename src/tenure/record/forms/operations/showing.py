"""The number a form is shown under: signed, so that nobody makes one up or changes its moment."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from tenure.clock import to_microseconds
from tenure.ids import uuid7

_SALT = "tenure.forms"
_LONGEST = 500
_GOOD_US = 24 * 3600 * 1_000_000
"""A page left open for longer than a day is shown anew before it is sent."""


class Shown(NamedTuple):
    """A form as it was shown to one visitor.

    Attributes:
        number: unlike any other.
        version: of the definition that was shown.
        begun_us: when, microseconds since the epoch, UTC.
    """

    number: str
    version: int
    begun_us: int


def show_form(form: str, version: int, *, at: datetime) -> str:
    """A signed token that the page carries, to be sent back with the answers.

    Args:
        form: key of the form.
        version: of it, as shown.
        at: the moment, aware.
    """
    said = [form, version, uuid7(at).hex, to_microseconds(at)]
    return Signer(salt=_SALT).sign_object(said)


def read_token(token: str, form: str, *, at: datetime) -> Shown | None:
    """What a token says; None where it is none, of another form, or more than a day old."""
    if not 0 < len(token) <= _LONGEST:
        return None
    try:
        key, version, number, begun_us = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    age = to_microseconds(at) - begun_us
    return Shown(number, version, begun_us) if key == form and 0 <= age <= _GOOD_US else None
