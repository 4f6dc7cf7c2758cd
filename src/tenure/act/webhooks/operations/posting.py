"""Sending one request: within a time in all, to addresses that may be gone to, believing nothing.

No redirect is followed, no proxy of the environment used, and of the answer no more than the
first kilobyte read.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from tenure.act.webhooks.operations.addresses import ForbiddenAddressError, allowed, connected

SECONDS = 10.0
"""An attempt takes so long in all, the answer included."""
KEPT_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What an attempt came to.

    Attributes:
        code: of HTTP; ``None`` where no answer came.
        problem: why none came: timeout, forbidden, unknown_host, tls or unreachable.
        text: the first kilobyte of the answer.
        millis: how long it took.
        retry_after: the header of that name.
    """

    code: int | None
    problem: str = ""
    text: str = ""
    millis: int = 0
    retry_after: str | None = None


Post = Callable[[str, bytes, Mapping[str, str]], Answer]
"""Sends a body with headers to an address; a test may put another here."""


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Send ``body`` and take the answer; whatever goes wrong is an answer too.

    Args:
        url: where to.
        body: exactly as signed.
        headers: by which the receiver knows it.
        seconds: for all of it; then the connection is cut.
    """
    begun = time.monotonic()
    opened: list[socket.socket] = []
    late = threading.Event()

    def connect(host: str, port: int, scheme: str) -> socket.socket:
        left = max(seconds - (time.monotonic() - begun), 0.001)
        made = connected(host, port, scheme=scheme, listed=allowed(), seconds=left)
        opened.append(made.dup())
        if late.is_set():
            made.close()
            raise TimeoutError
        return made

    with _cut_after(seconds, opened, late), requests.Session() as session:
        session.trust_env = False
        session.mount("http://", _Guarded(connect))
        session.mount("https://", _Guarded(connect))
        answer = _asked(session, url, body, headers, seconds)
    millis = int((time.monotonic() - begun) * 1000)
    if late.is_set() and (answer.code is None or not 200 <= answer.code < 300):
        return Answer(None, "timeout", millis=millis)
    return Answer(answer.code, answer.problem, answer.text, millis, answer.retry_after)


def _asked(
    session: requests.Session, url: str, body: bytes, headers: Mapping[str, str], seconds: float
) -> Answer:
    said = {"User-Agent": "Tenure-Webhooks/1", "Accept-Encoding": "identity", **headers}
    try:
        with session.post(
            url, data=body, headers=said, timeout=seconds, allow_redirects=False, stream=True
        ) as response:
            return Answer(
                response.status_code,
                text=_beginning(response),
                retry_after=response.headers.get("Retry-After"),
            )
    except ForbiddenAddressError:
        return Answer(None, "forbidden")
    except requests.Timeout:
        return Answer(None, "timeout")
    except requests.exceptions.SSLError:
        return Answer(None, "tls")
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        return Answer(None, "unknown_host" if _is_about_the_name(error) else "unreachable")


def _beginning(response: requests.Response) -> str:
    """The first kilobyte as text; what cannot be read of it is left out, the code counts."""
    with suppress(HTTPError, OSError, ValueError):
        part: bytes = response.raw.read(KEPT_BYTES, decode_content=False)
        return part.decode("utf-8", "replace").replace("\x00", "\ufffd")
    return ""


@contextmanager
def _cut_after(
    seconds: float, opened: list[socket.socket], late: threading.Event
) -> Iterator[None]:
    """Cut the connection after so many seconds: a drip of bytes would keep it open for ever."""

    def cut() -> None:
        late.set()
        for one in list(opened):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for one in opened:
            one.close()


class _Guarded(HTTPAdapter):
    """Connections by ``connect`` alone, which looks at every address."""

    def __init__(self, connect: Callable[[str, int, str], socket.socket]) -> None:
        self._connect = connect
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """Let pools of both schemes connect so."""
        connect = self._connect

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self.host, self.port, "http")

        class Sealed(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return connect(self.host, self.port or 443, "https")

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SealedPool(HTTPSConnectionPool):
            ConnectionCls = Sealed

        self.poolmanager = PoolManager(maxsize=1)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SealedPool}


def _is_about_the_name(error: BaseException | None) -> bool:
    """Whether a name that leads nowhere is behind an error."""
    seen = 0
    while error is not None and seen < 8:
        if isinstance(error, socket.gaierror):
            return True
        reason = getattr(error, "reason", None)
        inner = reason if isinstance(reason, BaseException) else None
        parts = [one for one in error.args if isinstance(one, BaseException)]
        error = inner or error.__cause__ or error.__context__ or next(iter(parts), None)
        seen += 1
    return False
