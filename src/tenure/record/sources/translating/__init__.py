"""What arrived, told as events of the log: pure, and never failing whatever arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from tenure.definitions import Library
from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.sources.dialects import translator_of
from tenure.record.sources.translating.checking import NO_JSON, fault_of
from tenure.record.sources.translating.form import form_events
from tenure.record.sources.translating.moments import MomentError
from tenure.record.sources.translating.posthog import posthog_events
from tenure.record.sources.translating.reading import Json, decoded, mapping
from tenure.record.sources.translating.segment import segment_events
from tenure.record.sources.translating.sensors import sensors_events
from tenure.record.sources.translating.telling import Setting
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.record.sources.arrived import Arrived
    from tenure.record.sources.queries import KnownSource

DIALECTS: dict[str, Callable[[Json, Setting], list[IncomingEvent]]] = {
    "segment": segment_events,
    "posthog": posthog_events,
    "sensors": sensors_events,
    "form": form_events,
}
"""How one message of each dialect becomes events; may raise :class:`MomentError` only."""

_UNKNOWN = Words("没有这种来源格式", "there is no such dialect")


class Untranslatable(msgspec.Struct, frozen=True):
    """What arrived and can be no event as it is.

    Attributes:
        item: its bytes, as they arrived.
        reasons: why.
    """

    item: bytes
    reasons: tuple[Words, ...]


class LeftOut(msgspec.Struct, frozen=True):
    """A record that the map of its source leaves out on purpose; only counted."""


Result = IncomingEvent | Untranslatable | LeftOut


def translate(arrived: Arrived, source: KnownSource, library: Library) -> list[Result]:
    """The events that ``arrived`` tells, in its order; one message may tell several.

    Args:
        arrived: one request, as it lay in the spool.
        source: whose it is; its settings may name events (``events``: name to event type).
        library: the definitions in force.
    """
    other = translator_of(arrived.dialect)
    if other is not None:
        results: list[Result] = other(arrived, source, library)
        return results
    told = DIALECTS.get(arrived.dialect)
    setting = Setting(
        library=library,
        names=_own_names(source),
        envelope=_envelope(arrived.envelope),
        received_us=arrived.received_us,
    )
    result: list[Result] = []
    for item in arrived.items:
        if told is None:
            result.append(Untranslatable(item, (_UNKNOWN,)))
        else:
            result += _translated(arrived.dialect, item, told, setting)
    return result


def _translated(
    dialect: str,
    item: bytes,
    told: Callable[[Json, Setting], list[IncomingEvent]],
    setting: Setting,
) -> list[IncomingEvent] | list[Untranslatable]:
    fault = fault_of(dialect, item)
    if fault is not None:
        return [Untranslatable(item, (fault.words,))]
    try:
        return told(mapping(decoded(item)), setting)
    except MomentError as wrong:
        return [Untranslatable(item, (wrong.words,))]
    except ValueError:
        return [Untranslatable(item, (NO_JSON.words,))]


def _envelope(raw: bytes) -> Json:
    try:
        return mapping(decoded(raw)) if raw else {}
    except ValueError:
        return {}


def _own_names(source: object) -> Mapping[str, str]:
    """Event names of the source's settings, to event types; no settings are no names."""
    settings = getattr(source, "settings", None)
    if isinstance(settings, str):
        settings = _envelope(settings.encode())
    names = settings.get("events") if isinstance(settings, Mapping) else None
    if not isinstance(names, Mapping):
        return {}
    return {k: v for k, v in names.items() if isinstance(k, str) and isinstance(v, str)}
