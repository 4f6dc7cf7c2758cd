"""A mail server on loopback that keeps what it is sent."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """The port, what came, and the answer to each recipient."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 ok"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """It listens while the block runs."""
    known = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                if word == "DATA":
                    self._say("354 go on")
                    known.taken.append(self._message())
                self._say(known.answer if word == "RCPT" else "250 ok")
                if word == "QUIT":
                    return

        def _message(self) -> EmailMessage:
            lines = iter(self.rfile.readline, b".\r\n")
            return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        known.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield known
        finally:
            server.shutdown()
