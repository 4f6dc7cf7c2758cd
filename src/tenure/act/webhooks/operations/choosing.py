"""What may be said of an endpoint."""

from __future__ import annotations

from collections.abc import Collection

from tenure.act.webhooks.operations.finding import WebhookError
from tenure.guard.access.queries import FIELD_GROUPS, Rights
from tenure.record.library.queries import current_library
from tenure.words import Words

LONGEST_NAME = 150
MOST_DAYS = 365


def checked_name(text: str) -> str:
    """A name for people.

    Raises:
        WebhookError: it is empty or too long.
    """
    name = text.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise WebhookError(
            Words(
                zh=f"名称应为 1 至 {LONGEST_NAME} 个字符",
                en=f"the name is 1 to {LONGEST_NAME} characters",
            )
        )
    return name


def checked_types(types: Collection[str], *, every: bool, known: Collection[str] = ()) -> list[str]:
    """Event types of the library, in order; none where every type is told.

    Args:
        types: keys.
        every: all types, so none need be named.
        known: chosen before, and good though the library may no longer have them.

    Raises:
        WebhookError: none is chosen, or one is in no definition.
    """
    chosen = sorted(set(types))
    if every:
        return []
    if not chosen:
        raise WebhookError(
            Words(zh="请至少选择一种事件，或选择全部", en="choose at least one event type, or all")
        )
    library = current_library()[0].event_types
    strange = [key for key in chosen if key not in library and key not in known]
    if strange:
        raise WebhookError(
            Words(
                zh=f"没有定义事件类型 {'、'.join(strange[:5])}，请先在“定义”里发布",
                en=f"no definition of {', '.join(strange[:5])}; publish it under Definitions first",
            )
        )
    return chosen


def check_groups(groups: Collection[str], rights: Rights | None) -> list[str]:
    """Field groups in order, each of which its giver reads.

    Args:
        groups: keys.
        rights: of who gives them; ``None`` where nothing new is given.

    Raises:
        WebhookError: there is no such group, or they do not read it themselves.
    """
    chosen = sorted(set(groups))
    if strange := [key for key in chosen if key not in FIELD_GROUPS]:
        known = ", ".join(FIELD_GROUPS)
        raise WebhookError(
            Words(
                zh=f"没有信息组 {'、'.join(strange[:5])}；可选：{known}",
                en=f"no field group {', '.join(strange[:5])}; there are {known}",
            )
        )
    if hidden := [key for key in chosen if rights is not None and key not in rights.reads]:
        zh, en = (
            "、".join(FIELD_GROUPS[key].zh for key in hidden),
            ", ".join(FIELD_GROUPS[key].en for key in hidden),
        )
        raise WebhookError(
            Words(
                zh=f"您自己看不到“{zh}”，不能让推送地址看到它；请取消这些信息组，或请有权限的人来改",
                en=f"you do not read “{en}” yourself, so no endpoint can be told it by you: "
                "take it off, or have someone change this who does",
            )
        )
    return chosen


def checked_days(days: int) -> int:
    """For how many days deliveries are kept.

    Raises:
        WebhookError: none, or too many.
    """
    if not 1 <= days <= MOST_DAYS:
        raise WebhookError(
            Words(
                zh=f"投递记录保留 1 至 {MOST_DAYS} 天",
                en=f"deliveries are kept for 1 to {MOST_DAYS} days",
            )
        )
    return days
