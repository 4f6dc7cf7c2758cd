from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tenure.actor import SYSTEM
from tenure.record.library.operations import publish

from .files import AT, vocabulary


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    """A data directory of the test's own, for keys and reports."""
    settings.TENURE_HOME = tmp_path / "home"
    return tmp_path / "home"


@pytest.fixture
def library(db: None) -> None:
    """The event and party types of the general pack, published."""
    publish(vocabulary(), note="tests", by=SYSTEM, at=AT)
