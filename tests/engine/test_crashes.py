"""A process killed between any two steps loses and doubles nothing."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("scenario", "at_least"), [("crash_lake", 40), ("crash_history", 30)])
def test_killed_before_every_step(scenario: str, at_least: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.crashing", scenario, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "src", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) >= at_least
