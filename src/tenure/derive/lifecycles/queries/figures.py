"""Figures that count customers, each as the rows it counts: the number and the list are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from tenure.clock import MICROSECOND, to_microseconds
from tenure.engine import cohorts, flows, paths
from tenure.record.events.queries import basis

if TYPE_CHECKING:
    import ibis.expr.types as ir

Part = Literal["customers", "observed", "converted", "early", "waiting"]
PARTS: tuple[Part, ...] = ("customers", "observed", "converted", "early", "waiting")


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stood in ``stage`` (empty: in any) at the moment ``at``, aware."""

    stage: str
    at: datetime

    @property
    def stages(self) -> Sequence[str]:
        """Codes that must be stages of the lifecycle; empty ones stand for any."""
        return (self.stage,)

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: since when in the stage."""
        return flows.standing_in(intervals, stage=self.stage, at_us=to_microseconds(self.at))


@dataclass(frozen=True, slots=True)
class Entered:
    """Who entered ``stage`` (empty: any) after ``from_at`` and up to ``to_at``; as often as so."""

    stage: str
    from_at: datetime
    to_at: datetime

    @property
    def stages(self) -> Sequence[str]:
        """As for :class:`Standing`."""
        return (self.stage,)

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: when."""
        begin, end = to_microseconds(self.from_at), to_microseconds(self.to_at)
        return flows.entries(intervals, stage=self.stage, from_us=begin, to_us=end)


@dataclass(frozen=True, slots=True)
class Left:
    """Who left ``stage`` (empty: any) after ``from_at`` and up to ``to_at``; as often as so."""

    stage: str
    from_at: datetime
    to_at: datetime

    @property
    def stages(self) -> Sequence[str]:
        """As for :class:`Standing`."""
        return (self.stage,)

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: when."""
        begin, end = to_microseconds(self.from_at), to_microseconds(self.to_at)
        return flows.exits(intervals, stage=self.stage, from_us=begin, to_us=end)


@dataclass(frozen=True, slots=True)
class Between:
    """Who stood in one stage (empty: was no customer) at ``from_at``, in another at ``to_at``."""

    from_stage: str
    to_stage: str
    from_at: datetime
    to_at: datetime

    @property
    def stages(self) -> Sequence[str]:
        """As for :class:`Standing`."""
        return (self.from_stage, self.to_stage)

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: since when in the latter stage."""
        return flows.passing(
            intervals,
            from_stage=self.from_stage,
            to_stage=self.to_stage,
            from_us=to_microseconds(self.from_at),
            to_us=to_microseconds(self.to_at),
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """Moves straight from one stage (empty: from none, came to life) to another in a period."""

    from_stage: str
    to_stage: str
    from_at: datetime
    to_at: datetime

    @property
    def stages(self) -> Sequence[str]:
        """As for :class:`Standing`."""
        return (self.from_stage, self.to_stage)

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: when; a customer who moved twice stands there twice."""
        begin, end = to_microseconds(self.from_at), to_microseconds(self.to_at)
        made = flows.moves(intervals, from_us=begin, to_us=end)
        came = made.from_stage == self.from_stage if self.from_stage else made.from_stage.isnull()
        return made.filter(came & (made.to_stage == self.to_stage)).select("customer_id", "at_us")


@dataclass(frozen=True, slots=True)
class OfCohort:
    """A part of those whose conversion is counted; see ``queries.conversion`` for the fields.

    Attributes:
        part: which of the counts of :class:`~tenure.derive.lifecycles.queries.CohortConversion`.
        cohort: the month, ``YYYY-MM``; empty for all of them.
    """

    entered: str
    reached: str
    within: timedelta
    first: date
    last: date
    as_of: datetime
    part: Part = "customers"
    cohort: str = ""

    @property
    def stages(self) -> Sequence[str]:
        """As for :class:`Standing`."""
        return (self.entered, self.reached)

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: when the stage was entered first."""
        found = cohorts.observations(
            intervals,
            entered=self.entered,
            reached=self.reached,
            within_us=self.within // MICROSECOND,
            as_of_us=to_microseconds(self.as_of),
            cohorts=cohorts.monthly(self.first, self.last, basis().zone),
        )
        if self.cohort:
            found = found.filter(found.cohort == self.cohort)
        if self.part in ("observed", "converted"):
            found = found.filter(found.whole)
        if self.part in ("early", "waiting"):
            found = found.filter(~found.whole)
        if self.part in ("converted", "early"):
            found = found.filter(found.in_time)
        if self.part == "waiting":
            found = found.filter(~found.in_time)
        return found.select("customer_id", "at_us")


@dataclass(frozen=True, slots=True)
class Stayed:
    """Stays in ``stage`` begun by ``as_of``, or only from ``since`` on and before ``until``.

    Attributes:
        lasting: only those that went on at ``as_of``.
    """

    stage: str
    as_of: datetime
    since: datetime | None = None
    until: datetime | None = None
    lasting: bool = False

    @property
    def stages(self) -> Sequence[str]:
        """As for :class:`Standing`."""
        return (self.stage,)

    def stays(self, intervals: ir.Table) -> ir.Table:
        """customer_id, entered_us, days and ended of each stay."""
        found = cohorts.time_in_stage(
            intervals,
            as_of_us=to_microseconds(self.as_of),
            stage=self.stage,
            from_us=None if self.since is None else to_microseconds(self.since),
        )
        if self.until is not None:
            found = found.filter(found.entered_us < to_microseconds(self.until))
        return found

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: when the stay began; two stays of a customer are two rows."""
        found = self.stays(intervals)
        if self.lasting:
            found = found.filter(~found.ended)
        return found.select("customer_id", at_us=found.entered_us)


@dataclass(frozen=True, slots=True)
class OnPath:
    """Who took a way through the stages; see ``queries.commonest_paths`` for the fields.

    Attributes:
        path: codes of its stages in order.
    """

    path: tuple[str, ...]
    as_of: datetime
    steps: int = 4
    starting: str | None = None

    @property
    def stages(self) -> Sequence[str]:
        """As for :class:`Standing`."""
        return (*self.path, self.starting or "")

    def rows(self, intervals: ir.Table) -> ir.Table:
        """customer_id and at_us: when the way began."""
        taken = paths.paths_taken(
            intervals,
            as_of_us=to_microseconds(self.as_of),
            steps=self.steps,
            starting=self.starting,
        )
        return taken.filter(taken.path == paths.STEP.join(self.path)).select("customer_id", "at_us")


Figure = Standing | Entered | Left | Between | Moved | OfCohort | Stayed | OnPath
