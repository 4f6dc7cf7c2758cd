"""A data directory for this test session, named before Django's settings read it.

Loaded by ``-p`` in pyproject.toml: a conftest would come too late.
"""

from __future__ import annotations

import os
import shutil
import tempfile

HOME = tempfile.mkdtemp(prefix="tenure-tests-")
os.environ["TENURE_HOME"] = HOME
os.environ.setdefault("TENURE_LANGUAGE", "en")


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(HOME, ignore_errors=True)
