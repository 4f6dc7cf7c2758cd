"""Pins: a person's word on a stage, over what the conditions say, for as long as it holds."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US
from tenure.definitions import Library
from tenure.engine.stages.passes import CUSTOMER, EVENT, MOMENT, in_order

PINNED, UNPINNED = "stage.pinned", "stage.unpinned"
ALWAYS_US = -(2**62)
"""Before every moment."""
NEVER_US = 253_402_300_800_000_000
"""Start of the year 10000: histories are unfolded up to here, and no calendar goes further."""


def can_be_pinned(library: Library, events: ir.Table) -> bool:
    """Whether pins are part of this library and its lake."""
    return PINNED in library.event_types and "f_lifecycle" in events.columns


def statements(events: ir.Table, lifecycle: str, codes: tuple[str, ...]) -> ir.Table:
    """Each pin or unpin of a lifecycle with the moments from and up to which it counts.

    A pin holds until its own end, or until the next statement. A pin to a stage that the
    lifecycle does not have counts for nothing.

    Returns:
        customer_id, event_id, at_us, stage (index in ``codes``; NULL for an unpin), held_us
        (the pin's end), next_us (the next statement).
    """
    chosen = ibis.cases(
        *((events.f_stage == code, index) for index, code in enumerate(codes)), else_=None
    ).cast("int64")
    pinned = events.type == PINNED
    said = events.filter(
        events.type.isin([PINNED, UNPINNED]),
        events.f_lifecycle == lifecycle,
        (~pinned) | chosen.notnull(),
    ).select(
        customer_id=events[CUSTOMER],
        event_id=events.event_id,
        at_us=events.occurred_us,
        stage=ibis.ifelse(pinned, chosen, ibis.null("int64")),
        until_us=_until(events),
    )
    said = said.mutate(
        next_us=ibis.coalesce(said[MOMENT].lead().over(in_order()), NEVER_US),
    )
    held = ibis.ifelse(
        said.stage.isnull(),
        said[MOMENT],
        ibis.greatest(said[MOMENT], ibis.least(said.next_us, said.until_us)),
    )
    return said.mutate(held_us=held).drop("until_us")


def _until(events: ir.Table) -> ir.Value:
    if "f_until" not in events.columns:
        return ibis.literal(NEVER_US).cast("int64")
    days = events.f_until.delta(ibis.date(1970, 1, 1), unit="day")
    return ibis.coalesce(days * DAY_US, NEVER_US)


def stretches(said: ir.Table) -> ir.Table:
    """All of time for each customer with a pin, cut into pinned and free stretches.

    Returns:
        pin_customer, pin_from, pin_to, pin_stage (NULL: free), pin_event (NULL: a pin ran out).
    """
    first = said.group_by(CUSTOMER).agg(first_us=said[MOMENT].min())
    before = _stretch(first, ibis.literal(ALWAYS_US).cast("int64"), first.first_us, None, None)
    pinned = _stretch(said, said[MOMENT], said.held_us, said.stage, said[EVENT])
    ended = ibis.ifelse(said.stage.isnull(), said[EVENT], ibis.null("int64"))
    free = _stretch(said, said.held_us, said.next_us, None, ended)
    everything = before.union(pinned, free)
    return everything.filter(everything.pin_from < everything.pin_to)


def _stretch(
    rows: ir.Table,
    begins: ir.Value,
    ends: ir.Value,
    stage: ir.Value | None,
    event: ir.Value | None,
) -> ir.Table:
    nothing = ibis.null("int64")
    return rows.select(
        pin_customer=rows[CUSTOMER],
        pin_from=begins,
        pin_to=ends,
        pin_stage=nothing if stage is None else stage,
        pin_event=nothing if event is None else event,
    )


def cut_by_pins(segments: ir.Table, pins: ir.Table) -> ir.Table:
    """Segments of customers with pins, cut where a stretch begins; all others as they are.

    Args:
        segments: with customer_id, from_us, to_us.
        pins: of ``stretches``.

    Returns:
        segments with ``pin_stage``, ``pin_event`` and ``by_pin`` (begins where a stretch does).
    """
    joined = segments.left_join(
        pins,
        [
            segments[CUSTOMER] == pins.pin_customer,
            segments.from_us < pins.pin_to,
            segments.to_us > pins.pin_from,
        ],
    )
    begins = joined.pin_from.fill_null(ALWAYS_US)
    return joined.mutate(
        from_us=ibis.greatest(joined.from_us, begins),
        to_us=ibis.least(joined.to_us, joined.pin_to.fill_null(NEVER_US)),
        by_pin=begins >= joined.from_us,
    ).drop("pin_customer", "pin_from", "pin_to")
