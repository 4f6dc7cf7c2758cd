"""Where the derived data of this installation lies, and what computes it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tenure.engine.backends.duckdb import DuckDBRunner
from tenure.engine.history_store import HistoryStore
from tenure.engine.lake import Lake


def house_root() -> Path:
    """The directory of everything that can be rebuilt from the log."""
    return Path(settings.TENURE_HOME) / "lake"


def house_lake() -> Lake:
    """The lake of this installation."""
    return Lake(house_root())


def house_histories() -> HistoryStore:
    """The stage histories of this installation."""
    return HistoryStore(house_root() / "histories")


@lru_cache(maxsize=1)
def house_runner() -> DuckDBRunner:
    """The engine of this process; queries that need more memory than there is spill to disk."""
    return DuckDBRunner(temp_directory=house_root() / "spill")
