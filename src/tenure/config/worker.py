"""The process that does the background work: ``python -m tenure.config.worker``.

Jobs that people ask for, and those that recur; a tick that follows at once what arrives by
itself; webhooks that tell other systems of it; and, as a process beside it, the loader of the
spool.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType

from tenure.cli.processes import PATIENCE_SECONDS, Process
from tenure.config.serving import stop_with_parent
from tenure.words import Words

LOADER = Words(zh="装载器", en="The loader")
_LOOK_SECONDS = 0.3


def main() -> None:
    """Work until told to stop; what runs then is given back and done by the next worker."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenure.config.settings")
    django.setup()
    from tenure.config.following import follow_spool
    from tenure.config.jobs.worker import run_worker
    from tenure.config.telling import tell_endpoints

    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    stop_with_parent()
    beside = [
        threading.Thread(target=follow_spool, args=(stop,), name="follower"),
        threading.Thread(target=tell_endpoints, args=(stop,), name="webhooks"),
        threading.Thread(target=_keep_loader, args=(stop,), name="loader"),
    ]
    for thread in beside:
        thread.start()
    run_worker(stop)
    for thread in beside:
        thread.join()


def _keep_loader(stop: threading.Event) -> None:
    """Have a loader running for as long as the worker does; one that ended is started again."""
    loader = Process(LOADER, "tenure.config.loading")
    loader.start()
    while not stop.wait(_LOOK_SECONDS):
        loader.look()
    loader.ask_to_stop()
    loader.await_end(time.monotonic() + PATIENCE_SECONDS / 2)


if __name__ == "__main__":
    main()
