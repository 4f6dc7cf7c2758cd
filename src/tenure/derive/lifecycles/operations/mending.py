"""Damaged files are thrown away before a rebuild: all of them can be made from the log."""

from __future__ import annotations

from tenure.derive.lifecycles.operations.house import House
from tenure.engine.history_store import HistoryError
from tenure.engine.lake import LakeError

_MANIFEST = "manifest.json"


def discard_damaged(house: House) -> None:
    """Forget a lake whose manifest or parts are damaged or missing, and such histories.

    Without its manifest a lake is empty and is exported from the beginning.
    """
    try:
        whole = all(path.exists() for path in house.lake.parts())
    except LakeError:
        whole = False
    if not whole:
        (house.lake.root / _MANIFEST).unlink()
    for key in house.library.lifecycles:
        try:
            house.histories.meta(key)
        except HistoryError:
            (house.histories.root / key / _MANIFEST).unlink()
