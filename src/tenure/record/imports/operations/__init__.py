"""Every write of imports, and the reading of files that they do."""

from __future__ import annotations

from .importing import (
    Outcome,
    import_file,
    resume_import,
    try_file,
)
from .problems import CannotImportError
from .running.stopping import ImportStoppedError
from .undoing import undo_import

__all__ = [
    "CannotImportError",
    "ImportStoppedError",
    "Outcome",
    "import_file",
    "resume_import",
    "try_file",
    "undo_import",
]
