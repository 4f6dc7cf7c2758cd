"""Where a demo lives: a data directory of its own, never one with somebody's data in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from tenure.words import TenureError, Words

DEFAULT_HOME = "tenure-demo"
_MARK = "demo.json"


class World(msgspec.Struct, frozen=True):
    """Which simulated company it is; the same values give the same company."""

    industry: str
    customers: int
    seed: int
    years: int
    until: date


class Counts(msgspec.Struct, frozen=True):
    """What became of the company's events; ``late`` arrived three days or more afterwards."""

    late: int
    accepted: int
    repeated: int
    refused: int


class Mark(msgspec.Struct, frozen=True):
    """Lies in the data directory of a demo and says what it holds; no counts until it is full."""

    world: World
    counts: Counts | None = None


class DemoHomeError(TenureError):
    """The demo must not go there."""


@dataclass(frozen=True, slots=True)
class DemoHome:
    """A directory the demo may use, and what is in it already."""

    root: Path
    mark: Mark | None

    def write(self, mark: Mark) -> None:
        """Say what the directory holds, before it is filled and again when it is full."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.root / f".{_MARK}"
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(mark), indent=2))
        draft.replace(self.root / _MARK)


def demo_home(root: Path, *, fresh: bool, environment: Mapping[str, str] = os.environ) -> DemoHome:
    """The demo's data directory at ``root``.

    Args:
        root: wanted directory.
        fresh: delete the demo that is there.
        environment: where ``DATABASE_URL`` would lead the demo into a real database.

    Raises:
        DemoHomeError: it holds something that is no demo, or ``DATABASE_URL`` is set.
    """
    if environment.get("DATABASE_URL"):
        raise DemoHomeError(
            Words(
                zh="设置了 DATABASE_URL：演示数据会混进那个数据库。请先 unset DATABASE_URL",
                en="DATABASE_URL is set: the demo would mix with that database. Unset it first",
            )
        )
    mark = _read_mark(root)
    if mark is None and root.is_dir() and any(root.iterdir()):
        raise DemoHomeError(
            Words(
                zh=f"{root} 里有别的数据，演示不会写进去。请用 --home 换一个目录",
                en=f"{root} holds other data, and the demo keeps out of it. Use another --home",
            )
        )
    if mark is not None and fresh:
        shutil.rmtree(root)
        mark = None
    return DemoHome(root, mark)


def check_same(found: World, wanted: World, root: Path) -> None:
    """Refuse to pour a second company into a demo.

    Raises:
        DemoHomeError: the directory holds another company.
    """
    if found != wanted:
        raise DemoHomeError(
            Words(
                zh=f"{root} 里已有另一家演示公司（{_summary(found)}）。"
                "加 --fresh 重新生成，或用 --home 换一个目录",
                en=f"{root} holds another demo company already ({_summary(found)}). "
                "Add --fresh to make it anew, or use another --home",
            )
        )


def _summary(world: World) -> str:
    return (
        f"--industry {world.industry} --customers {world.customers} --seed {world.seed} "
        f"--years {world.years} --until {world.until}"
    )


def _read_mark(root: Path) -> Mark | None:
    try:
        return msgspec.json.decode((root / _MARK).read_bytes(), type=Mark)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, msgspec.ValidationError, OSError) as problem:
        raise DemoHomeError(
            Words(
                zh=f"读不懂 {root / _MARK}（{problem}）。请用 --home 换一个目录",
                en=f"Cannot read {root / _MARK} ({problem}). Use another --home",
            )
        ) from problem
