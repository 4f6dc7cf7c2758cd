"""Processes of ours that run side by side until one is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from tenure.cli import screen
from tenure.words import TenureError, Words

PATIENCE_SECONDS = 15.0
"""So long a process may take to put down what it holds."""
_LOOK_SECONDS = 0.3
_AGAIN_SECONDS = 5.0


class ProcessError(TenureError):
    """A process that must not end has ended."""

    exit_code = 70


@dataclass(slots=True)
class Process:
    """One of the processes.

    Attributes:
        name: what it does, for people.
        module: run as ``python -m``.
        arguments: given to it.
        vital: everything stops with it; others are started again.
    """

    name: Words
    module: str
    arguments: Sequence[str] = ()
    vital: bool = False
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)
    ended_at: float | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it: out of reach of Ctrl-C, and with a pipe that tells it when we are gone."""
        command = [sys.executable, "-m", self.module, *self.arguments]
        self.running = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
        self.ended_at = None

    def look(self) -> None:
        """Start it again where it has ended.

        Raises:
            ProcessError: it is vital.
        """
        if self.running is None or self.running.poll() is None:
            return
        if self.vital:
            raise ProcessError(_ended(self.name, self.running.returncode))
        if self.ended_at is None:
            self.ended_at = time.monotonic()
            screen.note(_ended(self.name, self.running.returncode))
        elif time.monotonic() - self.ended_at > _AGAIN_SECONDS:
            self._close()
            self.start()

    def ask_to_stop(self) -> None:
        """Let it put down what it holds."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()

    def await_end(self, until: float) -> None:
        """Wait for its end, and end it where it takes longer than ``until`` (monotonic)."""
        if self.running is None:
            return
        try:
            self.running.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
        self._close()

    def _close(self) -> None:
        if self.running is not None and self.running.stdin is not None:
            self.running.stdin.close()


def run_side_by_side(
    processes: Sequence[Process], *, when_started: Callable[[Callable[[], None]], None]
) -> None:
    """Run ``processes`` until Ctrl-C or SIGTERM; then let them end in peace.

    Args:
        processes: started in this order.
        when_started: called once they run, with a function that looks after them: to be called
            while it waits for something of theirs.

    Raises:
        ProcessError: a vital one ended by itself.
    """
    with _told_to_stop() as stop:
        try:
            for process in processes:
                process.start()

            def look() -> None:
                for process in processes:
                    process.look()
                if stop.is_set():
                    raise KeyboardInterrupt

            when_started(look)
            while not stop.wait(_LOOK_SECONDS):
                look()
        except KeyboardInterrupt:
            pass
        finally:
            for process in processes:
                process.ask_to_stop()
            until = time.monotonic() + PATIENCE_SECONDS
            for process in processes:
                process.await_end(until)


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set by Ctrl-C or SIGTERM; their former handlers come back afterwards."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    former = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _ended(name: Words, code: int) -> Words:
    return Words(zh=f"{name.zh}意外停止（{code}）", en=f"{name.en} ended unexpectedly ({code})")
