"""Those who acted, by the names their readers know."""

from __future__ import annotations

from collections.abc import Iterable

from tenure.guard.access.queries import account_names, token_names
from tenure.web.language import told
from tenure.words import Words

_SYSTEM = Words("系统", "Tenure")
_TERMINAL = Words("终端", "terminal")


def actor_names(keys: Iterable[str]) -> dict[str, str]:
    """Key of an actor to a name: accounts by their name, the terminal by its login."""
    wanted = set(keys)
    numbers = {
        key: int(number)
        for key in wanted
        if (number := key.removeprefix("account:")) != key and number.isdecimal()
    }
    known = account_names(numbers.values()) if numbers else {}
    tokens = token_names(wanted)
    return {key: tokens.get(key) or _name(key, numbers, known) for key in wanted}


def _name(key: str, numbers: dict[str, int], known: dict[int, str]) -> str:
    if key in numbers:
        return known.get(numbers[key], key)
    kind, _, login = key.partition(":")
    if kind == "terminal":
        return f"{login} ({told(_TERMINAL)})"
    return told(_SYSTEM) if kind == "system" else key
