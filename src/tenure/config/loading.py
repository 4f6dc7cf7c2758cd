"""The process that brings the spool into the log: ``python -m tenure.config.loading``.

A process of its own beside the worker, so that neither jobs nor the tick take its time, and
nothing that befalls them stops it. It never gives up: what fails is tried again, with longer
pauses, and said in ``spool/loader.json`` until it is over.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from tenure.clock import now, to_microseconds
from tenure.config.serving import stop_with_parent
from tenure.words import TenureError

if TYPE_CHECKING:
    from tenure.record.sources.operations import Loader

_log = logging.getLogger("tenure.sources")
_IDLE_SECONDS = 0.05
_BREATH_SECONDS = 0.002
"""Between batches, so that others who wait to write are not starved by SQLite's one lock."""
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 10.0
_SIGN_US = 2_000_000
_NOT_ALONE_SECONDS = 1.0


class _Voice:
    """What the loader says of itself: at once where it changes, else every two seconds."""

    def __init__(self, directory: Path, clock: Callable[[], datetime]) -> None:
        from tenure.record.sources.spool.status import LoaderStatus

        self._make = LoaderStatus
        self._directory, self._clock = directory, clock
        self._begun = to_microseconds(clock())
        self._told = 0
        self._failing: int | None = None
        self.events = 0

    def well(self) -> None:
        """It works."""
        moment = to_microseconds(self._clock())
        if self._failing is not None or abs(moment - self._told) >= _SIGN_US:
            self._failing = None
            self._tell(moment, None)

    def failing(self, problem: Exception) -> None:
        """It does not."""
        moment = to_microseconds(self._clock())
        self._failing = moment if self._failing is None else self._failing
        self._tell(moment, problem)

    def _tell(self, moment: int, problem: Exception | None) -> None:
        from tenure.record.sources.spool.status import write_status

        zh, en = _words(problem)
        status = self._make(moment, self._begun, self.events, self._failing, zh, en)
        self._told = moment
        try:
            write_status(self._directory, status)
        except OSError:
            _log.warning("the loader cannot write its status", exc_info=True)


def run_loader(
    stop: threading.Event,
    *,
    clock: Callable[[], datetime] = now,
    directory: Path | None = None,
) -> None:
    """Load the spool until ``stop`` is set. Where another loader runs, wait for its end.

    Args:
        stop: set it to end; what was begun is either committed or comes again.
        clock: tells the moment of recording, aware.
        directory: of the spool; the installation's own where it is not given.
    """
    from tenure.record.sources.operations import Loader
    from tenure.record.sources.spool.reading import only_loader

    loader = Loader(directory)
    while not stop.is_set():
        try:
            with only_loader(loader.directory) as alone:
                if alone:
                    _load(loader, stop, clock)
        except OSError:
            _log.exception("the spool's directory cannot be used; the loader tries again")
        stop.wait(_NOT_ALONE_SECONDS)


def _load(loader: Loader, stop: threading.Event, clock: Callable[[], datetime]) -> None:
    from django.db import connection

    voice = _Voice(loader.directory, clock)
    pause = _FIRST_PAUSE_SECONDS
    try:
        while not stop.is_set():
            try:
                taken = loader.turn(at=clock())
            except Exception as problem:  # noqa: BLE001  it never gives up
                _log.exception("the loader failed; it tries again in %.1f s", pause)
                voice.failing(problem)
                connection.close()
                stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                continue
            pause = _FIRST_PAUSE_SECONDS
            voice.events += taken.events
            voice.well()
            stop.wait(_BREATH_SECONDS if taken.events else _IDLE_SECONDS)
    finally:
        loader.forget()
        connection.close()


def _words(problem: Exception | None) -> tuple[str, str]:
    """What is wrong, without what a message may hold: errors of databases quote values."""
    if problem is None:
        return "", ""
    if isinstance(problem, TenureError):
        return problem.words.zh, problem.words.en
    name = type(problem).__name__
    return f"装载失败：{name}，详见日志", f"loading fails: {name}; the log of the process has more"


def main() -> None:
    """Load until told to stop."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenure.config.settings")
    django.setup()
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    stop_with_parent()
    run_loader(stop)


if __name__ == "__main__":
    main()
