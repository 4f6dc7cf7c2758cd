"""Running the program as its users do: in this process, or as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from tenure.cli.main import tenure

ROOT = Path(__file__).parents[2]


def run(*arguments: str, given: str | None = None, **environment: str) -> Result:
    """The words in this process; output and errors together in ``.output``."""
    return CliRunner().invoke(
        tenure, list(arguments), env=environment, input=given, prog_name="tenure"
    )


def start(
    *arguments: str, home: Path | None = None, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The words in a process of their own, with a data directory of its own."""
    return python("-m", "tenure.cli", *arguments, home=home, cwd=cwd, **environment)


def python(
    *arguments: str, home: Path | None = None, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Python with Tenure importable."""
    settings = {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error", **environment}
    if home is not None:
        settings["TENURE_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **settings},
        check=False,
    )
