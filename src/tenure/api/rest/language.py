"""In which language a program wants to be told what went wrong."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from tenure.words import Language, Words

_CODES: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}


def language_of(request: HttpRequest) -> Language:
    """The first language of ``Accept-Language`` that Tenure speaks; Chinese where none is named."""
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        if code.startswith("zh"):
            return "zh"
        if code.startswith("en"):
            return "en"
    return "zh"


def code_of(request: HttpRequest) -> str:
    """The same as ``Content-Language`` says it."""
    return _CODES[language_of(request)]


def told(request: HttpRequest, words: Words) -> str:
    """``words`` in the language of whoever asks."""
    return words.to(language_of(request))
