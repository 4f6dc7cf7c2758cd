"""Following the log: what a tick and a rebuild have in common.

Files are written first and the database last, in one transaction that also moves the cursors.
A crash before that repeats the same work at the next tick, on the same news; nothing is
skipped, and doing it twice changes nothing. Where a lifecycle was computed from the beginning
everybody's rows are written before, in parts, so that recording is not kept waiting.
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
from tenure.derive.lifecycles.models import Cursor
from tenure.derive.lifecycles.operations.cards import (
    cards_of_touched,
    cards_stale,
    compute_all_cards,
    note_cards,
)
from tenure.derive.lifecycles.operations.computing import (
    adopt_histories,
    build_histories,
    everybody_stands,
    recompute_histories,
    stands_of_some,
)
from tenure.derive.lifecycles.operations.due import Due, besides, due_customers, due_in
from tenure.derive.lifecycles.operations.house import House, Progress
from tenure.derive.lifecycles.operations.mending import discard_damaged
from tenure.derive.lifecycles.operations.news import Base, Touched, touched_by, who_is_who
from tenure.derive.lifecycles.operations.rows import (
    replace_all_rows,
    replace_rows_of,
    written_stands,
)
from tenure.derive.lifecycles.operations.staleness import are_many, better_anew, stale_lifecycles
from tenure.derive.lifecycles.projection.definitions import (
    lifecycle_fingerprint,
    parties_fingerprint,
)
from tenure.derive.lifecycles.projection.places import house_root
from tenure.derive.lifecycles.projection.stands import stands_table
from tenure.engine.lake import Snapshot
from tenure.record.events.jobs import export_to_lake
from tenure.record.events.queries import undone_batches
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
        waiting: lifecycles that have to be, and were left as they are.
    """

    events: int = 0
    customers: int = 0
    passed: int = 0
    moved: int = 0
    computed: dict[str, int] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Rows:
    """Rows to write of some customers.

    Attributes:
        customers: whose.
        stands: where they stand in every lifecycle; ``None`` where everybody's rows are written.
        cards: their cards; ``None`` where those stay, or everybody's are written.
    """

    customers: pa.Array[pa.Int64Scalar]
    stands: pa.Table | None
    cards: pa.Table | None

    def write(self, *, at: datetime, event_cursor: int) -> None:
        """Write them inside the caller's transaction."""
        if self.stands is not None:
            replace_rows_of(self.customers, self.stands, at=at)
        if self.cards is not None:
            replace_cards_of(self.customers, self.cards, event_cursor=event_cursor)


@dataclass(frozen=True, slots=True)
class _Work:
    """What there is to do.

    Attributes:
        stale: lifecycles to compute from the beginning.
        all_cards: whether all cards are.
        touched: customers with news; ``None`` where everybody is computed anyway.
        due: customers whom passing time moves.
    """

    stale: set[str]
    all_cards: bool
    touched: Touched | None
    due: Due


def follow(house: House, *, links_anew: bool = False, progress: Progress) -> Followed:
    """Bring everything derived up to the end of the log and to the house's moment.

    Lifecycles that cannot be followed are computed from the beginning, unless there are so many
    customers that everybody else would wait: then they keep what they had, and are named in
    ``Followed.waiting`` to be computed beside.

    Args:
        house: opened by the caller, who holds the turn.
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
        stale, all_cards = stale_lifecycles(house, lake), cards_stale(house, change)
        if stale and are_many():
            stale, done.waiting = set(), stale
        due = due_customers(house)
        touched = None
        if not (all_cards and stale >= set(house.library.lifecycles)):
            touched = touched_by(house, lake, change, due=due)
            if better_anew(touched):
                stale, all_cards, done.waiting = set(house.library.lifecycles), True, set()
        work = _Work(stale, all_cards, touched, due)
        _derive(house, lake, change, work=work, done=done, progress=progress)
    progress(1.0, Words("完成", "done"))
    return done


def _derive(
    house: House,
    lake: Snapshot,
    change: IdentityChange,
    *,
    work: _Work,
    done: Followed,
    progress: Progress,
) -> None:
    """Compute and store what ``work`` says, files first."""
    stale, touched = work.stale, work.touched
    followed = [k for k in house.library.lifecycles if k not in stale and k not in done.waiting]
    done.customers = touched.news if touched and followed else 0
    done.passed = sum(len(due_in(work.due, key, house.at_us)) for key in followed)
    if work.all_cards:
        compute_all_cards(house, lake, map_after(change))
    if stale:
        base = Base(lake.cursor, map_after(change), tuple(undone_batches()))
        built = build_histories(house, base, lake, stale, progress)
        done.computed = adopt_histories(house, built, cursor=lake.cursor)
    everybody = bool(_forget(house) or stale)
    rows = _news(house, lake, work, followed, done.waiting, everybody=everybody)
    if touched is not None and not everybody:
        rows += _passing(house, followed, touched, work.due)
    if everybody:
        replace_all_rows(everybody_stands(house), stale=stale, at=house.at)
    copy_identity(house_root(), change)
    keys = [*followed, *stale]
    _commit(house, lake, change, rows, keys=keys, passing=work.due if followed else ())


def _news(
    house: House,
    lake: Snapshot,
    work: _Work,
    followed: list[str],
    waiting: set[str],
    *,
    everybody: bool,
) -> list[_Rows]:
    """Store the histories of customers with news; the rows that are still to be written.

    Of very many customers all but the last rows are written at once, a share at a time: a writer
    of SQLite keeps all others waiting, and what is written twice changes nothing.
    """
    last: list[_Rows] = []
    if work.touched is None or not (followed or not work.all_cards):
        return last
    for share in work.touched.shares():
        for rows in last:
            with transaction.atomic():
                rows.write(at=house.at, event_cursor=lake.cursor)
        events = share.events(house, lake)
        stands = recompute_histories(house, followed, share, events, cursor=lake.cursor)
        kept = written_stands(share.customers, waiting)
        cards = None if work.all_cards else cards_of_touched(house, share, events)
        written = None if everybody else pa.concat_tables([stands, kept])
        last = [_Rows(share.customers, written, cards)]
    return last


def _passing(house: House, keys: list[str], touched: Touched, due: Due) -> list[_Rows]:
    """Rows of those whom passing time alone moves; their histories hold it already."""
    waiting = besides(frozenset(due), touched.customers)
    if not len(waiting):
        return []
    kept = {number: dict(due[number]) for number in _numbers(waiting)}
    found = []
    for key in keys:
        some = besides(due_in(due, key, house.at_us), touched.customers)
        if len(some):
            found.append(stands_of_some(house, key, some))
            for number in _numbers(some):
                del kept[number][key]
    return [_Rows(waiting, pa.concat_tables([stands_table(kept), *found]), None)]


def _numbers(customers: pa.Array[pa.Int64Scalar]) -> list[int]:
    numbers: list[int] = customers.to_numpy().tolist()
    return numbers


def _commit(
    house: House,
    lake: Snapshot,
    change: IdentityChange,
    rows: list[_Rows],
    *,
    keys: Collection[str],
    passing: Collection[int],
) -> None:
    """All small writes at once; the cursor of the news comes last."""
    with transaction.atomic():
        for part in rows:
            part.write(at=house.at, event_cursor=lake.cursor)
        move_cursors(house, keys, lake.cursor)
        mark_changed(passing, event_cursor=lake.cursor)
        note_cards(house, event_cursor=lake.cursor)
        definitions = parties_fingerprint(house.library)
        write_identity(change, definitions=definitions, at=house.at)


def _forget(house: House) -> list[str]:
    """Drop the histories of lifecycles that are no longer defined; which had been followed."""
    gone = Cursor.objects.exclude(lifecycle__in=list(house.library.lifecycles))
    keys = list(gone.values_list("lifecycle", flat=True))
    for key in keys:
        house.histories.drop(key)
    return keys


def move_cursors(house: House, keys: Collection[str], event_cursor: int) -> None:
    """Note how far some lifecycles have been followed; forget what is no longer defined."""
    moved = [
        Cursor(
            lifecycle=key,
            event_cursor=event_cursor,
            definition_version=house.version(key),
            fingerprint=lifecycle_fingerprint(house.library, key),
            as_of=house.at,
        )
        for key in keys
    ]
    Cursor.objects.exclude(lifecycle__in=list(house.library.lifecycles)).delete()
    changing = ["event_cursor", "definition_version", "fingerprint", "as_of"]
    Cursor.objects.bulk_create(
        moved, update_conflicts=True, unique_fields=["lifecycle"], update_fields=changing
    )


def followed_to() -> datetime | None:
    """The latest moment any lifecycle was followed to; ``None`` before the first."""
    latest: datetime | None = Cursor.objects.aggregate(latest=Max("as_of"))["latest"]
    return latest
