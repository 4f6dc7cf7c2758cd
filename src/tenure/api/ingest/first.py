"""The way past everything that only pages need."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_resolver


class EventsFirst:
    """Answers senders of events before sessions, languages and forms are looked at.

    A sender's library has none of these, and nothing on its way may wait for the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._door = get_resolver("tenure.api.ingest.urls")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The door's answer where the address is one of its own."""
        with suppress(Resolver404):
            view, arguments, named = self._door.resolve(request.path_info)
            answer: HttpResponse = view(request, *arguments, **named)
            answer.headers["Content-Length"] = str(len(answer.content))
            return answer
        return self._get_response(request)
