"""A house of its own in which real files are imported through the terminal's door."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.cli.terminal import ROOT, start

MAPS = ROOT / "docs" / "how-to" / "maps"


@dataclass(frozen=True)
class RealHouse:
    """One data directory with its base currency."""

    home: Path
    currency: str

    def say(self, *words: str) -> Any:
        """A word of the program; its JSON answer."""
        done = start(
            *words, "--json", home=self.home,
            TENURE_BASE_CURRENCY=self.currency, TENURE_LANGUAGE="en", DATABASE_URL="",
        )  # fmt: skip
        assert done.returncode in {0, 1}, done.stderr
        return json.loads(done.stdout)

    def load(self, path: Path, map_name: str) -> Any:
        """What became of the file under the map that the how-to shows."""
        return self.say("import", str(path), "--map", str(MAPS / f"{map_name}.yaml"))

    def one(self, query: str) -> Any:
        """The one value of a query on the log."""
        with sqlite3.connect(self.home / "tenure.sqlite3") as database:
            return database.execute(query).fetchone()[0]

    def derive(self, lifecycle: str) -> None:
        """Stages and histories from the log."""
        self.say("rebuild", "--lifecycle", lifecycle)

    def stages(self, lifecycle: str, as_of: str) -> dict[str, int]:
        """Customers per stage on a day."""
        board = self.say("stages", "--lifecycle", lifecycle, "--as-of", as_of)
        return {row["stage"]: row["heads"] for row in board["stages"]}


def total(tally: dict[str, Any], kind: str) -> Decimal:
    """The money of one event type."""
    return Decimal(tally["amounts"][kind])
