"""Loads a map from its YAML text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast

from tenure.definitions.yaml_values import read_documents
from tenure.words import Words

from ..problems import CannotImportError
from ..reading.table import FORMATS, ReadOptions
from .body import MapError, Part
from .model import PROFILE_EVENT, EventRule, ImportMap, Join, Place, SkipRule, TypeRule, Value
from .values import read_condition, read_customer, read_type, read_value, read_zone

_KEYS = (
    "source", "read", "currency", "exchange_rate", "time_zone", "customer", "key", "group_by",
    "duplicates", "skip", "join", "events", "profile",
)  # fmt: skip
_READ_KEYS = ("format", "delimiter", "encoding", "header", "columns", "sheet", "widths")
_EVENT_KEYS = ("type", "when", "at", "fields", "customer", "optional")
_PROFILE_KEYS = ("when", "at", "fields", "customer", "optional")
_JOIN_KEYS = ("file", "on", "columns", "prefix", "values", "missing")
_LARGEST_MAP = 1 << 20


def read_map(path: Path) -> ImportMap:
    """The map in the file ``path``.

    Raises:
        TenureError: missing, not text, or not a map.
    """
    try:
        data = path.read_bytes()[: _LARGEST_MAP + 1]
        text = data.decode("utf-8-sig")
    except FileNotFoundError as problem:
        raise CannotImportError(
            Words(zh=f"找不到映射文件 {path}", en=f"there is no map file {path}")
        ) from problem
    except (UnicodeDecodeError, OSError) as problem:
        raise CannotImportError(
            Words(zh=f"{path} 不是 UTF-8 文本", en=f"{path} is not UTF-8 text")
        ) from problem
    return load_map(text, str(path))


def load_map(text: str, file: str) -> ImportMap:
    """The map written in ``text``; ``file`` is named in messages.

    Raises:
        TenureError: not YAML, or a map with a mistake: says line, column and nearest name.
    """
    documents, _ = read_documents(text, file)
    if len(documents) != 1:
        raise MapError(
            file,
            Place(1, 1),
            Words(zh="映射文件应有一份内容", en="a map file holds one document"),
        )
    part = Part(documents[0], file, "map")
    entries = part.known_entries(_KEYS)
    events = _events(part, entries)
    return ImportMap(
        events=events,
        customer=read_customer(entries["customer"]) if "customer" in entries else {},
        file=file,
        text=text,
        source=entries["source"].text() if "source" in entries else "import",
        read=_read_options(entries["read"]) if "read" in entries else ReadOptions(),
        currency=_currency(entries["currency"]) if "currency" in entries else None,
        exchange_rate=_rate(entries["exchange_rate"]) if "exchange_rate" in entries else None,
        time_zone=read_zone(entries["time_zone"]) if "time_zone" in entries else None,
        key=entries["key"].texts() if "key" in entries else (),
        group_by=entries["group_by"].texts() if "group_by" in entries else (),
        duplicates=_duplicates(entries),
        skip=tuple(_skip(item) for item in entries["skip"].items()) if "skip" in entries else (),
        join=tuple(_join(item) for item in entries["join"].items()) if "join" in entries else (),
    )


def _duplicates(entries: Mapping[str, Part]) -> Literal["keep", "drop"]:
    if "duplicates" not in entries:
        return "keep"
    return cast(Literal["keep", "drop"], entries["duplicates"].choice(("keep", "drop")))


def _events(part: Part, entries: Mapping[str, Part]) -> tuple[EventRule, ...]:
    rules = [_event(item) for item in entries["events"].items()] if "events" in entries else []
    if "profile" in entries:
        rules.append(_profile(entries["profile"], rules[0].at if rules else None))
    if not rules:
        raise part.fail(
            Words(
                zh="缺少 events：文件的行要变成哪些事件", en="events is missing: what rows become"
            )
        )
    return tuple(rules)


def _event(part: Part) -> EventRule:
    entries = part.known_entries(_EVENT_KEYS)
    for needed in ("type", "at"):
        if needed not in entries:
            raise part.fail(Words(zh=f"事件缺少 {needed}", en=f"the event lacks {needed}"))
    return _rule(part, entries, read_type(entries["type"]), read_value(entries["at"]))


def _profile(part: Part, at: Value | None) -> EventRule:
    entries = part.known_entries(_PROFILE_KEYS)
    moment = read_value(entries["at"]) if "at" in entries else at
    if moment is None:
        raise part.fail(Words(zh="profile 缺少 at", en="profile lacks at"))
    return _rule(part, entries, TypeRule(constant=PROFILE_EVENT), moment, on_change=True)


def _rule(
    part: Part, entries: Mapping[str, Part], kind: TypeRule, at: Value, *, on_change: bool = False
) -> EventRule:
    fields = entries["fields"].entries() if "fields" in entries else {}
    return EventRule(
        type=kind,
        at=at,
        when=read_condition(entries["when"]) if "when" in entries else (),
        fields={key: read_value(item) for key, item in fields.items()},
        customer=read_customer(entries["customer"]) if "customer" in entries else None,
        optional=entries["optional"].flag() if "optional" in entries else False,
        on_change=on_change,
        place=part.place,
    )


def _read_options(part: Part) -> ReadOptions:
    entries = part.known_entries(_READ_KEYS)
    delimiter = entries["delimiter"].text() if "delimiter" in entries else None
    if delimiter == "\\t":
        delimiter = "\t"
    if delimiter is not None and len(delimiter) != 1:
        raise entries["delimiter"].fail(
            Words(zh="分隔符应是一个字符", en="the delimiter is one character")
        )
    return ReadOptions(
        format=entries["format"].choice(FORMATS) if "format" in entries else None,
        delimiter=delimiter,
        encoding=entries["encoding"].text() if "encoding" in entries else None,
        header=_header(entries["header"]) if "header" in entries else None,
        columns=entries["columns"].texts() if "columns" in entries else (),
        sheet=entries["sheet"].text() if "sheet" in entries else None,
        widths=tuple(item.whole() for item in entries["widths"].items())
        if "widths" in entries
        else (),
    )


def _header(part: Part) -> int:
    text = part.text()
    return {"true": 1, "false": 0}[text] if text in {"true", "false"} else part.whole()


def _currency(part: Part) -> str:
    text = part.text()
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise part.fail(
            Words(
                zh="币种写三个大写字母，如 CNY",
                en="a currency is three capital letters, such as USD",
            )
        )
    return text


def _rate(part: Part) -> Decimal:
    text = part.text()
    if not re.fullmatch(r"\d+(\.\d+)?", text) or not Decimal(text):
        raise part.fail(
            Words(zh="exchange_rate 应是大于 0 的数", en="exchange_rate is a number above 0")
        )
    return Decimal(text)


def _skip(part: Part) -> SkipRule:
    entries = part.known_entries(("when", "because"))
    if "when" not in entries:
        raise part.fail(Words(zh="skip 缺少 when", en="skip lacks when"))
    because = Words(zh="映射文件中略过", en="left out by the map")
    if "because" in entries:
        reason = entries["because"]
        texts = reason.known_entries(("zh", "en")) if reason.is_mapping else {}
        plain = "" if reason.is_mapping else reason.text()
        because = Words(
            zh=texts["zh"].text() if "zh" in texts else plain,
            en=texts["en"].text() if "en" in texts else plain,
        )
    return SkipRule(read_condition(entries["when"]), because)


def _join(part: Part) -> Join:
    entries = part.known_entries(_JOIN_KEYS)
    for needed in ("file", "on"):
        if needed not in entries:
            raise part.fail(Words(zh=f"join 缺少 {needed}", en=f"join lacks {needed}"))
    on = entries["on"]
    pair = next(iter(on.entries().items())) if on.is_mapping else (on.text(), on)
    values = entries["values"].entries() if "values" in entries else {}
    return Join(
        file=entries["file"].text(),
        on=(pair[0], pair[1].text()),
        columns=entries["columns"].texts() if "columns" in entries else (),
        prefix=entries["prefix"].text() if "prefix" in entries else "",
        values={key: item.text() for key, item in values.items()},
        missing=cast(Literal["keep", "refuse"], entries["missing"].choice(("keep", "refuse")))
        if "missing" in entries
        else "keep",
        place=part.place,
    )
