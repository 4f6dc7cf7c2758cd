"""The spool: what arrived is durable here before it is answered, and goes to the log from here."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from django.conf import settings

from tenure.home import Home
from tenure.record.sources.spool.framing import SpoolKeysError
from tenure.record.sources.spool.writing import Spool, SpoolFullError
from tenure.record.vault.queries import keyring

__all__ = ["Spool", "SpoolFullError", "SpoolKeysError", "house_spool", "spool_directory"]

_lock = threading.Lock()
_spools: dict[Path, Spool] = {}


def spool_directory() -> Path:
    """Where the installation's spool lies."""
    return Home(Path(settings.TENURE_HOME)).spool


def house_spool() -> Spool:
    """This process' writer of the installation's spool."""
    directory = spool_directory()
    found = _spools.get(directory)
    if found is None:
        with _lock:
            found = _spools.setdefault(
                directory,
                Spool(
                    directory,
                    lambda: keyring().identity,
                    most_bytes=settings.TENURE_SPOOL_BYTES,
                    least_free_bytes=settings.TENURE_SPOOL_FREE_BYTES,
                ),
            )
    return found


def _forget() -> None:
    """A forked child begins segments of its own; those of its parent stay the parent's."""
    global _lock
    _lock = threading.Lock()
    for spool in _spools.values():
        spool.abandon()
    _spools.clear()


os.register_at_fork(after_in_child=_forget)
