"""In which language, and by which clock, a reader sees the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from tenure.guard.access.queries import organisation
from tenure.record.events.queries import basis, reading_basis_once
from tenure.words import Language, Words

COOKIE = "language"
_CODES: dict[Language, str] = {"zh": "zh-hans", "en": "en"}


class ReaderLanguage:
    """Activates the language of the account, else of the cookie, else Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer in the reader's language."""
        with reading_basis_once():
            code, zone = _CODES[language_of(request)], zone_of(request)
            with translation.override(code), timezone.override(zone):
                response = self._get_response(request)
        response.headers.setdefault("Content-Language", code)
        if isinstance(response, StreamingHttpResponse) and not (
            response.is_async or isinstance(response, FileResponse)
        ):
            response.streaming_content = _for_reader(iter(response), code, zone)
        return response


def _for_reader(parts: Iterable[bytes], code: str, zone: ZoneInfo) -> Iterator[bytes]:
    """What is made while it is sent is sent after the answer is given: each part in its turn."""
    ahead = iter(parts)
    while True:
        with translation.override(code), timezone.override(zone):
            part = next(ahead, None)
        if part is None:
            return
        yield part


def language_of(request: HttpRequest) -> Language:
    """The language of whoever asks."""
    reader = getattr(request, "user", None)
    chosen = getattr(reader, "language", None) or request.COOKIES.get(COOKIE)
    return "en" if chosen == "en" else "zh"


def newcomer_language(request: HttpRequest) -> Language:
    """The language of somebody new: what they chose on the pages, else the organisation's."""
    return language_of(request) if COOKIE in request.COOKIES else organisation().language


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The clock of whoever asks: their own, else the organisation's."""
    reader = getattr(request, "user", None)
    own = getattr(reader, "time_zone", "")
    return ZoneInfo(own) if own else basis().zone


def reader_language() -> Language:
    """The language active now."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def told(words: Words) -> str:
    """``words`` in the language active now."""
    return words.to(reader_language())
