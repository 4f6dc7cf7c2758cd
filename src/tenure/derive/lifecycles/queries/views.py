"""What the queries of lifecycles answer with, in the types of the doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tenure.words import Words

CauseKind = Literal["start", "event", "time", "pin"]


@dataclass(frozen=True, slots=True)
class StageHeads:
    """How many customers stand in a stage.

    Attributes:
        stage: its code.
        heads: at the moment asked for.
        before: at the earlier moment compared with.
    """

    stage: str
    name: Words
    canonical: str
    heads: int
    before: int

    @property
    def change(self) -> int:
        """Heads gained (or lost, below zero) since the earlier moment."""
        return self.heads - self.before


@dataclass(frozen=True, slots=True)
class Board:
    """All stages of a lifecycle with their heads, in the order of the definition.

    Attributes:
        version: of the definition the stages were computed under.
        followed_to: how far in time and log the current stages have been followed; ``None``
            before the first tick.
    """

    lifecycle: str
    name: Words
    as_of: datetime
    since: datetime
    stages: tuple[StageHeads, ...]
    version: str
    followed_to: datetime | None

    @property
    def heads(self) -> int:
        """Customers in any stage."""
        return sum(stage.heads for stage in self.stages)


@dataclass(frozen=True, slots=True)
class StageInterval:
    """One stay of a customer in a stage.

    Attributes:
        entered_at: exact, aware.
        left_at: ``None`` while it lasts at the moment asked for.
        kind: what made the stage begin.
        cause: the same in words, with the values that counted.
        event_id: the event that made it, if one did.
    """

    stage: str
    name: Words
    canonical: str
    entered_at: datetime
    left_at: datetime | None
    kind: CauseKind
    cause: Words
    event_id: int | None


@dataclass(frozen=True, slots=True)
class NextChange:
    """What will happen to a customer if nothing happens."""

    at: datetime
    stage: str
    name: Words
    canonical: str
    cause: Words


@dataclass(frozen=True, slots=True)
class CustomerInStage:
    """A customer in a list of a stage."""

    customer_id: int
    stage: str
    entered_at: datetime
    next_at: datetime | None
    next_stage: str | None


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One metric of a customer at a moment; ``None`` where it has no value."""

    key: str
    name: Words
    value: float | int | str | bool | None
    unit: str | None
    shown: Words


@dataclass(frozen=True, slots=True)
class FlowAccount:
    """One stage over a period: ``opening + entered - left = closing``, in heads."""

    stage: str
    name: Words
    opening: int
    entered: int
    left: int
    closing: int


@dataclass(frozen=True, slots=True)
class Transition:
    """How many times customers went from one stage to another in a period.

    Attributes:
        from_stage: empty where a customer came to life.
        customers: moves; one who moved twice counts twice.
        median_days: usual time spent in the former stage; ``None`` for coming to life.
    """

    from_stage: str
    from_name: Words
    to_stage: str
    to_name: Words
    customers: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class Passage:
    """How many stood in one stage at a moment and in another (or the same) at a later one.

    Attributes:
        from_stage: empty where they were no customers yet.
        to_stage: empty where they are none any more.
    """

    from_stage: str
    to_stage: str
    customers: int


@dataclass(frozen=True, slots=True)
class CohortConversion:
    """Of the customers who entered a stage in one month, how many reached another in time.

    Attributes:
        cohort: the month, ``YYYY-MM`` in the organisation's zone.
        customers: who entered.
        observed: of those, observed for the whole time allowed.
        converted: of the observed, who reached the stage in time.
        share: converted of observed; ``None`` where nobody is observed yet.
        waiting: not observed long enough, not there yet.
        early: not observed long enough, there already.
    """

    cohort: str
    customers: int
    observed: int
    converted: int
    share: float | None
    waiting: int
    early: int


@dataclass(frozen=True, slots=True)
class PathTaken:
    """A way through the stages, and how many customers took it.

    Attributes:
        stages: codes in order.
        names: of the stages, in order.
        share: of all customers who began.
        median_days: from the first stage to the last.
    """

    stages: tuple[str, ...]
    names: tuple[Words, ...]
    customers: int
    share: float
    median_days: float
