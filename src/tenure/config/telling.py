"""Webhooks as the worker sends them: the log is followed, and what is due goes out in lanes.

A lane is a thread that sends to one endpoint, one message after the other. An endpoint has few
of them, a failing one a single one, so that those who are slow wait for themselves only.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection

from tenure.act.webhooks.operations import (
    Wanting,
    anything_to_route,
    route_events,
    send_due,
    wanting,
)
from tenure.clock import now

LANES = 48
LANES_EACH = 4
_log = logging.getLogger("tenure.webhooks")
_LOOK_SECONDS = 0.25
_AFTER_TROUBLE_SECONDS = 5.0
_IN_A_ROW = 50
"""So many messages a lane sends before others are looked at again."""


class Lanes:
    """The lanes of one process.

    Args:
        stop: once set, a lane ends with the message it is sending.
        clock: tells the moment, aware.
    """

    def __init__(self, stop: threading.Event, clock: Callable[[], datetime]) -> None:
        self._stop = stop
        self._clock = clock
        self._pool = ThreadPoolExecutor(LANES, thread_name_prefix="webhook")
        self._busy: Counter[int] = Counter()
        self._lock = threading.Lock()

    def open_for(self, found: list[Wanting]) -> int:
        """Open lanes for endpoints with something due, one each before any has two; how many."""
        opened = 0
        for turn in range(LANES_EACH):
            for one in found:
                most = 1 if one.is_failing else LANES_EACH
                opened += turn < most and self._open(one.endpoint_id, turn + 1)
        return opened

    def close(self) -> None:
        """Wait for the messages that are being sent."""
        self._pool.shutdown(wait=True)

    def _open(self, endpoint_id: int, most: int) -> bool:
        with self._lock:
            if self._busy[endpoint_id] >= most or self._busy.total() >= LANES:
                return False
            self._busy[endpoint_id] += 1
        self._pool.submit(self._send, endpoint_id)
        return True

    def _send(self, endpoint_id: int) -> None:
        try:
            for _ in range(_IN_A_ROW):
                if self._stop.is_set() or not send_due(endpoint_id, clock=self._clock):
                    return
        except Exception:  # noqa: BLE001  what was claimed comes again when the claim ends
            _log.exception("webhooks to endpoint %d failed; they are tried again", endpoint_id)
            self._stop.wait(_AFTER_TROUBLE_SECONDS)
        finally:
            connection.close()
            with self._lock:
                self._busy[endpoint_id] -= 1


def tell_endpoints(stop: threading.Event, *, clock: Callable[[], datetime] = now) -> None:
    """Follow the log and send webhooks until ``stop`` is set.

    Args:
        stop: set it to end; messages that are being sent are finished first.
        clock: tells the moment, aware.
    """
    lanes = Lanes(stop, clock)
    try:
        while not stop.is_set():
            try:
                worked = _turn(lanes, at=clock())
            except Exception:  # noqa: BLE001  whatever it is, the next turn may do better
                _log.exception("following the log for webhooks failed; it is tried again")
                connection.close()
                stop.wait(_AFTER_TROUBLE_SECONDS)
                continue
            if not worked:
                stop.wait(_LOOK_SECONDS)
    finally:
        lanes.close()
        connection.close()


def _turn(lanes: Lanes, *, at: datetime) -> bool:
    """Make deliveries of a part of what is new and open lanes; whether more is new."""
    route_events(at=at)
    lanes.open_for(wanting(at=at))
    return anything_to_route()
