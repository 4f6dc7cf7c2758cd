"""How good the log is: how complete, how timely, how often the same twice, by source and type.

All readings are expressions over events (the columns of the lake). Cost: one pass over the
columns that are looked at; ``repeats`` keeps one digest per event.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US
from tenure.engine.schema import PROMOTED


def counted(events: ir.Table, undone: ir.Table) -> ir.Table:
    """The events that count: those of undone imports do not.

    Args:
        events: columns of the lake.
        undone: table with the column ``batch_id``.
    """
    return events.anti_join(undone, "batch_id")


def kinds(events: ir.Table) -> ir.Table:
    """One row per source and type: how many, since when, how late, how many are nobody's.

    Returns:
        source, type, events, first_us, last_us, recorded_us (latest), live (that came one by
        one, in no file), within_day and within_week (of those, recorded so soon after they
        happened), anonymous, amounts.
    """
    lag = events.recorded_us - events.occurred_us
    live = events.batch_id.isnull()
    return events.group_by(["source", "type"]).agg(
        events=events.count(),
        first_us=events.occurred_us.min(),
        last_us=events.occurred_us.max(),
        recorded_us=events.recorded_us.max(),
        live=live.sum(),
        within_day=((lag <= DAY_US) & live).sum(),
        within_week=((lag <= 7 * DAY_US) & live).sum(),
        anonymous=events.identifier_id.isnull().sum(),
        amounts=events.amount_e4.count(),
    )


def filled(events: ir.Table) -> ir.Table:
    """One row per source and type: how many events have each promoted field.

    Returns:
        source, type, and a column of counts under each promoted column's own name.
    """
    names = [name for name in events.columns if name.startswith(PROMOTED)]
    return events.group_by(["source", "type"]).agg(**{name: events[name].count() for name in names})


def written(events: ir.Table, marks: dict[str, str]) -> ir.Table:
    """One row per source and type: how many events have each field that has no column.

    Args:
        events: columns of the lake.
        marks: name of a count to the text that begins the field's value in ``properties``.

    Returns:
        source, type, and a column of counts for each of ``marks``; empty texts do not count.
    """
    there = events.properties
    return events.group_by(["source", "type"]).agg(
        **{
            name: (there.contains(mark) & ~there.contains(f'{mark}""')).sum()
            for name, mark in marks.items()
        }
    )


def held(events: ir.Table, secrets: ir.Table) -> ir.Table:
    """One row per source, type and personal field: how many events have it in the vault.

    Args:
        events: columns of the lake.
        secrets: table with event_id and field, one row per value.

    Returns:
        source, type, field, filled.
    """
    found = events.inner_join(secrets, "event_id")
    return found.group_by(["source", "type", "field"]).agg(filled=found.count())


def unread(events: ir.Table, columns: dict[str, str]) -> ir.Table:
    """One row per source and type: values that are there but not of the declared type.

    Args:
        events: columns of the lake.
        columns: promoted column to the text that begins its value in ``properties``.

    Returns:
        source, type, and a column of counts for each of ``columns``.
    """
    return events.group_by(["source", "type"]).agg(
        **{
            name: (events[name].isnull() & events.properties.contains(mark)).sum()
            for name, mark in columns.items()
        }
    )


def repeats(events: ir.Table) -> ir.Table:
    """One row per source and type: events that say exactly what an earlier one says.

    Returns:
        source, type, repeated.
    """
    same = ["source", "type", "identifier_id", "occurred_us", "amount_e4", "properties"]
    groups = events.group_by(same).agg(times=events.count())
    more = groups.filter(groups.times > 1)
    return more.group_by(["source", "type"]).agg(repeated=(more.times - 1).sum())


def days(events: ir.Table) -> ir.Table:
    """One row per source: on how many days anything happened, the first and the last.

    Returns:
        source, days, first_date, last_date.
    """
    return events.group_by("source").agg(
        days=events.local_date.nunique(),
        first_date=events.local_date.min(),
        last_date=events.local_date.max(),
    )


def latest(events: ir.Table, *, after_id: int) -> ir.Table:
    """The events recorded after number ``after_id``."""
    return events.filter(events.event_id > ibis.literal(after_id, "int64"))
