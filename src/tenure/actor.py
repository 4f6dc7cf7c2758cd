"""Who asks: the person or machine on whose behalf an operation runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts, written into every event and passed to every query.

    Attributes:
        key: stable key, such as ``staff:7`` or ``system:worker``.
        kind: a person at a door, a program with a token, or Tenure's own worker.
        name: how to show the actor to people.
    """

    key: str
    kind: Literal["person", "program", "system"]
    name: str


SYSTEM = Actor("system:tenure", "system", "Tenure")


def terminal_user(login: str) -> Actor:
    """The person at the terminal of this machine, who owns its files and so may do all."""
    return Actor(f"terminal:{login}", "person", login)
