"""Words in both languages, figures, moments, icons and addresses in templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenure.clock import now
from tenure.money import Money, from_e4
from tenure.web.components import figures
from tenure.web.components.addresses import address_with
from tenure.web.components.toasts import undo_of
from tenure.web.language import told
from tenure.words import Words

register = template.Library()
Figure = int | float | Decimal


@register.simple_tag
def say(zh: str, en: str, **values: object) -> str:
    """The text in the reader's language: ``{% say "客户" "Customers" %}``.

    ``{name}`` in the text stands for the value given by that name:
    ``{% say "共 {n} 位" "{n} customers" n=total|number %}``.
    """
    text = told(Words(zh, en))
    return text.format_map(values) if values else text


@register.filter(name="told")
def told_filter(words: Words | str) -> str:
    """``Words`` in the reader's language."""
    return told(words) if isinstance(words, Words) else words


@register.filter
def number(value: Figure | None, places: int | None = None) -> str:
    """``1,234.5``."""
    return _set(figures.number(value, places))


@register.filter
def signed(value: Figure | None) -> str:
    """A change: ``+15``, ``−15`` or ``0``."""
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


@register.filter
def signed_percent(share: Figure | None, places: int = 1) -> str:
    """A change as a share: ``+12.3%`` or ``−12.3%``."""
    return (
        f"+{percent(share, places)}" if share is not None and share > 0 else percent(share, places)
    )


@register.filter
def compact(value: Figure | None) -> str:
    """``12.3万`` or ``123.4K``."""
    return _set(figures.compact(value))


@register.filter
def money(value: Figure | Money | None, form: str = "") -> str:
    """``¥1,234.50``; ``{{ value|money:"compact" }}`` gives ``¥12.3万``."""
    return _set(figures.money(value, short=form == "compact"))


@register.filter
def money_e4(value: int | None, form: str = "") -> str:
    """Like ``money``, from ten-thousandths as columns hold them."""
    return _set(figures.money(None if value is None else from_e4(value), short=form == "compact"))


@register.filter
def percent(value: Figure | None, places: int = 1) -> str:
    """``12.3%`` of a share between 0 and 1."""
    return _set(figures.percent(value, places))


@register.filter
def moment(value: datetime | int | None) -> str:
    """Day and time by the reader's clock."""
    return figures.moment(value)


@register.filter
def day(value: datetime | date | int | None) -> str:
    """The day by the reader's clock."""
    return figures.day(value)


@register.filter
def weekday(value: datetime | date | int | None) -> str:
    """The day of the week by the reader's clock."""
    return figures.weekday(value)


@register.filter
def clock_time(value: datetime | int | None) -> str:
    """Hours and minutes by the reader's clock."""
    return figures.clock_time(value)


@register.filter
def ago(value: datetime | int | None) -> str:
    """How far from now: ``3 天前``, ``in 2 hours``."""
    return figures.ago(value, now())


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """An icon of the sprite, hidden from readers of the screen: ``{% icon "users" %}``."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        more,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def stage(canonical: str, name: Words | str, address: str = "") -> SafeString:
    """A badge of a stage in the colour of its canonical stage, a link where an address is given."""
    words = told(name) if isinstance(name, Words) else name
    if address:
        return format_html('<a class="stage stage-{}" href="{}">{}</a>', canonical, address, words)
    return format_html('<span class="stage stage-{}">{}</span>', canonical, words)


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: Any) -> str:
    """This page with other query parameters: ``{% address sort="name" page=None %}``."""
    request: HttpRequest = context["request"]
    return address_with(request, changes)


@register.simple_tag(takes_context=True)
def kept_fields(context: template.Context, *names: str) -> list[tuple[str, str]]:
    """Query parameters of this page that a form must carry on, all but ``names``."""
    request: HttpRequest = context["request"]
    return [
        (key, value) for key, values in request.GET.lists() if key not in names for value in values
    ]


@register.filter
def undo(message: Message) -> Mapping[str, Any] | None:
    """How the act that ``message`` tells can be undone."""
    return undo_of(message)


@register.filter
def as_json(value: object) -> str:
    """JSON for an attribute such as ``hx-vals``; the template escapes it."""
    return json.dumps(value, ensure_ascii=False)


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """The value under ``key``, for keys that templates cannot write; ``None`` without one."""
    return mapping.get(key)


def _set(figure: str) -> str:
    """A figure as it is printed: below zero with the sign for minus, not with a hyphen."""
    return f"−{figure[1:]}" if figure.startswith("-") else figure
