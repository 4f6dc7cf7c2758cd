"""The one directory that holds an installation's data, and its secrets."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OWNER_ONLY_DIRECTORY = 0o700
OWNER_ONLY_FILE = 0o600


@dataclass(frozen=True, slots=True)
class Home:
    """The data directory of an installation (``TENURE_HOME``, default ``./tenure-data``)."""

    root: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Home:
        """The home named by ``TENURE_HOME``; nothing is created yet."""
        return cls(Path(environment.get("TENURE_HOME") or "tenure-data").absolute())

    @property
    def database(self) -> Path:
        """The SQLite file, used where no ``DATABASE_URL`` is given."""
        return self.root / "tenure.sqlite3"

    @property
    def lake(self) -> Path:
        """Parquet parts of the log and of what was derived from it."""
        return self.root / "lake"

    @property
    def secrets(self) -> Path:
        """Keys, readable by the owner only."""
        return self.root / "secrets"

    @property
    def attachments(self) -> Path:
        """Files kept with customers, readable by the owner only."""
        return self.root / "attachments"

    @property
    def spool(self) -> Path:
        """What arrived and is not in the log yet, sealed; readable by the owner only."""
        return self.root / "spool"

    @property
    def reports(self) -> Path:
        """Files made for people: refused rows, exports."""
        return self.root / "reports"

    @property
    def static(self) -> Path:
        """Files of the pages, named by their content; made anew whenever they change."""
        return self.root / "static"

    def ensure(self) -> Home:
        """Create the directories, the data directory readable by its owner only."""
        self.root.mkdir(mode=OWNER_ONLY_DIRECTORY, parents=True, exist_ok=True)
        self.secrets.mkdir(mode=OWNER_ONLY_DIRECTORY, exist_ok=True)
        self.lake.mkdir(exist_ok=True)
        self.reports.mkdir(exist_ok=True)
        self.static.mkdir(exist_ok=True)
        return self

    def secret(self, name: str) -> str:
        """The random secret ``name``, made on first use with owner-only permissions."""
        path = self.secrets / name
        try:
            return path.read_text()
        except FileNotFoundError:
            self.ensure()
        return _create_once(path, secrets.token_urlsafe(48))


def _create_once(path: Path, text: str) -> str:
    """Write ``text`` whole or not at all; where another process was first, return its text."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return path.read_text()
    finally:
        draft.unlink()
    return text
