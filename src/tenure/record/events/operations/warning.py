"""What was odd about an event that was accepted all the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tenure.record.events.models import Oddity
from tenure.words import Words


def warnings_of(oddities: Sequence[tuple[str, str, str]]) -> tuple[Words, ...]:
    """The oddities of one event, (kind, event type, field or identifier type), in words."""
    return tuple(oddity_words(*oddity) for oddity in oddities)


@lru_cache(maxsize=10_000)
def oddity_words(kind: str, event_type: str, detail: str) -> Words:
    """One oddity in words."""
    if kind == Oddity.Kind.UNKNOWN_TYPE:
        return Words(
            f"未定义的事件类型 {event_type}：已原样保存",
            f"unknown event type {event_type}: kept as it came",
        )
    if kind == Oddity.Kind.UNKNOWN_FIELD:
        return Words(
            f"{event_type} 没有定义字段 {detail}：已原样保存",
            f"{event_type} has no field {detail}: kept as it came",
        )
    if kind == Oddity.Kind.UNKNOWN_IDENTIFIER:
        return Words(
            f"未定义的标识类型 {detail}：已保存，不用于合并客户",
            f"unknown identifier type {detail}: kept, and never used to merge customers",
        )
    if kind == Oddity.Kind.BLOCKED_IDENTIFIER:
        return Words(
            f"标识 {detail} 的内容不代表任何人（如 null、000、无）：未采用",
            f"the value of identifier {detail} stands for nobody (like null or 000): not used",
        )
    return Words(
        f"标识 {detail} 的内容无法识别或校验位不符：未采用，原文存入保险库",
        f"the value of identifier {detail} cannot be read or fails its check digit: not used, "
        "kept in the vault",
    )
