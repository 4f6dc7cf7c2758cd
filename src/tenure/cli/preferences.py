"""What this installation shows first: kept in its data directory, changed by its users."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tenure.home import Home
from tenure.words import TenureError, Words

_FILE = "preferences.json"


class Preferences(msgspec.Struct, frozen=True):
    """``lifecycle`` is the key of the one shown where none is named."""

    lifecycle: str | None = None


class PreferencesError(TenureError):
    """The file cannot be read."""


def preferences(home: Home) -> Preferences:
    """What is preferred; nothing before anything was chosen."""
    path = _path(home)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Preferences)
    except FileNotFoundError:
        return Preferences()
    except (msgspec.DecodeError, msgspec.ValidationError) as problem:
        raise PreferencesError(
            Words(
                zh=f"读不懂 {path}（{problem}）。删掉它即可",
                en=f"Cannot read {path} ({problem}). It may be deleted",
            )
        ) from problem


def prefer_lifecycle(home: Home, key: str) -> None:
    """Show lifecycle ``key`` from now on where none is named."""
    draft = home.root / f".{_FILE}"
    draft.write_bytes(msgspec.json.encode(Preferences(lifecycle=key)))
    draft.replace(_path(home))


def _path(home: Home) -> Path:
    return home.root / _FILE
