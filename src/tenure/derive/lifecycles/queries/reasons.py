"""The cause of each interval of one customer, put together from the log and the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tenure.definitions import Library, Lifecycle
from tenure.definitions.expression.tree import names_in
from tenure.derive.customers.queries.profile_scope import reads
from tenure.derive.lifecycles.queries.causes import (
    Values,
    event_cause,
    time_cause,
)
from tenure.derive.lifecycles.queries.evidence import values_at
from tenure.engine.stages import Atom, lifecycle_atoms
from tenure.guard.access.queries import Rights
from tenure.record.events.queries import EventView, events_by_id
from tenure.record.vault.queries import reveal
from tenure.words import Words

Row = dict[str, Any]
_EVENT_HOLDER = "event"


def causes_of(
    library: Library,
    lifecycle: Lifecycle,
    rows: Sequence[Row],
    events: pa.Table,
    *,
    rights: Rights,
    revealing: frozenset[str] = frozenset(),
) -> list[Words]:
    """Why each interval began, in words with the values that counted at that moment.

    Args:
        library: names of metrics and event types.
        lifecycle: whose intervals.
        rows: intervals of one customer.
        events: all events of that customer.
        rights: of the viewer: the reason of a pin is free text, shown as notes are.
        revealing: groups of personal fields the viewer has just asked to see.
    """
    keys = [metric.key for metric in library.lifecycle_metrics(lifecycle.key)]
    values = values_at(library, keys, events, [row["entered_us"] for row in rows])
    numbers = [row["cause_event_id"] for row in rows if row["cause_event_id"] is not None]
    log = events_by_id(numbers)
    pins = [number for number in numbers if log[number].type.startswith("stage.")]
    evidence = _Evidence(
        library,
        lifecycle,
        types={
            row["occurred_us"]: row["type"]
            for row in events.select(["occurred_us", "type"]).to_pylist()
        },
        atoms=lifecycle_atoms(library, lifecycle.key),
        log=log,
        reasons=reveal(_EVENT_HOLDER, pins) if reads(rights, "text", revealing) else {},
    )
    return [evidence.cause(row, now) for row, now in zip(rows, values, strict=True)]


def foreseen_cause(library: Library, lifecycle: Lifecycle, row: Row, values: Values) -> Words:
    """Why an interval that has not begun yet will: time passes a limit, or a pin runs out.

    Args:
        library: names of metrics.
        lifecycle: whose interval.
        row: the interval.
        values: metric values at its beginning, if nothing happens until then.
    """
    if row["cause"] == "pin":
        return _by_pin(None, "")
    return _by_time(library, row, values, lifecycle_atoms(library, lifecycle.key))


@dataclass(frozen=True, slots=True)
class _Evidence:
    """All that the causes of one customer's intervals are told from."""

    library: Library
    lifecycle: Lifecycle
    types: dict[int, str]
    atoms: Sequence[Atom]
    log: dict[int, EventView]
    reasons: dict[int, dict[str, str]]

    def cause(self, row: Row, values: Values) -> Words:
        """Why an interval began, with the metric values at that moment."""
        event = self.log.get(row["cause_event_id"])
        if row["cause"] == "time":
            return _by_time(self.library, row, values, self.atoms)
        if row["cause"] == "pin":
            reason = self.reasons.get(row["cause_event_id"], {}).get("reason", "")
            return _by_pin(event, reason)
        # a history may start with an event that no metric of the lifecycle looks at
        kind = event.type if event else self.types.get(row["entered_us"])
        if kind is None:
            return Words(zh="客户的第一个事件", en="the customer's first event")
        names = _shown(self.library, self.lifecycle, row["stage"]) if event else ()
        shown = event_cause(self.library, kind, names, values)
        if row["cause"] == "start":
            return Words(zh=f"首次出现：{shown.zh}", en=f"first seen: {shown.en}")
        return shown


def _shown(library: Library, lifecycle: Lifecycle, code: str) -> tuple[str, ...]:
    """Base metrics of the stage's own condition; of the fallback, those of all the others."""
    condition = lifecycle.stage(code).when
    if condition is not None:
        return names_in(library.resolve(condition))
    return tuple(metric.key for metric in library.lifecycle_metrics(lifecycle.key))


def _by_time(library: Library, row: Row, values: Values, atoms: Sequence[Atom]) -> Words:
    index = row["cause_atom"]
    if index is None:
        return Words(zh="时间推移", en="time passed")
    return time_cause(library, atoms[index].node, values, row["cause_limit"])


def _by_pin(event: EventView | None, reason: str) -> Words:
    if event is None:
        return Words(
            zh="人工指定到期，恢复按规则判定", en="the pin ran out; the rules decide again"
        )
    who = event.properties.get("by", event.recorded_by)
    zh_why, en_why = (f"：{reason}", f": {reason}") if reason else ("", "")
    if event.type.endswith("unpinned"):
        return Words(zh=f"{who} 取消了人工指定{zh_why}", en=f"{who} took the pin back{en_why}")
    until = event.properties.get("until")
    zh_end, en_end = (f"（至 {until}）", f" (until {until})") if until else ("", "")
    return Words(zh=f"{who} 人工指定{zh_end}{zh_why}", en=f"pinned by {who}{en_end}{en_why}")
