"""Who published: names for the keys of actors."""

from __future__ import annotations

from collections.abc import Iterable

from tenure.guard.access.queries import colleagues

_ACCOUNT = "account:"


def author_names(keys: Iterable[str]) -> dict[str, str]:
    """How to show each actor: an account's name, else the key without its sort."""
    people, found = colleagues(), {}
    for key in keys:
        number = key.removeprefix(_ACCOUNT)
        known = people.get(int(number)) if key.startswith(_ACCOUNT) and number.isdigit() else None
        found[key] = known or key.partition(":")[2] or key
    return found
