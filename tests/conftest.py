"""What every test shares: the real data sets and the switches for what may be skipped."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

# A build draws the same examples each time, as Hypothesis' own profile for builds does: a new
# find belongs to whoever runs the laws at home, not to a change that did not cause it.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """SQLite empties tables after a test by DELETE, which the audit refuses: here it does not."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS trail_auditentry_delete")


@pytest.fixture(autouse=True)
def own_basis() -> Iterator[None]:
    """What a process keeps of its house is the next test's of another house."""
    yield
    loaded = sys.modules.get("tenure.record.events.operations.basis")
    if loaded is not None:
        loaded.forget_basis()
    keys = sys.modules.get("tenure.record.sources.queries.keys")
    if keys is not None:
        keys.forget_known()


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets; the test is skipped, saying so, where it is absent."""
    folder = Path(os.environ.get("TENURE_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data sets at {folder} (TENURE_REAL_DATA)")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """The second database engine runs only what touches a database."""
    parser.addoption("--database-only", action="store_true", help="only tests that use a database")


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(
        fixtures & {"db", "transactional_db"}
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what ``--database-only`` asks for, and what fits the database engine."""
    wanted = {item for item in items if _is_wanted(item, config)}
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = [item for item in items if item in wanted]


def _is_wanted(item: pytest.Item, config: pytest.Config) -> bool:
    of_this_engine = not item.get_closest_marker("postgres") or os.environ.get("DATABASE_URL")
    asked_for = _touches_database(item) or not config.getoption("--database-only")
    return bool(of_this_engine and asked_for)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In the complete mode a skipped test is a failure; only absent data sets are excused."""
    if not os.environ.get("TENURE_TEST_COMPLETE"):
        return
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "no real data sets" not in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} skipped, and nothing may be skipped here")
        terminalreporter._session.exitstatus = pytest.ExitCode.TESTS_FAILED
