"""What saying that two customers are one, or that one is two, would change; nothing is written.

Both sides are computed by the same code from the same events, once with the customers as they
are and once as they would be, so that nothing but the word itself differs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tenure.actor import Actor
from tenure.clock import from_microseconds, to_microseconds
from tenure.definitions import Library, Lifecycle, Metric, Stage
from tenure.derive.customers.projection.trying import Groups, Word, supposing
from tenure.derive.customers.queries import visible
from tenure.derive.customers.queries.consents import ConsentView, consents_in
from tenure.derive.customers.queries.notes import files_in, notes_in
from tenure.derive.customers.queries.profile import Profile, profile_in
from tenure.derive.customers.queries.profile_log import customer_log, owner_in, tags_in
from tenure.derive.customers.queries.profile_scope import demand_customer, seen_as
from tenure.derive.customers.queries.separation import separation
from tenure.derive.customers.queries.suggestions import open_suggestions_about
from tenure.derive.lifecycles.projection.few import foreseen
from tenure.derive.lifecycles.projection.inputs import Inputs
from tenure.derive.lifecycles.projection.strangers import strangers
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
from tenure.record.library.queries import current_library
from tenure.words import Words

RIGHT = "customer.merge"


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
) -> Preview:
    """What merging the customers of two identifiers would change.

    Args:
        left: any identifier of the one.
        right: any identifier of the other.
        viewer: who asks.
        at: the moment, aware.
        revealing: groups of personal fields the viewer has just asked to see.

    Raises:
        UnknownCustomerError: the viewer may not see one of them.
        ForbiddenError: the viewer may not merge one of them.
    """
    for number in (left, right):
        demand_customer(number, viewer=viewer, right=RIGHT)
    before = supposing([], about=[left, right], at=None)
    first, second = (_whose(before, number) for number in (left, right))
    before = {one: before[one] for one in dict.fromkeys([first, second])}
    everybody = [number for own in before.values() for number in own]
    after = supposing([Word(min(left, right), max(left, right), "linked")], about=everybody, at=at)
    return _preview(before, _touched(after, everybody), viewer, at, revealing=revealing)


def unmerge_preview(left: int, right: int, *, viewer: Actor, at: datetime) -> Preview:
    """What stating that two identifiers are not one customer would change.

    Arguments and errors as :func:`merge_preview`.
    """
    for number in (left, right):
        demand_customer(number, viewer=viewer, right=RIGHT)
    before = supposing([], about=[left, right], at=None)
    before = {one: before[one] for one in {_whose(before, left), _whose(before, right)}}
    everybody = [number for own in before.values() for number in own]
    after = supposing(
        [Word(min(left, right), max(left, right), "unlinked")], about=everybody, at=at
    )
    return _preview(before, _touched(after, everybody), viewer, at)


def separation_preview(
    customer_id: int, leaving: Collection[int], *, viewer: Actor, at: datetime
) -> Preview:
    """What taking some identifiers out of a customer would change.

    Arguments and errors as ``derive.customers.queries.separation``.
    """
    found = separation(customer_id, leaving, by=viewer, at=at)
    before = supposing([], about=[customer_id], at=None)
    number = _whose(before, customer_id)
    after = _touched(found.after, before[number])
    return _preview({number: before[number]}, after, viewer, at)


def _whose(groups: Groups, identifier_id: int) -> int:
    return next(one for one, own in groups.items() if identifier_id in own)


def _touched(groups: Groups, identifier_ids: Collection[int]) -> Groups:
    """Only the customers with one of these identifiers."""
    return {one: own for one, own in groups.items() if {*own} & {*identifier_ids}}


def _preview(
    before: Groups,
    after: Groups,
    viewer: Actor,
    at: datetime,
    *,
    revealing: frozenset[str] = frozenset(),
) -> Preview:
    library, _ = current_library()
    rights = visible(viewer, RIGHT).rights
    everyone = sorted({one for own in (*before.values(), *after.values()) for one in own})
    looking = _Looking(library, viewer, rights, at, revealing, events_table(library, everyone))
    earlier = looking.customers(before, {})
    stood = {
        key: {one.stages[key].stage.code for one in earlier if key in one.stages}
        for key in library.lifecycles
    }
    later = looking.customers(after, stood)
    seen = [*earlier, *later]
    return Preview(
        at,
        earlier,
        later,
        tuple(
            metric
            for key, metric in library.metrics.items()
            if any(_told(one.metrics.get(key)) for one in seen)
        ),
        tuple(
            lifecycle
            for key, lifecycle in library.lifecycles.items()
            if any(key in one.stages for one in seen)
        ),
        _doubled(library, later),
    )


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who looks at which events, under which definitions."""

    library: Library
    viewer: Actor
    rights: Rights
    at: datetime
    revealing: frozenset[str]
    events: pa.Table

    def customers(
        self, groups: Groups, stood: Mapping[str, Collection[str]]
    ) -> tuple[CustomerSeen, ...]:
        """The customers of ``groups``; with causes where the stage is none of ``stood``."""
        numbers, whose = self._map(groups)
        place = np.searchsorted(numbers, self.events["identifier_id"].to_numpy())
        column = pa.array(whose[place] if len(place) else [], pa.int64())
        index = self.events.column_names.index("customer_id")
        events = self.events.set_column(index, "customer_id", column)
        moment = to_microseconds(self.at)
        asked = [(customer, moment) for customer in groups]
        values = values_of_rows(self.library, list(self.library.metrics), events, asked)
        stages = self._stages(groups, events, stood)
        return tuple(
            self._customer(own, stages.get(customer, {}), metrics)
            for (customer, own), metrics in zip(groups.items(), values, strict=True)
        )

    def _customer(
        self, own: tuple[int, ...], stages: dict[str, StageSeen], metrics: Mapping[str, Value]
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

    @staticmethod
    def _map(groups: Groups) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Identifiers, ascending, and the customer of each."""
        pairs = sorted((one, customer) for customer, own in groups.items() for one in own)
        table = np.array(pairs, np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def _stages(
        self, groups: Groups, events: pa.Table, stood: Mapping[str, Collection[str]]
    ) -> dict[int, dict[str, StageSeen]]:
        """Customer to lifecycle to stage."""
        numbers, whose = self._map(groups)
        other = numbers != whose
        identity = pa.table([pa.array(numbers[other]), pa.array(whose[other])], schema=IDENTITY)
        rows = self.events.drop_columns(["customer_id"])
        found: dict[int, dict[str, StageSeen]] = {}
        moment = to_microseconds(self.at)
        for key, lifecycle in self.library.lifecycles.items():
            out = strangers(self.library, lifecycle.party, among=pa.array(numbers, pa.int64()))
            inputs = Inputs(events=rows, schema=rows.schema, identity=identity, strangers=out)
            history = foreseen(self.library, key, inputs).sort_by("entered_us").to_pylist()
            last = {row["customer_id"]: row for row in history if row["entered_us"] <= moment}
            for customer, row in last.items():
                told = row["stage"] in stood.get(key, [row["stage"]])
                cause = None if told else self._cause(lifecycle, row, events)
                seen = StageSeen(
                    lifecycle,
                    lifecycle.stage(row["stage"]),
                    from_microseconds(row["entered_us"]),
                    cause,
                )
                found.setdefault(customer, {})[key] = seen
        return found

    def _cause(self, lifecycle: Lifecycle, row: Row, events: pa.Table) -> Words:
        own = events.filter(pc.equal(events["customer_id"], pa.scalar(row["customer_id"])))
        [cause] = causes_of(self.library, lifecycle, [row], own, rights=self.rights)
        return cause


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
