"""Following the log: what a tick and a rebuild have in common.

Files are written first and the database last, in one transaction that also moves the cursors.
A crash before that repeats the same work at the next tick, on the same news; nothing is
skipped, and doing it twice changes nothing. A lifecycle computed from the beginning is
written on its own, so that recording is not kept waiting by many at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
from django.db import transaction
from django.db.models import Max

from tenure.derive.customers.operations.carding import mark_changed, replace_cards_of
from tenure.derive.customers.operations.identity import write_identity
from tenure.derive.customers.projection import (
    IdentityChange,
    copy_identity,
    map_after,
)
from tenure.derive.lifecycles.models import ComingCustomer, CurrentStage, Cursor
from tenure.derive.lifecycles.operations.cards import (
    cards_of_touched,
    cards_stale,
    compute_all_cards,
    note_cards,
)
from tenure.derive.lifecycles.operations.computing import (
    Moment,
    moment_of,
    moment_of_all,
    rebuild_history,
    recompute_history,
    stored_intervals,
)
from tenure.derive.lifecycles.operations.due import besides, due_customers
from tenure.derive.lifecycles.operations.house import House, Progress
from tenure.derive.lifecycles.operations.mending import discard_damaged
from tenure.derive.lifecycles.operations.news import (
    Touched,
    touched_by,
    undone_table,
    who_is_who,
)
from tenure.derive.lifecycles.operations.rows import replace_all_rows, replace_rows_of
from tenure.derive.lifecycles.operations.staleness import better_anew, stale_lifecycles
from tenure.derive.lifecycles.projection.definitions import (
    lifecycle_fingerprint,
    parties_fingerprint,
)
from tenure.derive.lifecycles.projection.inputs import Inputs
from tenure.derive.lifecycles.projection.places import house_root
from tenure.derive.lifecycles.projection.strangers import strangers
from tenure.engine.lake import Snapshot
from tenure.record.events.jobs import export_to_lake
from tenure.words import Words


@dataclass(slots=True)
class Followed:
    """What was done, for the report.

    Attributes:
        events: exported to the lake.
        customers: whose history was recomputed for news about them.
        passed: rows of the current stage moved by passing time alone.
        moved: identifiers that changed their customer.
        computed: lifecycles computed from the beginning, with their numbers of intervals.
    """

    events: int = 0
    customers: int = 0
    passed: int = 0
    moved: int = 0
    computed: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Rows:
    """Rows to write at the end, of one lifecycle."""

    customers: pa.Array[pa.Int64Scalar]
    moment: Moment


@dataclass(slots=True)
class _Cards:
    """Cards to write at the end, of some customers with news."""

    customers: pa.Array[pa.Int64Scalar]
    cards: pa.Table


def follow(
    house: House, *, anew: Collection[str] = (), links_anew: bool = False, progress: Progress
) -> Followed:
    """Bring everything derived up to the end of the log and to the house's moment.

    Args:
        house: opened by the caller, who holds the turn.
        anew: lifecycles to compute from the beginning; others only where needed.
        links_anew: whether to read all links rather than the new ones, and to discard files
            that are damaged.
        progress: told what is being done.
    """
    done = Followed()
    if links_anew:
        discard_damaged(house)
    progress(0.0, Words("导出事件", "exporting events"))
    done.events = export_to_lake(house.lake, library=house.library, at=house.at)
    house.lake.conform(house.library)
    with house.lake.reading() as lake:
        progress(0.1, Words("识别客户", "resolving who is who"))
        change = who_is_who(house, cursor=lake.cursor, anew=links_anew)
        done.moved = change.moved.num_rows
        stale = stale_lifecycles(house, lake) | set(anew)
        touched, due = None, due_customers(house)
        all_cards = cards_stale(house, change)
        if not (all_cards and stale >= set(house.library.lifecycles)):
            everybody_due = frozenset[int]().union(*due.values())
            touched = touched_by(house, lake, change, due=everybody_due)
            many = better_anew(house, touched)
            stale |= many
            all_cards = all_cards or bool(many)
            if not stale >= set(house.library.lifecycles):
                done.customers = touched.news
            done.passed = sum(len(due[key]) for key in house.library.lifecycles if key not in stale)
        if stale or all_cards:
            identity = map_after(change)
            if all_cards:
                compute_all_cards(house, lake, identity)
            done.computed = _compute_anew(house, lake, sorted(stale), identity, progress)
        rows: dict[str, list[_Rows]] = {}
        cards: list[_Cards] = []
        followed = [key for key in house.library.lifecycles if key not in stale]
        if touched is not None:
            rows = {key: _passing(house, key, touched, due[key]) for key in followed}
            for share in touched.shares():
                _compute_news(house, lake, share, rows, None if all_cards else cards)
        copy_identity(house_root(), change)
        passing = frozenset[int]().union(*(due[key] for key in followed))
        _commit(house, lake, change, rows, cards=cards, passing=passing)
    progress(1.0, Words("完成", "done"))
    return done


def _compute_anew(
    house: House, lake: Snapshot, keys: list[str], identity: pa.Table, progress: Progress
) -> dict[str, int]:
    """Histories and rows of everybody in some lifecycles; how many intervals each has."""
    computed = {}
    for index, key in enumerate(keys):
        lifecycle = house.library.lifecycles[key]
        progress(
            0.2 + 0.8 * index / len(keys),
            Words(f"计算生命周期“{lifecycle.name.zh}”", f"computing {lifecycle.name.en}"),
        )
        inputs = Inputs(
            events=lake.parts(),
            schema=lake.schema,
            identity=identity,
            undone=undone_table(),
            strangers=strangers(house.library, lifecycle.party),
        )
        computed[key] = rebuild_history(house, key, inputs, cursor=lake.cursor)
        moment = moment_of_all(house, key)
        version = house.version(key)
        replace_all_rows(lifecycle, moment.standing, moment.coming, version=version, at=house.at)
        _move_cursor(house, key, lake.cursor)
    return computed


def _compute_news(
    house: House,
    lake: Snapshot,
    touched: Touched,
    rows: dict[str, list[_Rows]],
    cards: list[_Cards] | None,
) -> None:
    """Store the histories of touched customers in the lifecycles of ``rows``, and add theirs.

    Their cards are added to ``cards``, where those are wanted.
    """
    if not len(touched.customers) or (cards is None and not rows):
        return
    events = touched.events(house, lake)
    if cards is not None:
        cards.append(_Cards(touched.customers, cards_of_touched(house, touched, events)))
    for key, parts in rows.items():
        inputs = touched.inputs(house, house.library.lifecycles[key].party, events)
        intervals = recompute_history(house, key, touched.customers, inputs, cursor=lake.cursor)
        parts.append(_Rows(touched.customers, moment_of(house, intervals)))


def _passing(house: House, key: str, touched: Touched, due: frozenset[int]) -> list[_Rows]:
    """Rows of those whom passing time alone moves; their histories hold it already."""
    waiting = besides(due, touched.customers)
    if not len(waiting):
        return []
    return [_Rows(waiting, moment_of(house, stored_intervals(house, key, waiting)))]


def _commit(
    house: House,
    lake: Snapshot,
    change: IdentityChange,
    rows: dict[str, list[_Rows]],
    *,
    cards: list[_Cards],
    passing: frozenset[int],
) -> None:
    """All small writes at once; the cursor of the news comes last."""
    with transaction.atomic():
        for key, parts in rows.items():
            lifecycle, version = house.library.lifecycles[key], house.version(key)
            for part in parts:
                replace_rows_of(
                    lifecycle,
                    part.customers,
                    part.moment.standing,
                    part.moment.coming,
                    version=version,
                    at=house.at,
                )
            _move_cursor(house, key, lake.cursor)
        for some in cards:
            replace_cards_of(some.customers, some.cards, event_cursor=lake.cursor)
        mark_changed(passing, event_cursor=lake.cursor)
        note_cards(house, event_cursor=lake.cursor)
        _forget(house)
        definitions = parties_fingerprint(house.library)
        write_identity(change, definitions=definitions, at=house.at)


def _forget(house: House) -> None:
    """Drop what is left of lifecycles that are no longer defined."""
    gone = Cursor.objects.exclude(lifecycle__in=list(house.library.lifecycles))
    for key in list(gone.values_list("lifecycle", flat=True)):
        house.histories.drop(key)
        for model in (CurrentStage, ComingCustomer, Cursor):
            model.objects.filter(lifecycle=key).delete()


def _move_cursor(house: House, key: str, event_cursor: int) -> None:
    Cursor.objects.update_or_create(
        lifecycle=key,
        defaults={
            "event_cursor": event_cursor,
            "definition_version": house.version(key),
            "fingerprint": lifecycle_fingerprint(house.library, key),
            "as_of": house.at,
        },
    )


def followed_to() -> datetime | None:
    """The latest moment any lifecycle was followed to; ``None`` before the first."""
    latest: datetime | None = Cursor.objects.aggregate(latest=Max("as_of"))["latest"]
    return latest
