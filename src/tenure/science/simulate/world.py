"""What a simulated company leaves behind, and the truth that only the simulation knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

FieldValue = str | int | float | bool
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAY_US = 86_400_000_000
ALIVE = -1
"""In ``Truth.left_us``: the customer had not left when the simulation ended."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, as the company's systems wrote it down.

    Attributes:
        type: event type key.
        occurred_us: when it happened, microseconds since 1970 UTC.
        recorded_us: when it reached the company's systems; never before it occurred.
        identifiers: identifier type → raw value, as typed by people; may be empty.
        fields: field key → value; money as text with two decimals.
        key: the source's own number of the row; exact duplicates share it.
        source: which of the company's systems wrote it.
    """

    type: str
    occurred_us: int
    recorded_us: int
    identifiers: Mapping[str, str]
    fields: Mapping[str, FieldValue]
    key: str
    source: str


@dataclass(slots=True)
class Truth:
    """Known truth per person, arrays of one length; index = person number.

    Attributes:
        joined_us: first contact.
        rate: latent purchases (visits, loans, opportunities) per day of average season.
        left_us: when the person silently left; ``ALIVE`` where they had not.
        returned_us: when a lost one came back; ``ALIVE`` where they did not.
        name: names of the persons.
        owner: ``type:value`` of every identifier → numbers of all persons who use it.
    """

    joined_us: Integers
    rate: Floats
    left_us: Integers
    returned_us: Integers
    name: Sequence[str]
    owner: dict[str, list[int]] = field(default_factory=dict)

    def own(self, identifiers: Mapping[str, str], person: int) -> None:
        """Remember that ``person`` uses ``identifiers``."""
        for kind, value in identifiers.items():
            people = self.owner.setdefault(f"{kind}:{value}", [])
            if person not in people:
                people.append(person)

    def as_columns(self) -> dict[str, object]:
        """Plain lists and dicts, to be written beside the data."""
        return {
            "joined_us": self.joined_us.tolist(),
            "rate_per_day": self.rate.round(6).tolist(),
            "left_us": self.left_us.tolist(),
            "returned_us": self.returned_us.tolist(),
            "name": list(self.name),
            "owner": self.owner,
        }


@dataclass(frozen=True, slots=True)
class World:
    """A simulated company: what its systems hold, in order of arrival, and the truth."""

    industry: str
    start_us: int
    end_us: int
    happenings: Sequence[Happening]
    truth: Truth


def arrive(
    happenings: Sequence[Happening], *, end_us: int, random: np.random.Generator
) -> list[Happening]:
    """Give ``happenings`` the faults of real systems and sort them by arrival.

    Two in a hundred arrive three to twenty days late (a shop that was offline), one in a
    hundred arrives twice, and nothing that arrives after ``end_us`` is seen.
    """
    number = len(happenings)
    late = random.random(number) < 0.02
    delay = np.where(late, random.uniform(3, 20, number), random.exponential(0.01, number))
    delay_us = (delay * DAY_US).astype(np.int64).tolist()
    again = (random.random(number) < 0.01).tolist()
    arrived: list[Happening] = []
    for happening, lag, repeated in zip(happenings, delay_us, again, strict=True):
        once = replace(happening, recorded_us=happening.occurred_us + lag)
        arrived.append(once)
        if repeated:
            arrived.append(replace(once, recorded_us=once.recorded_us + 60_000_000))
    seen = [happening for happening in arrived if happening.recorded_us <= end_us]
    return sorted(seen, key=lambda happening: (happening.recorded_us, happening.key))
