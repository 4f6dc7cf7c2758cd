"""Endpoints as doors list them: for whoever manages webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count

from tenure.act.webhooks.models import Delivery, Endpoint
from tenure.act.webhooks.queries.managing import managing
from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds

State = Literal["live", "failing", "held", "off", "gone", "given_up"]
_OFF: Mapping[str, State] = {
    Endpoint.Off.PERSON: "off",
    Endpoint.Off.GONE: "gone",
    Endpoint.Off.FAILING: "given_up",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries of an endpoint stand where."""

    pending: int = 0
    delivered: int = 0
    failed: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An endpoint as it can be shown; its whole address and its secret cannot.

    Attributes:
        address: its host and the last characters.
        every_type: told of all event types.
        types: told of these.
        reads: field groups whose personal values it is told.
        reads_by: key of the actor whose rights bound those.
        state: live; failing (nothing accepted since ``failing_at``); held (it asked to be left
            alone until ``held_until``); off, by a person; gone (it answered 410); given_up
            (it failed for too long).
        old_secret_until: until when the secret before signs as well.
        last_at: when anything was last sent to it.
    """

    id: int
    name: str
    address: str
    every_type: bool
    types: tuple[str, ...]
    reads: tuple[str, ...]
    reads_by: str
    keep_days: int
    state: State
    off_at: datetime | None
    failing_at: datetime | None
    held_until: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    created_by: str
    last_at: datetime | None
    counts: Counts


def endpoints(viewer: Actor, *, at: datetime) -> list[EndpointView]:
    """All endpoints by name, as they stand at a moment (aware).

    Raises:
        ForbiddenError: the viewer does not manage webhooks.
    """
    managing(viewer)
    return _views(list(Endpoint.objects.order_by("name", "id")), at)


def endpoint(endpoint_id: int, viewer: Actor, *, at: datetime) -> EndpointView | None:
    """One endpoint by its number, as it stands at a moment (aware).

    Raises:
        ForbiddenError: the viewer does not manage webhooks.
    """
    managing(viewer)
    found = _views(list(Endpoint.objects.filter(id=endpoint_id)), at)
    return found[0] if found else None


def deliveries_by_state() -> dict[str, int]:
    """How many deliveries of all endpoints are pending, and how many failed."""
    open_ = (Delivery.Status.PENDING, Delivery.Status.FAILED)
    rows = Delivery.objects.filter(status__in=open_).values_list("status").annotate(Count("id"))
    found = dict(rows)
    return {str(status): found.get(status, 0) for status in open_}


def oldest_pending(*, at: datetime) -> float:
    """Seconds since the oldest delivery that waits was made; 0 where none waits."""
    rows = Delivery.objects.filter(status=Delivery.Status.PENDING).order_by("created_us")
    first = rows.values_list("created_us", flat=True).first()
    return 0.0 if first is None else max((to_microseconds(at) - first) / 1_000_000, 0.0)


def _views(rows: Sequence[Endpoint], at: datetime) -> list[EndpointView]:
    counts: dict[int, dict[str, int]] = {}
    told = Delivery.objects.filter(endpoint_id__in=[row.id for row in rows])
    for number, status, count in told.values_list("endpoint_id", "status").annotate(Count("id")):
        counts.setdefault(number, {})[status] = count
    now_us = to_microseconds(at)
    return [_view(row, Counts(**counts.get(row.id, {})), now_us) for row in rows]


def _view(row: Endpoint, counts: Counts, now_us: int) -> EndpointView:
    old = row.old_secret_until_us
    return EndpointView(
        id=row.id,
        name=row.name,
        address=row.address,
        every_type=row.every_type,
        types=tuple(row.types),
        reads=tuple(row.reads),
        reads_by=row.reads_by,
        keep_days=row.keep_days,
        state=_state(row, now_us),
        off_at=_moment(row.off_us),
        failing_at=_moment(row.failing_us),
        held_until=_moment(row.held_us) if row.held_us > now_us else None,
        old_secret_until=_moment(old) if old is not None and old > now_us else None,
        created_at=from_microseconds(row.created_us),
        created_by=row.created_by,
        last_at=_moment(row.last_us),
        counts=counts,
    )


def _state(row: Endpoint, now_us: int) -> State:
    if row.off_us is not None:
        return _OFF[row.off_reason]
    if row.held_us > now_us:
        return "held"
    return "live" if row.failing_us is None else "failing"


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)
