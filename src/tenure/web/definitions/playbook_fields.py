"""A stage's playbook as fields of the form: lists are one entry a line, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_LISTS, _TEXTS = ("actions", "kpis"), ("goal", "content")
_KNOWN = {*_LISTS, *_TEXTS, "channels", "owner_role"}
FIELDS = (
    "goal_zh",
    "goal_en",
    "actions_zh",
    "actions_en",
    "content_zh",
    "content_en",
    "channels",
    "book_role",
    "kpis_zh",
    "kpis_en",
)


@dataclass(frozen=True, slots=True)
class PlaybookFields:
    """What the form shows of a playbook; all empty where there is none."""

    goal_zh: str = ""
    goal_en: str = ""
    actions_zh: str = ""
    actions_en: str = ""
    content_zh: str = ""
    content_en: str = ""
    channels: str = ""
    book_role: str = ""
    kpis_zh: str = ""
    kpis_en: str = ""


def fields_of(book: Any) -> PlaybookFields | None:
    """The fields of a playbook as its YAML says it; ``None`` where they cannot show all of it."""
    if book is None:
        return PlaybookFields()
    if not isinstance(book, Mapping) or not set(book) <= _KNOWN:
        return None
    channels, role = book.get("channels", []), book.get("owner_role", "")
    words = [book.get(key, {}) for key in _TEXTS]
    lists = [book.get(key, []) for key in _LISTS]
    entries = [one for entry in lists if isinstance(entry, list) for one in entry]
    plain = isinstance(role, str) and _all(channels, str)
    if not plain or not all(isinstance(one, list) for one in lists):
        return None
    if not all(_is_words(one) for one in (*words, *entries)):
        return None
    shown = {
        f"{key}_{language}": book.get(key, {}).get(language, "")
        for key in _TEXTS
        for language in ("zh", "en")
    }
    shown |= {
        f"{key}_{language}": "\n".join(one.get(language, "") for one in book.get(key, []))
        for key in _LISTS
        for language in ("zh", "en")
    }
    return PlaybookFields(**shown, channels=", ".join(channels), book_role=role)


def playbook_of(fields: PlaybookFields) -> dict[str, Any]:
    """The playbook that fields say; empty where nothing is written."""
    book = {
        "goal": {"zh": fields.goal_zh.strip(), "en": fields.goal_en.strip()},
        "actions": _entries(fields.actions_zh, fields.actions_en),
        "content": {"zh": fields.content_zh.strip(), "en": fields.content_en.strip()},
        "channels": [one for one in re.split(r"[\s,，、;；]+", fields.channels) if one],
        "owner_role": fields.book_role.strip(),
        "kpis": _entries(fields.kpis_zh, fields.kpis_en),
    }
    empty: tuple[object, ...] = ("", [], {"zh": "", "en": ""})
    return {key: value for key, value in book.items() if value not in empty}


def _entries(zh: str, en: str) -> list[dict[str, str]]:
    """Entries of a list, the lines of both languages side by side."""
    lines = (text.strip().splitlines() for text in (zh, en))
    pairs = zip_longest(*lines, fillvalue="")
    return [{"zh": one.strip(), "en": other.strip()} for one, other in pairs]


def _is_words(value: Any) -> bool:
    """Whether a text in both languages fits one line of the form."""
    if not isinstance(value, Mapping) or not set(value) <= {"zh", "en"}:
        return False
    return all(isinstance(text, str) and "\n" not in text for text in value.values())


def _all(values: Any, kind: type) -> bool:
    return isinstance(values, Sequence) and all(isinstance(one, kind) for one in values)
