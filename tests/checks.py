"""All checks of the project, one after another: what ``./tenure test`` runs.

``--complete`` (or ``CI=true``) is the mode in which nothing may be skipped.
``--only NAME`` runs the named checks, e.g. ``--only mypy --only sqlite``.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.postgresql import Skipped, postgresql

ROOT = Path(__file__).parents[1]
PYTEST = [sys.executable, "-m", "pytest", "-q", "-rs", "-n", "2", "--dist", "loadgroup"]


@dataclass(frozen=True)
class Outcome:
    """What became of one check."""

    name: str
    verdict: str
    seconds: float
    reason: str = ""


def run(command: list[str], **environment: str) -> bool:
    """Run ``command`` in the checkout, its output shown as it comes."""
    # Settings make secrets in the data directory: none of them belongs in the checkout.
    home = str(Path(tempfile.gettempdir()) / "tenure-checks")
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TENURE_HOME": home}
    surroundings |= environment
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode == 0


def tool(*words: str) -> Callable[[], bool]:
    """A check that is one command of the virtual environment."""
    program = Path(sys.executable).parent / words[0]
    return lambda: run([str(program), *words[1:]])


def no_missing_migration() -> bool:
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
    return run(command, DJANGO_SETTINGS_MODULE="tenure.config.settings")


def ready_to_deploy() -> bool:
    """Django's own advice for production, behind TLS."""
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return run(command, DJANGO_SETTINGS_MODULE="tenure.config.settings", TENURE_HTTPS="1")


def tests_on_sqlite() -> bool:
    return run([*PYTEST, "tests", "-m", "not spark and not browser"], DATABASE_URL="")


def tests_on_postgresql() -> bool:
    with postgresql() as url:
        chosen = ["-m", "not spark and not browser", "--database-only"]
        return run([*PYTEST, "tests", *chosen], DATABASE_URL=url)


def tests_on_spark() -> bool:
    if not shutil.which("java"):
        raise Skipped("no Java on this machine")
    if importlib.util.find_spec("pyspark") is None:
        raise Skipped("pyspark is not installed")
    return run([sys.executable, "-m", "pytest", "-q", "-rs", "tests", "-m", "spark"])


def tests_in_browser() -> bool:
    if not shutil.which("chromium"):
        raise Skipped("no Chromium on this machine")
    return run([sys.executable, "-m", "pytest", "-q", "-rs", "tests/browser", "-m", "browser"])


CHECKS: Mapping[str, Callable[[], bool]] = {
    "ruff": tool("ruff", "check", "."),
    "format": tool("ruff", "format", "--check", "."),
    "mypy": tool("mypy"),
    "arrows": tool("lint-imports"),
    "migrations": no_missing_migration,
    "templates": tool("djlint", "src/tenure/web/templates", "--lint", "--quiet"),
    "deploy": ready_to_deploy,
    "sqlite": tests_on_sqlite,
    "postgresql": tests_on_postgresql,
    "spark": tests_on_spark,
    "browser": tests_in_browser,
}


def outcome_of(name: str, check: Callable[[], bool]) -> Outcome:
    """Run one check and time it."""
    print(f"\n── {name}", flush=True)
    started = time.monotonic()
    try:
        verdict, reason = ("passed" if check() else "failed"), ""
    except Skipped as why:
        verdict, reason = "skipped", str(why)
    return Outcome(name, verdict, time.monotonic() - started, reason)


def main() -> int:
    """Run the checks asked for; 0 when all passed."""
    parser = argparse.ArgumentParser(prog="./tenure test", description=__doc__)
    parser.add_argument("--complete", action="store_true", default=os.environ.get("CI") == "true")
    parser.add_argument("--only", action="append", choices=list(CHECKS))
    asked = parser.parse_args()
    if asked.complete:
        os.environ["TENURE_TEST_COMPLETE"] = "1"
    chosen = asked.only or list(CHECKS)
    outcomes = [outcome_of(name, CHECKS[name]) for name in chosen]
    print("\n── summary")
    for outcome in outcomes:
        reason = f"  ({outcome.reason})" if outcome.reason else ""
        print(f"{outcome.verdict:8} {outcome.name:12}{outcome.seconds:7.1f} s{reason}")
    bad = {"failed", "skipped"} if asked.complete else {"failed"}
    return int(any(outcome.verdict in bad for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
