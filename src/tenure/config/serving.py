"""The process that serves the pages: ``python -m tenure.config.serving HOST PORT WORKERS``."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading

from tenure.config.metrics import COUNTS_VARIABLE

BLOCKING_THREADS = 4
"""Requests a worker answers at a time; analytics leave Python's lock while they compute."""


def stop_with_parent() -> None:
    """End this process when the one that started it is gone: its end of standard input closes."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):  # not sys.stdin.read: forks would inherit its lock
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def main(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    with tempfile.TemporaryDirectory(prefix="tenure-requests-") as counts:
        os.environ[COUNTS_VARIABLE] = counts  # read when prometheus-client is first imported
        _serve(host, port, workers)


def _serve(host: str, port: int, workers: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenure.config.settings")
    django.setup()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from tenure.web.statics import collect

    collect()
    stop_with_parent()
    Granian(
        "tenure.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
