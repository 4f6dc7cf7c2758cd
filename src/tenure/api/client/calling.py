"""Sending a request and understanding the answer, with nothing but the standard library."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Sender = Callable[[Request], Response]
"""Whatever can send a request; a test may put the application itself here."""


class ProblemError(Exception):
    """The server answered with a problem.

    Attributes:
        status: of HTTP.
        title: what kind of problem.
        detail: what, and how to mend it, in the client's language.
        errors: single places that are wrong.
        retry_after: seconds to wait, where the server says so.
    """

    def __init__(self, response: Response) -> None:
        said = _problem(response)
        self.status = response.status
        self.title = str(said.get("title", ""))
        self.detail = str(said.get("detail", ""))
        self.errors: list[dict[str, Any]] = list(said.get("errors", []))
        wait = response.headers.get("Retry-After", "")
        self.retry_after = int(wait) if wait.isdecimal() else None
        super().__init__(f"{self.status} {self.title}: {self.detail}")


def send(request: Request, *, seconds: float = 60.0) -> Response:
    """Send by ``urllib``.

    Raises:
        OSError: the server cannot be reached within ``seconds``.
        ValueError: the address is none of HTTP.
    """
    if not request.url.startswith(("http://", "https://")):
        raise ValueError(f"{request.url} is no address of HTTP")
    asked = urllib.request.Request(  # noqa: S310
        request.url, request.body, dict(request.headers), method=request.method
    )
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:  # noqa: S310
            return Response(answer.status, dict(answer.headers.items()), answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return Response(refused.code, dict(refused.headers.items()), refused.read())


def _problem(response: Response) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        return {}
    return said if isinstance(said, dict) else {}
