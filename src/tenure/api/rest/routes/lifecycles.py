"""Stages and metrics of customers as of any day; counts and flows of everybody."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router

from tenure.api.rest.problems import ProblemError
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.lifecycles import (
    Change,
    Flow,
    Flows,
    Lifecycles,
    LifecycleShown,
    LifeShown,
    Lives,
    Metrics,
    MetricShown,
    Passage,
    StageCount,
    StageCounts,
    StageNamed,
    Stay,
)
from tenure.api.rest.shapes.parts import (
    From,
    Moment,
    PathNumber,
    To,
    Told,
    boundary_of,
    moment_of,
    number_of,
)
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.derive.lifecycles.queries.biography import Life, lives
from tenure.derive.lifecycles.queries.boards import stage_counts
from tenure.derive.lifecycles.queries.customer import metrics_of
from tenure.derive.lifecycles.queries.flows import flow_accounts, transitions
from tenure.derive.lifecycles.queries.reading import lifecycle_named
from tenure.record.library.queries import current_library
from tenure.words import Words

router = Router(tags=["lifecycles"])
Keys = Annotated[str, Query(max_length=2_000, description="Keys, with commas; all when empty")]
LifecycleKey = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


@operation(router, "GET", "/customers/{customer_id}/stages", right="customer.view", answer=Lives)
def read_stages(
    request: HttpRequest,
    customer_id: PathNumber,
    as_of: Moment = None,
    known_at: Moment = None,
    lifecycles: Keys = "",
) -> Lives:
    """Where a customer stood at any moment in the past, the whole way there, and each cause."""
    viewer, at = viewer_of(request), moment_of(as_of, now())
    number = number_of(customer_id)
    demand_customer(number, viewer=viewer)
    keys = _keys(lifecycles) or list(current_library()[0].lifecycles)
    for key in keys:
        lifecycle_named(key)
    found = lives(number, keys, as_of=at, viewer=viewer, known_at=boundary_of(known_at))
    return Lives(as_of=at, items=[_life(one) for one in found])


@operation(router, "GET", "/customers/{customer_id}/metrics", right="customer.view", answer=Metrics)
def read_metrics(
    request: HttpRequest,
    customer_id: PathNumber,
    as_of: Moment = None,
    metrics: Keys = "",
) -> Metrics:
    """Metrics of a customer as they were at any moment in the past."""
    viewer, at = viewer_of(request), moment_of(as_of, now())
    number = number_of(customer_id)
    demand_customer(number, viewer=viewer)
    known = current_library()[0].metrics
    keys = _keys(metrics)
    for key in keys:
        if key not in known:
            raise ProblemError(404, Words(f"没有指标 {key}", f"there is no metric {key}"))
    found = metrics_of(number, as_of=at, viewer=viewer, keys=keys or None)
    return Metrics(
        as_of=at,
        items=[
            MetricShown(key=one.key, name=Told.of(one.name), value=one.value, unit=one.unit)
            for one in found
        ],
    )


@operation(router, "GET", "/lifecycles", right="customer.view", answer=Lifecycles)
def list_lifecycles(request: HttpRequest) -> Lifecycles:
    """All lifecycles in force, with their stages."""
    return Lifecycles(
        items=[
            LifecycleShown(
                key=one.key,
                name=Told.of(one.name),
                party=one.party,
                stages=[
                    StageNamed(code=stage.code, name=Told.of(stage.name), canonical=stage.canonical)
                    for stage in one.stages
                ],
            )
            for one in current_library()[0].lifecycles.values()
        ]
    )


@operation(router, "GET", "/lifecycles/{key}/counts", right="customer.view", answer=StageCounts)
def count_stages(request: HttpRequest, key: LifecycleKey, as_of: Moment = None) -> StageCounts:
    """How many customers stood in each stage at any moment."""
    at = moment_of(as_of, now())
    counts = stage_counts(key, as_of=at, viewer=viewer_of(request))
    return StageCounts(
        lifecycle=key,
        as_of=at,
        items=[StageCount(stage=stage, customers=heads) for stage, heads in counts.items()],
    )


@operation(router, "GET", "/lifecycles/{key}/flows", right="customer.view", answer=Flows)
def read_flows(
    request: HttpRequest,
    key: LifecycleKey,
    from_at: From,
    to_at: To = None,
) -> Flows:
    """How customers moved in a period: accounts that add up, and who went where."""
    viewer, end = viewer_of(request), moment_of(to_at, now())
    begin = moment_of(from_at, end)
    if begin >= end:
        raise ProblemError(422, Words("from 应早于 to", "from should be before to"))
    accounts = flow_accounts(key, from_at=begin, to_at=end, viewer=viewer)
    moved = transitions(key, from_at=begin, to_at=end, viewer=viewer)
    return Flows(
        lifecycle=key,
        from_at=begin,
        to_at=end,
        accounts=[
            Flow(
                stage=one.stage,
                name=Told.of(one.name),
                opening=one.opening,
                entered=one.entered,
                left=one.left,
                closing=one.closing,
            )
            for one in accounts
        ],
        transitions=[
            Passage(
                from_stage=one.from_stage,
                to_stage=one.to_stage,
                customers=one.customers,
                median_days=one.median_days,
            )
            for one in moved
        ],
    )


def _keys(text: str) -> list[str]:
    return list(dict.fromkeys(key.strip() for key in text.split(",") if key.strip()))


def _life(one: Life) -> LifeShown:
    return LifeShown(
        lifecycle=one.lifecycle.key,
        name=Told.of(one.lifecycle.name),
        stage=one.history[-1].stage if one.history else None,
        next=Change(
            at=one.next.at,
            stage=one.next.stage,
            name=Told.of(one.next.name),
            cause=Told.of(one.next.cause),
        )
        if one.next
        else None,
        history=[
            Stay(
                stage=stay.stage,
                name=Told.of(stay.name),
                canonical=stay.canonical,
                entered_at=stay.entered_at,
                left_at=stay.left_at,
                cause=Told.of(stay.cause),
            )
            for stay in one.history
        ],
    )
