"""Words in both languages, numbers, moments and icons in templates."""

from __future__ import annotations

from django import template

from tenure.web.language import told
from tenure.words import Words

register = template.Library()


@register.simple_tag
def say(zh: str, en: str) -> str:
    """The text in the reader's language: ``{% say "客户" "Customers" %}``."""
    return told(Words(zh, en))


@register.filter(name="told")
def told_filter(words: Words) -> str:
    """``Words`` in the reader's language."""
    return told(words)
