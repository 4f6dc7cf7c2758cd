"""A process killed between any two steps loses and doubles nothing."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

# 1 tries every step of every scenario; it takes some minutes
STRIDE = int(os.environ.get("TENURE_CRASH_STRIDE", "29"))
SCENARIOS = [("crash_lake", 40), ("crash_history", 30)]


def run(scenario: str, directory: Path, first: int, stride: int) -> int:
    """Kill at the steps asked for; the last step there was."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.engine.crashing",
            scenario,
            directory,
            str(first),
            str(stride),
        ],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "src", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"from {first} by {stride}: {done.stdout}{done.stderr}"
    return int(done.stdout)


@pytest.mark.parametrize(("scenario", "at_least"), SCENARIOS)
def test_killed_at_random_steps(scenario: str, at_least: int, tmp_path: Path) -> None:
    last = run(scenario, tmp_path, random.randint(1, STRIDE), STRIDE)
    assert last >= at_least
