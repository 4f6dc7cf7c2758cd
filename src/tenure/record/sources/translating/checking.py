"""A quick look at the bytes of one event: what can never become an event is told to its sender."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from tenure.record.sources.translating.posthog import posthog_identifiers
from tenure.record.sources.translating.reading import Json, decoded, mapping
from tenure.record.sources.translating.segment import segment_identifiers
from tenure.record.sources.translating.sensors import sensors_identifiers
from tenure.record.sources.translating.traits import Identifiers
from tenure.words import Words

LARGEST_EVENT = 32 * 1024
"""Bytes of one event, as Segment's specification has it."""


class Fault(NamedTuple):
    """Why an event is refused: a word for programs, and words for people."""

    code: str
    words: Words


TOO_LARGE = Fault("too_large", Words("事件超过 32 KB", "the event has more than 32 KB"))
NO_JSON = Fault(
    "invalid_json", Words("事件不是有效的 JSON（UTF-8）", "the event is no valid JSON in UTF-8")
)
NO_OBJECT = Fault("not_an_object", Words("事件应为 JSON 对象", "the event must be a JSON object"))
NO_TYPE = Fault(
    "unknown_type",
    Words(
        "type 应为 identify、track、page、screen、group 或 alias",
        "type must be identify, track, page, screen, group or alias",
    ),
)
NO_KIND = Fault("unknown_type", Words("缺少 type", "type is missing"))
NO_NAME = Fault("missing_event", Words("缺少事件名 event", "the event has no name (event)"))
NO_GROUP = Fault("missing_group", Words("缺少 groupId", "groupId is missing"))
NO_PERSON = Fault(
    "missing_ids",
    Words(
        "没有 userId、anonymousId、邮箱、手机等任何标识",
        "there is no userId, anonymousId, mail, phone or other identifier",
    ),
)
NO_PREVIOUS = Fault(
    "missing_ids", Words("alias 需要 previousId 与 userId", "alias needs previousId and userId")
)

_KINDS = frozenset({"identify", "track", "page", "screen", "group", "alias"})


class _Segment(msgspec.Struct):
    type: object = None
    event: object = None
    userId: object = None  # noqa: N815
    anonymousId: object = None  # noqa: N815
    groupId: object = None  # noqa: N815
    previousId: object = None  # noqa: N815


class _PostHog(msgspec.Struct):
    event: object = None
    distinct_id: object = None


class _Sensors(msgspec.Struct):
    type: object = None
    event: object = None
    distinct_id: object = None


_segment = msgspec.json.Decoder(_Segment)
_posthog = msgspec.json.Decoder(_PostHog)
_sensors = msgspec.json.Decoder(_Sensors)


def fault_of(dialect: str, item: bytes) -> Fault | None:
    """What is wrong with an event, as far as a quick look tells; None where nothing is.

    Args:
        dialect: segment, posthog or sensors; any other is only looked at for size.
        item: the event's bytes.
    """
    if len(item) > LARGEST_EVENT:
        return TOO_LARGE
    look = _LOOKS.get(dialect)
    if look is None:
        return None
    try:
        if not item.isascii():
            item.decode()
        return look(item)
    except msgspec.ValidationError:
        return NO_OBJECT if item[:1] != b"{" else NO_JSON
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_JSON


def _look_at_segment(item: bytes) -> Fault | None:
    told = _segment.decode(item)
    kind = told.type
    if type(kind) is not str or kind not in _KINDS:
        return NO_TYPE
    if kind == "alias":
        return NO_PREVIOUS if _blank(told.userId) or _blank(told.previousId) else None
    if kind == "group" and _blank(told.groupId):
        return NO_GROUP
    if kind == "track" and (type(told.event) is not str or _blank(told.event)):
        return NO_NAME
    if _blank(told.userId) and _blank(told.anonymousId):
        return _about_somebody(item, segment_identifiers)
    return None


def _look_at_posthog(item: bytes) -> Fault | None:
    told = _posthog.decode(item)
    if type(told.event) is not str or _blank(told.event):
        return NO_NAME
    return _about_somebody(item, posthog_identifiers) if _blank(told.distinct_id) else None


def _look_at_sensors(item: bytes) -> Fault | None:
    told = _sensors.decode(item)
    if type(told.type) is not str or not told.type:
        return NO_KIND
    if told.type == "track" and (type(told.event) is not str or _blank(told.event)):
        return NO_NAME
    if told.type.startswith("item_") or not _blank(told.distinct_id):
        return None
    return _about_somebody(item, sensors_identifiers)


def _about_somebody(item: bytes, read: Callable[[Json], Identifiers]) -> Fault | None:
    """A closer look: who is meant may stand elsewhere, as a mail address among the traits."""
    try:
        return None if read(mapping(decoded(item))) else NO_PERSON
    except ValueError:
        return NO_JSON


def _blank(value: object) -> bool:
    return value is None or (type(value) is str and not value.strip())


_LOOKS: Mapping[str, Callable[[bytes], Fault | None]] = {
    "segment": _look_at_segment,
    "posthog": _look_at_posthog,
    "sensors": _look_at_sensors,
}
