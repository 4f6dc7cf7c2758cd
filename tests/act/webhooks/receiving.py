"""Receivers of webhooks for tests: one in memory, one on a loopback port; both check signatures.

The check is written from the Standard Webhooks specification, not from our code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tenure.act.webhooks.models import Delivery
from tenure.act.webhooks.operations import Wanted, add_endpoint, route_events, send_due, wanting
from tenure.act.webhooks.operations.posting import Answer
from tenure.actor import Actor
from tests.record.shop import NOW, TESTER

URL = "https://erp.example.com/hooks/tenure-9f2c"


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
    """What the specification asks of a receiver: one good signature, and a timestamp near now."""
    sent = {name.lower(): value for name, value in headers.items()}
    message, timestamp = sent["webhook-id"], sent["webhook-timestamp"]
    if abs(now - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret[len("whsec_") :])
    signed = f"{message}.{timestamp}.".encode() + body
    good = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    versions = (one.split(",", 1) for one in sent["webhook-signature"].split(" "))
    return any(version == "v1" and hmac.compare_digest(given, good) for version, given in versions)


@dataclass
class Got:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes
    path: str = "/"

    @property
    def id(self) -> str:
        """The message id."""
        return {name.lower(): value for name, value in self.headers.items()}["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        """The payload."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class Killed(BaseException):
    """The worker is killed just after the request went out."""


@dataclass
class Pretended:
    """Stands for the network: answers as it is told, remembers what came."""

    answers: list[Answer | type[Killed]] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    taken: list[Got] = field(default_factory=list)

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        came = Got(dict(headers), body, url)
        self.got.append(came)
        answer = self.answers.pop(0) if self.answers else Answer(200, text="ok", millis=3)
        if not isinstance(answer, Answer):
            self.taken.append(came)
            raise answer
        if answer.code is not None and 200 <= answer.code < 300:
            self.taken.append(came)
        return answer


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, span: timedelta) -> None:
        self.at += span


def endpoint_for(
    *types: str, at: datetime = NOW, by: Actor = TESTER, **more: Any
) -> tuple[int, str]:
    """An endpoint for some types (all where none is named): its number and its secret."""
    wanted = Wanted(**{"name": "ERP", "url": URL, "types": types, "every_type": not types, **more})
    added = add_endpoint(wanted, by=by, at=at)
    return added.endpoint_id, added.secret


def work(clock: Clock, network: Pretended, *, most: int = 1_000) -> None:
    """Make deliveries of all that is new and send all that is due at this moment."""
    while route_events(at=clock()):
        pass
    for one in wanting(at=clock()):
        send_due(one.endpoint_id, clock=clock, most=most, send=network)


def statuses() -> list[str]:
    """Where deliveries stand, in the order they were made."""
    return list(Delivery.objects.order_by("id").values_list("status", flat=True))


Reply = Callable[[int, Got], tuple[int, dict[str, str], bytes] | None]
"""Number of the request and what came, to code, headers and body; None hangs up."""


class Loopback:
    """A real receiver on this machine."""

    def __init__(self, reply: Reply) -> None:
        self.got: list[Got] = []
        self.at: list[float] = []
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(handler) -> None:  # noqa: N805
                length = int(handler.headers["Content-Length"])
                came = Got(dict(handler.headers), handler.rfile.read(length), handler.path)
                with lock:
                    self.got.append(came)
                    self.at.append(time.time())
                    number = len(self.got)
                answer = reply(number, came)
                if answer is None:
                    handler.close_connection = True
                    return
                code, headers, body = answer
                handler.send_response(code)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    handler.send_header(name, value)
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hooks/tenure"


@contextmanager
def loopback(reply: Reply) -> Iterator[Loopback]:
    """A receiver that runs meanwhile."""
    made = Loopback(reply)
    thread = threading.Thread(target=made._server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made._server.shutdown()
        made._server.server_close()
        thread.join()
