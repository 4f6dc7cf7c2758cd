"""The reasons for which an event is refused, in words that say how to mend it."""

from __future__ import annotations

from datetime import datetime

from tenure.record.events.operations.incoming import IncomingEvent, RefusalError
from tenure.words import Words

NAIVE = Words(
    "发生时间没有时区：请写成如 2024-05-01T08:00:00+08:00",
    "the moment has no time zone: write it like 2024-05-01T08:00:00+08:00",
)
FUTURE = Words(
    "发生时间在未来（超过一天）：请核对日期和时区",
    "the moment is in the future by more than a day: check date and time zone",
)
ANCIENT = Words(
    "发生时间早于 1900 年：多半是空日期，请核对",
    "the moment is before 1900, mostly an empty date: check it",
)
RESERVED = Words(
    "此事件类型由系统自己记录：请用合并、拆分客户或撤销导入的操作",
    "this event type is recorded by the system itself: merge or split customers, or undo an import",
)
BAD_TYPE = Words(
    "事件类型和标识类型应为 1 至 100 个可见字符",
    "event types and identifier types are 1 to 100 printable characters",
)
RESERVED_FIELD = Words(
    "以 tenure: 开头的字段名由系统保留：请改名", "field names that start with tenure: are reserved"
)
TOO_MANY_FIELDS = Words("一个事件的字段超过 200 个", "an event has at most 200 fields")
TOO_LARGE = Words("事件内容超过 1 MB", "the event holds more than 1 MB")
COLLISION = Words(
    "两个不同的标识得到同一编号：请换用另一种标识",
    "two different identifiers have the same number: use another identifier",
)
_MALFORMED = Words(
    "事件不完整或格式不对：需要事件类型、带时区的发生时间、标识与字段",
    "the event is malformed: it needs a type, a moment with time zone, identifiers and fields",
)
MISSING = Words("缺少必填内容", "is required and missing")


def in_field(name: str, cause: Words) -> Words:
    """A cause, with the field it is about. Values are never quoted: they may be personal."""
    return Words(f"字段 {name[:100]!r}：{cause.zh}", f"field {name[:100]!r}: {cause.en}")


def in_identifier(name: str, cause: Words) -> Words:
    """A cause, with the identifier type it is about."""
    return Words(f"标识 {name[:100]!r}：{cause.zh}", f"identifier {name[:100]!r}: {cause.en}")


def taken(name: Words) -> Words:
    """A value of a unique identifier type that is another customer's."""
    return Words(
        f"{name.zh}已属于另一位客户，而其他标识所属的客户有不同的{name.zh}：请核对；确是同一位时，"
        "先合并两位客户再重放",
        f"{name.en}: it is another customer's, and the customer of the other identifiers has a "
        "different one; check it, or merge the two customers first and replay the event",
    )


def second(name: Words) -> Words:
    """A second value of an identifier type of which a customer has one."""
    return Words(
        f"这位客户已有{name.zh}，每位客户至多一个：请核对；确有更换时，先拆开旧的再重放",
        f"{name.en}: the customer has one already, and may have one only; check it, or separate "
        "the old one first and replay the event",
    )


def malformed(event: IncomingEvent) -> RefusalError:
    """The refusal of what is no event at all: parts missing or of the wrong kind."""
    try:
        occurred: object = event.occurred_at  # what the annotation promises may not be there
        if not isinstance(occurred, datetime):
            return RefusalError(in_field("occurred_at", NAIVE))
        for name, value in event.fields.items():
            if isinstance(value, str):
                value.encode()
            str(name).encode()
    except UnicodeEncodeError:
        cause = Words("含有不完整的 Unicode 字符", "contains half of a Unicode character")
        return RefusalError(in_field(str(name).encode(errors="replace").decode(), cause))
    except (AttributeError, TypeError):
        return RefusalError(_MALFORMED)
    return RefusalError(_MALFORMED)
