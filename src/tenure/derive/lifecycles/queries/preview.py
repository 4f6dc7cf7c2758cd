"""What saying that two customers are one, or that one is two, would change; nothing is written.

Both sides are computed by the same code from the same events, once with the customers as they
are and once as they would be, so that nothing but the word itself differs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Library, Lifecycle, Metric, Stage
from tenure.derive.customers.projection.trying import Groups, Word, supposing
from tenure.derive.customers.queries import visible
from tenure.derive.customers.queries.consents import ConsentView, consents_in
from tenure.derive.customers.queries.notes import files_in, notes_in
from tenure.derive.customers.queries.open_work import open_suggestions_about
from tenure.derive.customers.queries.profile import Profile, profile_in
from tenure.derive.customers.queries.profile_log import customer_log, owner_in, tags_in
from tenure.derive.customers.queries.profile_scope import demand_customers, seen_as
from tenure.derive.customers.queries.separation import separation
from tenure.derive.lifecycles.projection.few import foreseen
from tenure.derive.lifecycles.projection.inputs import IDENTIFIERS, Inputs
from tenure.derive.lifecycles.projection.strangers import by_foreign_types
from tenure.derive.lifecycles.queries.causes import Value
from tenure.derive.lifecycles.queries.evidence import events_table, values_of_rows
from tenure.derive.lifecycles.queries.reasons import Row, causes_of
from tenure.engine.schema import IDENTITY
from tenure.guard.access.queries import Rights
from tenure.record.events.queries import (
    IdentifierView,
    TimelineExtent,
    identifiers,
    timeline_extent,
)
from tenure.record.events.queries.neighbours import types_of
from tenure.record.library.queries import current_library
from tenure.words import Words

RIGHT = "customer.merge"
_STEP = 1 << 20
"""Numbers of one side and the next lie so far apart."""


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A stage of a customer at the moment.

    Attributes:
        cause: why, in words; ``None`` where it is as it was.
    """

    lifecycle: Lifecycle
    stage: Stage
    entered_at: datetime
    cause: Words | None


@dataclass(frozen=True, slots=True)
class CustomerSeen:
    """A customer as they are, or as they would be.

    Attributes:
        own: all identifiers, the customer's own number first.
        identifiers: the same with type and value, personal ones masked by right.
        owner_id: number of the account; ``None``: nobody's.
        stages: lifecycle to stage, where the customer has one.
        metrics: of every metric its value.
        extent: how many events, since when.
        suggestions: open questions whether another is the same.
    """

    own: tuple[int, ...]
    profile: Profile
    identifiers: tuple[IdentifierView, ...]
    owner_id: int | None
    tags: tuple[str, ...]
    consents: tuple[ConsentView, ...]
    stages: Mapping[str, StageSeen]
    metrics: Mapping[str, Value]
    extent: TimelineExtent
    notes: int
    files: int
    suggestions: int

    @property
    def customer_id(self) -> int:
        """The customer's number."""
        return self.own[0]


@dataclass(frozen=True, slots=True)
class Preview:
    """Customers before and after a word about who is who.

    Attributes:
        at: the moment both are true of, aware.
        metrics: those with a value on any side, in the order of the library.
        doubled: identifier types that a customer should have one of and would have more.
    """

    at: datetime
    before: tuple[CustomerSeen, ...]
    after: tuple[CustomerSeen, ...]
    metrics: tuple[Metric, ...]
    lifecycles: tuple[Lifecycle, ...]
    doubled: tuple[Words, ...]


def merge_preview(
    left: int,
    right: int,
    *,
    viewer: Actor,
    at: datetime,
    revealing: frozenset[str] = frozenset(),
    deep: bool = True,
) -> Preview:
    """What merging the customers of two identifiers would change.

    Args:
        left: any identifier of the one.
        right: any identifier of the other.
        viewer: who asks.
        at: the moment, aware.
        revealing: groups of personal fields the viewer has just asked to see.
        deep: stages and metrics, too, which take their time.

    Raises:
        UnknownCustomerError: the viewer may not see one of them.
        ForbiddenError: the viewer may not merge one of them.
    """
    rights = demand_customers([left, right], viewer=viewer, right=RIGHT)
    now = supposing([], about=[left, right], at=None)
    sides = dict.fromkeys(_whose(now, number) for number in (left, right))
    before = {one: now[one] for one in sides}
    everybody = [number for own in before.values() for number in own]
    word = Word(min(left, right), max(left, right), "linked")
    after = _touched(supposing([word], about=everybody, at=at), everybody)
    looking = _Looking(current_library()[0], viewer, rights, at, revealing, deep)
    return looking.preview(before, after)


def separation_preview(
    customer_id: int,
    leaving: Collection[int],
    *,
    viewer: Actor,
    at: datetime,
    deep: bool = True,
) -> Preview:
    """What taking some identifiers out of a customer would change.

    Arguments and errors as ``derive.customers.queries.separation``, ``deep`` as above.
    """
    found = separation(customer_id, leaving, by=viewer, at=at)
    now = supposing([], about=[customer_id], at=None)
    number = _whose(now, customer_id)
    looking = _Looking(current_library()[0], viewer, visible(viewer).rights, at, frozenset(), deep)
    return looking.preview({number: now[number]}, _touched(found.after, now[number]))


def _whose(groups: Groups, identifier_id: int) -> int:
    return next(one for one, own in groups.items() if identifier_id in own)


def _touched(groups: Groups, identifier_ids: Collection[int]) -> Groups:
    """Only the customers with one of these identifiers."""
    return {one: own for one, own in groups.items() if {*own} & {*identifier_ids}}


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who looks, when, under which definitions."""

    library: Library
    viewer: Actor
    rights: Rights
    at: datetime
    revealing: frozenset[str]
    deep: bool

    def preview(self, before: Groups, after: Groups) -> Preview:
        """Both sides at once."""
        sides = [*before.values(), *after.values()]
        stages, metrics = self._derived(sides, len(before)) if self.deep else ({}, {})
        seen = [
            self._customer(own, stages.get(place, {}), metrics.get(place, {}))
            for place, own in enumerate(sides)
        ]
        later = tuple(seen[len(before) :])
        return Preview(
            self.at,
            tuple(seen[: len(before)]),
            later,
            tuple(
                metric
                for key, metric in self.library.metrics.items()
                if any(_told(one.metrics.get(key)) for one in seen)
            ),
            tuple(
                lifecycle
                for key, lifecycle in self.library.lifecycles.items()
                if any(key in one.stages for one in seen)
            ),
            _doubled(self.library, later),
        )

    def _customer(
        self,
        own: tuple[int, ...],
        stages: Mapping[str, StageSeen],
        metrics: Mapping[str, Value],
    ) -> CustomerSeen:
        log = customer_log(own[0], own=own)
        views = identifiers(own, with_personal=True).values()
        return CustomerSeen(
            own=own,
            profile=profile_in(log, rights=self.rights, revealing=self.revealing),
            identifiers=tuple(sorted((self._shown(one) for one in views), key=_by_type)),
            owner_id=owner_in(log),
            tags=tuple(tags_in(log)),
            consents=tuple(consents_in(log, as_of=self.at)),
            stages=stages,
            metrics=metrics,
            extent=timeline_extent(own),
            notes=len(notes_in(log, rights=self.rights, viewer=self.viewer)),
            files=len(files_in(log)),
            suggestions=open_suggestions_about(own),
        )

    def _shown(self, view: IdentifierView) -> IdentifierView:
        if not (view.personal and view.value):
            return view
        return replace(view, value=seen_as(self.rights, view.type, view.value, self.revealing))

    def _derived(
        self, sides: Sequence[tuple[int, ...]], earlier: int
    ) -> tuple[dict[int, dict[str, StageSeen]], dict[int, Mapping[str, Value]]]:
        """Stages and metrics of all sides, by their places, computed together."""
        everyone = sorted({one for own in sides for one in own})
        types = types_of(everyone)
        spread = _spread(events_table(self.library, everyone), sides)
        moment = to_microseconds(self.at)
        asked = [(place * _STEP, moment) for place in range(len(sides))]
        values = values_of_rows(self.library, list(self.library.metrics), spread, asked)
        stages: dict[int, dict[str, StageSeen]] = {}
        standing = self._standing(spread, sides, types)
        for key, lifecycle in self.library.lifecycles.items():
            last = standing[key]
            stood = {row["stage"] for place, row in last.items() if place < earlier}
            for place, row in last.items():
                new = place >= earlier and row["stage"] not in stood
                seen = StageSeen(
                    lifecycle,
                    lifecycle.stage(row["stage"]),
                    from_microseconds(row["entered_us"]),
                    self._cause(lifecycle, row, spread) if new else None,
                )
                stages.setdefault(place, {})[key] = seen
        return stages, dict(enumerate(values))

    def _standing(
        self, spread: pa.Table, sides: Sequence[tuple[int, ...]], types: Mapping[int, str]
    ) -> dict[str, dict[int, Row]]:
        """By lifecycle the interval of each side that holds at the moment.

        ``types`` are of identifiers.
        """
        rows = spread.drop_columns(["customer_id"])
        numbers = [place * _STEP + at for place, own in enumerate(sides) for at in range(len(own))]
        others = [number for number in numbers if number % _STEP]
        customers = [number - number % _STEP for number in others]
        moment = to_microseconds(self.at)
        found: dict[str, dict[int, Row]] = {key: {} for key in self.library.lifecycles}
        for foreign, keys in by_foreign_types(self.library, found).items():
            strange = [
                place * _STEP + at
                for place, own in enumerate(sides)
                for at, one in enumerate(own)
                if types.get(one) in foreign
            ]
            inputs = Inputs(
                events=rows,
                schema=rows.schema,
                identity=pa.table([pa.array(others), pa.array(customers)], schema=IDENTITY)
                if others
                else IDENTITY.empty_table(),
                strangers=pa.table([pa.array(strange, pa.int64())], schema=IDENTIFIERS),
            )
            history = foreseen(self.library, keys, inputs).sort_by("entered_us")
            for row in history.to_pylist():
                if row["entered_us"] <= moment:
                    found[row["lifecycle"]][row["customer_id"] // _STEP] = row
        return found

    def _cause(self, lifecycle: Lifecycle, row: Row, spread: pa.Table) -> Words:
        own = spread.filter(pc.equal(spread["customer_id"], pa.scalar(row["customer_id"])))
        [cause] = causes_of(
            self.library, lifecycle, [row], own, rights=self.rights, revealing=self.revealing
        )
        return cause


def _spread(events: pa.Table, sides: Sequence[tuple[int, ...]]) -> pa.Table:
    """The events of every side, each with identifiers and a customer of its own numbers."""
    parts = []
    numbers = events["identifier_id"].to_numpy()
    for place, own in enumerate(sides):
        order = np.argsort(np.array(own, np.int64))
        known = np.array(own, np.int64)[order]
        at = np.clip(np.searchsorted(known, numbers), 0, len(known) - 1)
        mine = known[at] == numbers
        part = events.filter(pa.array(mine))
        given = {
            "identifier_id": place * _STEP + order[at[mine]],
            "customer_id": np.full(len(part), place * _STEP),
        }
        for name, column in given.items():
            index = part.column_names.index(name)
            part = part.set_column(index, name, pa.array(column.astype(np.int64)))
        parts.append(part)
    return pa.concat_tables(parts)


def _by_type(view: IdentifierView) -> tuple[str, int]:
    return view.type, view.id


def _told(value: Value) -> bool:
    return value not in (None, 0, False)


def _doubled(library: Library, customers: Sequence[CustomerSeen]) -> tuple[Words, ...]:
    """Names of identifier types that one of the customers would hold more than one of."""
    single = {
        kind.key: kind.name or Words(kind.key, kind.key)
        for party in library.party_types.values()
        for kind in party.identifiers
        if kind.single
    }
    many: dict[str, Words] = {}
    for one in customers:
        types = [view.type for view in one.identifiers]
        many.update({key: name for key, name in single.items() if types.count(key) > 1})
    return tuple(many.values())
