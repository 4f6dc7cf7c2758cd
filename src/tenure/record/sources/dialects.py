"""Dialects that rooms above translate: named here when the program starts, loaded when needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

_places: dict[str, str] = {}


def register_translator(dialect: str, place: str) -> None:
    """Let a room above translate a dialect of its own.

    Args:
        dialect: as doors name it.
        place: dotted path of a function of the request as it arrived, its source and the
            library; it gives events and what can be none, and never raises.
    """
    _places[dialect] = place


@cache
def _loaded(place: str) -> Callable[..., Any]:
    found: Callable[..., Any] = import_string(place)
    return found


def translator_of(dialect: str) -> Callable[..., Any] | None:
    """The function of a room above for a dialect; None where none has it."""
    place = _places.get(dialect)
    return None if place is None else _loaded(place)
