"""The tick that follows at once when the loader has loaded something, or a merge was stated.

Recorded every minute anyway, the log is followed here within a moment: one tick after the other
while events come, each over all that came meanwhile. The more comes, the larger the ticks and the
fewer; what waits is shown as lag, and nothing is skipped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from tenure.clock import now
from tenure.derive.lifecycles.jobs import follow_now
from tenure.derive.lifecycles.operations import AlreadyRunningError
from tenure.record.events.queries.links import last_statement_id
from tenure.record.sources.queries import loaded_mark

_log = logging.getLogger("tenure.jobs")
_LOOK_SECONDS = 0.05
_BUSY_SECONDS = 0.1
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 30.0


def follow_spool(stop: threading.Event, *, clock: Callable[[], datetime] = now) -> None:
    """Tick whenever the log has something that people wait for, until ``stop`` is set.

    That is what came out of the spool, and who is said to be one customer, or two.

    Args:
        stop: set it to end; a tick that runs is finished first.
        clock: tells the moment everything is to be true of, aware.
    """
    seen: str | None = None
    pause = _FIRST_PAUSE_SECONDS
    try:
        while not stop.is_set():
            try:
                mark = f"{loaded_mark()};{last_statement_id()}"
                if mark == seen:
                    stop.wait(_LOOK_SECONDS)
                    continue
                follow_now(at=clock())
            except AlreadyRunningError:
                stop.wait(_BUSY_SECONDS)
                continue
            except Exception:  # noqa: BLE001  whatever it is, the next one may do better
                _log.exception("the tick failed; it is tried again in %.0f s", pause)
                connection.close()
                stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                continue
            seen, pause = mark, _FIRST_PAUSE_SECONDS
    finally:
        connection.close()
