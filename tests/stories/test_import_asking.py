"""Somebody at a terminal is asked what a file cannot tell."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.terminal import ROOT, start

pytestmark = pytest.mark.slow


def _talk(arguments: list[str], answers: list[tuple[str, str]], home: Path) -> tuple[int, str]:
    """Run the program at a terminal of its own; type each answer when its prompt appears."""
    ours, theirs = pty.openpty()
    environment = {
        **os.environ,
        "TENURE_HOME": str(home),
        "TENURE_LANGUAGE": "en",
        "PYTHONPATH": str(ROOT / "src"),
        "COLUMNS": "200",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tenure.cli", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    shown, waiting, seen = "", list(answers), 0
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                piece = os.read(ours, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                break
            shown += piece
        if waiting and waiting[0][0] in shown[seen:]:
            seen = len(shown)
            os.write(ours, (waiting.pop(0)[1] + "\n").encode())
        elif process.poll() is not None and not select.select([ours], [], [], 0)[0]:
            break
    os.close(ours)
    return process.wait(timeout=30), shown


def test_day_or_month_and_the_event_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("userid,date,place\nu1,01/02/2024,A\nu2,03/04/2024,B\n")
    answers = [
        ("Which one", "2"),
        ("which event is a row", "site.visited"),
        ("Import it like this?", "y"),
    ]
    code, shown = _talk(["import", str(path)], answers, tmp_path / "home")
    assert code == 0, shown
    assert "2 events recorded" in shown
    found = start("imports", "list", "--json", home=tmp_path / "home")
    assert '"site.visited": 2' in found.stdout


def test_who_says_no_imports_nothing(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("userid,date,amount\nu1,2024-02-01,5\n")
    code, shown = _talk(["import", str(path)], [("Import it like this?", "n")], tmp_path / "home")
    assert code == 130, shown
    found = start("imports", "list", "--json", home=tmp_path / "home")
    assert found.stdout.strip() == "[]"
