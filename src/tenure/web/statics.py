"""Static files: named by their content and cached for ever once collected, else as they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP = "collected.txt"


class ContentNamed(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names files by their content; where nothing was collected, by their own name."""

    def stored_name(self, name: str) -> str:
        """The name under which ``name`` is served."""
        return str(super().stored_name(name)) if self.hashed_files else name


def collect() -> None:
    """Bring the served files up to date; at once where nothing has changed."""
    stamp = Path(settings.STATIC_ROOT, STAMP)
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
