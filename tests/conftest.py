"""What every test shares: a data directory of its own and the switches for what may be skipped."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

# Settings read the environment when Django is set up, before any fixture runs.
_SESSION_HOME = Path(tempfile.mkdtemp(prefix="tenure-tests-"))
os.environ["TENURE_HOME"] = str(_SESSION_HOME)
os.environ.setdefault("TENURE_LANGUAGE", "en")

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("house")


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_SESSION_HOME, ignore_errors=True)


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets; the test is skipped, saying so, where it is absent."""
    folder = Path(os.environ.get("TENURE_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data sets at {folder} (TENURE_REAL_DATA)")
    return folder
