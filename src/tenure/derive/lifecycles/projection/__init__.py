"""Lifecycles computed from the log."""

from __future__ import annotations

from tenure.derive.lifecycles.projection.build import Built, build
from tenure.derive.lifecycles.projection.places import (
    house_histories,
    house_lake,
    house_root,
    house_runner,
)

__all__ = ["Built", "build", "house_histories", "house_lake", "house_root", "house_runner"]
