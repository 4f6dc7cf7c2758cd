"""Short notes after an act, each with its undo: at the next page, or at once through htmx."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse

from tenure.web.language import told
from tenure.words import Words

Level = Literal["success", "info", "warning", "error"]
_LEVELS: Mapping[Level, int] = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}
_MARK = "undo:"


@dataclass(frozen=True, slots=True)
class Undo:
    """The form that takes an act back: where it is posted, and its fields."""

    url: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """As JSON."""
        return {"url": self.url, "fields": dict(self.fields)}


def toast(
    request: HttpRequest, words: Words, *, level: Level = "success", undo: Undo | None = None
) -> None:
    """Tell ``words`` on the next page the viewer sees."""
    extra = _MARK + json.dumps(undo.plain()) if undo else ""
    messages.add_message(request, _LEVELS[level], told(words), extra_tags=extra)


def toast_now(
    response: HttpResponse, words: Words, *, level: Level = "success", undo: Undo | None = None
) -> HttpResponse:
    """Tell ``words`` as soon as htmx has this answer."""
    detail: dict[str, object] = {"text": told(words), "level": level}
    if undo is not None:
        detail["undo"] = undo.plain()
    response.headers["HX-Trigger"] = json.dumps({"toast": detail})
    return response


def undo_of(message: Message) -> Mapping[str, Any] | None:
    """How the act that ``message`` tells can be undone; ``None`` where it cannot."""
    extra = message.extra_tags or ""
    if not extra.startswith(_MARK):
        return None
    found: dict[str, Any] = json.loads(extra.removeprefix(_MARK))
    return found
