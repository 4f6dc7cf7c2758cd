"""The process that does the background work: ``python -m tenure.config.worker``.

Jobs that people ask for, and those that recur; one of them follows the log and passing time.
"""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

from tenure.config.serving import stop_with_parent


def main() -> None:
    """Work until told to stop; what runs then is given back and done by the next worker."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenure.config.settings")
    django.setup()
    from tenure.config.jobs.worker import run_worker

    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    stop_with_parent()
    run_worker(stop)


if __name__ == "__main__":
    main()
