"""Running the program as its users do: in this process, or as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from click.testing import CliRunner, Result

from tenure.cli.main import tenure

ROOT = Path(__file__).parents[2]


def run(*arguments: str, given: str | None = None, **environment: str) -> Result:
    """The words in this process; output and errors together in ``.output``."""
    return CliRunner().invoke(
        tenure, list(arguments), env=environment, input=given, prog_name="tenure"
    )


@dataclass(frozen=True)
class Answer:
    """What one word came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its JSON."""
        assert self.code == 0, self.err
        return msgspec.json.decode(self.out)


def visit(home: Path, *words: str, **environment: str) -> list[Answer]:
    """Several words, one after another, in one process of their own.

    Arguments are separated by spaces; ``~`` stands for a space inside an argument.
    """
    arguments = [[part.replace("~", " ") for part in word.split()] for word in words]
    done = python(
        "-m",
        "tests.cli.many",
        home=home,
        given=msgspec.json.encode(arguments).decode(),
        **environment,
    )
    assert done.returncode == 0, done.stderr
    return [Answer(*answer) for answer in msgspec.json.decode(done.stdout)]


def start(
    *arguments: str, home: Path | None = None, cwd: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The words in a process of their own, with a data directory of its own."""
    return python("-m", "tenure.cli", *arguments, home=home, cwd=cwd, **environment)


def begin(*arguments: str) -> subprocess.Popen[str]:
    """The words in a process that is still running; its output is thrown away."""
    return subprocess.Popen(
        [sys.executable, "-m", "tenure.cli", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )


def python(
    *arguments: str,
    home: Path | None = None,
    cwd: Path = ROOT,
    given: str | None = None,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Python with Tenure importable."""
    settings = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONWARNINGS": "error", **environment}
    if home is not None:
        settings["TENURE_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        input=given,
        cwd=cwd,
        env={**os.environ, **settings},
        check=False,
    )
