"""Customers of the one who looks: who moved, who will, who is at risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse

from tenure.clock import now
from tenure.definitions import Lifecycle
from tenure.derive.customers.queries import Card, cards, owned_by
from tenure.derive.lifecycles.queries import (
    ComingChange,
    CustomerInStage,
    Group,
    coming_changes,
    coming_counts,
    customers_in,
    following,
    transitions,
)
from tenure.record.library.queries import current_library
from tenure.web.components.as_of import end_of_day
from tenure.web.language import zone_of
from tenure.web.lifecycle.asking import default_lifecycle
from tenure.web.viewer import rights_on, viewer_of
from tenure.words import Words

SHOWN = 8
WEEK = timedelta(days=7)
AT_RISK = "at_risk"


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, at which lifecycle, and whose customers come first.

    Attributes:
        mine: the customers of the viewer's account; ``None`` where there are none, so that
            everybody visible counts.
        since: the end of the day before yesterday, aware.
    """

    request: HttpRequest
    lifecycle: Lifecycle
    mine: Group | None
    at: datetime
    since: datetime

    @property
    def is_mine(self) -> bool:
        """Whether only the viewer's own customers count."""
        return self.mine is not None

    def behind(self, way: str, stage: str, **also: str) -> str:
        """The address of the customers behind a figure."""
        path = reverse("lifecycle:customers", args=(self.lifecycle.key, way, stage))
        return f"{path}?{self._query(**also)}".rstrip("?")

    def coming_page(self) -> str:
        """The address of all coming changes."""
        path = reverse("lifecycle:coming", args=(self.lifecycle.key,))
        return f"{path}?{self._query(days='7')}"

    @property
    def since_day(self) -> str:
        """The day of ``since`` by the reader's clock."""
        return self.since.astimezone(zone_of(self.request)).date().isoformat()

    def _query(self, **also: str) -> str:
        owner = rights_on(self.request).account_id
        parts = {**also, **({"owner": str(owner)} if self.is_mine else {})}
        return "&".join(f"{key}={value}" for key, value in parts.items())


@dataclass(frozen=True, slots=True)
class MoveRow:
    """How many went from one stage to another; ``came`` where they are new."""

    from_name: Words
    from_canonical: str
    to_name: Words
    to_canonical: str
    customers: int
    address: str
    came: bool


@dataclass(frozen=True, slots=True)
class ComingRow:
    """A customer whose stage changes by itself."""

    change: ComingChange
    card: Card | None
    name: Words
    canonical: str
    next_name: Words
    next_canonical: str


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A customer at risk, since when, and in which stage."""

    one: CustomerInStage
    card: Card | None
    name: Words


def looking(request: HttpRequest) -> Looking | None:
    """What the viewer looks at; ``None`` where no stages have been derived yet."""
    library, _ = current_library()
    key = default_lifecycle(request, library)
    if key is None or following(key).to is None:
        return None
    at = now()
    account = rights_on(request).account_id
    own = owned_by([account]) if account is not None else None
    day = at.astimezone(zone_of(request)).date() - timedelta(days=2)
    return Looking(
        request=request,
        lifecycle=library.lifecycles[key],
        mine=Group(own) if own is not None and len(own) else None,
        at=at,
        since=end_of_day(day, zone_of(request)),
    )


def moves_of(look: Looking) -> list[MoveRow]:
    """Moves since the beginning of yesterday, the commonest first."""
    found = transitions(
        look.lifecycle.key,
        from_at=look.since,
        to_at=look.at,
        viewer=viewer_of(look.request),
        among=look.mine,
    )
    stages = {stage.code: stage.canonical for stage in look.lifecycle.stages}
    return [
        MoveRow(
            from_name=one.from_name,
            from_canonical=stages.get(one.from_stage, ""),
            to_name=one.to_name,
            to_canonical=stages[one.to_stage],
            customers=one.customers,
            address=look.behind(
                "moved", one.to_stage, came_from=one.from_stage, since=look.since_day
            ),
            came=not one.from_stage,
        )
        for one in sorted(found, key=lambda one: -one.customers)
    ]


def coming_of(look: Looking) -> tuple[list[ComingRow], int]:
    """The first customers to change stage within a week, and how many there are."""
    viewer, until = viewer_of(look.request), look.at + WEEK
    key = look.lifecycle.key
    counts = coming_counts(key, at=look.at, until=until, viewer=viewer, among=look.mine)
    total = sum(one.customers for one in counts)
    if not total:
        return [], 0
    found = coming_changes(
        key, at=look.at, until=until, viewer=viewer, among=look.mine, limit=SHOWN
    )
    known = cards([one.customer_id for one in found], viewer)
    stage = look.lifecycle.stage
    rows = [
        ComingRow(
            one,
            known.get(one.customer_id),
            stage(one.stage).name,
            stage(one.stage).canonical,
            stage(one.next_stage).name,
            stage(one.next_stage).canonical,
        )
        for one in found
    ]
    return rows, total


def risks_of(look: Looking) -> list[tuple[str, Words, list[RiskRow]]]:
    """Customers in stages at risk, those who came last first: (address, stage, rows)."""
    viewer = viewer_of(look.request)
    found = []
    for stage in look.lifecycle.stages:
        if stage.canonical != AT_RISK:
            continue
        inside = customers_in(
            look.lifecycle.key,
            stage.code,
            as_of=look.at,
            viewer=viewer,
            among=look.mine,
            limit=SHOWN,
        )
        known = cards([one.customer_id for one in inside], viewer)
        rows = [RiskRow(one, known.get(one.customer_id), stage.name) for one in inside]
        if rows:
            found.append((look.behind("in", stage.code), stage.name, rows))
    return found
