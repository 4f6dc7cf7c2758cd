"""What the loader says of itself, in a file beside the segments: also while no database answers."""

from __future__ import annotations

from pathlib import Path

import msgspec

_FILE = "loader.json"


class LoaderStatus(msgspec.Struct, frozen=True):
    """The loader as it last told.

    Attributes:
        told_us: when, microseconds since the epoch, UTC; one that is silent for long is gone.
        begun_us: since when it runs.
        events: how many it has loaded since.
        failing_us: since when it fails; None while it does not.
        error_zh: what is wrong, in Chinese.
        error_en: and in English.
    """

    told_us: int
    begun_us: int
    events: int
    failing_us: int | None = None
    error_zh: str = ""
    error_en: str = ""


def write_status(directory: Path, status: LoaderStatus) -> None:
    """Tell; readers see the last word or this one, whole."""
    draft = directory / f".{_FILE}.new"
    draft.write_bytes(msgspec.json.encode(status))
    draft.replace(directory / _FILE)


def read_status(directory: Path) -> LoaderStatus | None:
    """The last word; None where no loader ever ran here."""
    try:
        return msgspec.json.decode((directory / _FILE).read_bytes(), type=LoaderStatus)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None
