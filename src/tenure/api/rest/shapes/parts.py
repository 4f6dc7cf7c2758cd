"""Parts that many shapes have."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from ninja import Path, Query, Schema
from pydantic import AwareDatetime, ConfigDict, Field

from tenure.api.rest.problems import NotFoundError, ProblemError
from tenure.record.events.queries import basis
from tenure.words import Words

LARGEST_NUMBER = 2**63 - 1
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
NO_ZERO = r"^[^\x00]*$"

Number = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,19}$",
        description="A number of 64 bits, as text: JavaScript would round it",
        examples=["4611686018427387904"],
    ),
]
_MOMENT = {
    "description": "A day (its end, by the organisation's clock) or a moment with its zone",
    "examples": ["2026-05-01", "2026-05-01T08:00:00+08:00"],
}
PathNumber = Annotated[str, Path(pattern=r"^[0-9]{1,19}$", examples=["4611686018427387904"])]
Moment = Annotated[AwareDatetime | date | None, Query(**_MOMENT)]
From = Annotated[AwareDatetime | date, Query(alias="from", **_MOMENT)]
To = Annotated[AwareDatetime | date | None, Query(alias="to", **_MOMENT)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most")]
Cursor = Annotated[
    str | None,
    Query(alias="cursor", max_length=2_000, description="`next` of the page before; opaque"),
]


class Told(Schema):
    """A text in both languages."""

    zh: str = Field(examples=["活跃"])
    en: str = Field(examples=["Active"])

    @classmethod
    def of(cls, words: Words) -> Told:
        """``words`` to be sent."""
        return cls(zh=words.zh, en=words.en)


class Body(Schema):
    """What a client sends: nothing it contains is passed over in silence."""

    model_config = ConfigDict(extra="forbid")


def number_of(text: str) -> int:
    """The number a client names.

    Raises:
        NotFoundError: no object has so large a number.
    """
    number = int(text)
    if number > LARGEST_NUMBER:
        raise NotFoundError
    return number


def moment_of(given: datetime | date | None, otherwise: datetime) -> datetime:
    """The moment a client names, aware; never later than ``otherwise``.

    Raises:
        ProblemError: it lies outside all calendars.
    """
    return min(boundary_of(given) or otherwise, otherwise)


def boundary_of(given: datetime | date | None) -> datetime | None:
    """The moment a client names, aware: of a day its end; ``None`` where none is named.

    Raises:
        ProblemError: it lies outside all calendars.
    """
    if given is None:
        return None
    day = given.date() if isinstance(given, datetime) else given
    if not EARLIEST <= day <= LATEST:
        raise ProblemError(
            422,
            Words(
                f"日期应在 {EARLIEST} 与 {LATEST} 之间",
                f"a day lies between {EARLIEST} and {LATEST}",
            ),
        )
    if isinstance(given, datetime):
        return given
    zone = basis().zone
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
