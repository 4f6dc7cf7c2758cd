"""A PostgreSQL server for the tests: the one named in the environment, or one of our own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
_TRIES = 100


class Skipped(Exception):  # noqa: N818
    """A check cannot be run on this machine; says why."""


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a server that answers for as long as the block runs.

    ``TENURE_TEST_POSTGRES_URL`` names one that is running; otherwise a private cluster is
    made in a temporary directory, if the server programs are installed.

    Raises:
        Skipped: neither is there.
    """
    if url := os.environ.get("TENURE_TEST_POSTGRES_URL"):
        yield url
        return
    programs = _server_programs()
    if programs is None:
        raise Skipped("no PostgreSQL server programs and no TENURE_TEST_POSTGRES_URL")
    with tempfile.TemporaryDirectory(prefix="tenure-pg-") as folder:
        Path(folder).chmod(0o777)
        with _cluster(programs, Path(folder) / "data") as url:
            yield url


@contextmanager
def killable_postgresql() -> Iterator[tuple[str, Callable[[], None]]]:
    """The URL of a cluster of our own, and what kills its server and starts it again.

    Raises:
        Skipped: the server programs are not installed.
    """
    programs = _server_programs()
    if programs is None:
        raise Skipped("no PostgreSQL server programs")
    with tempfile.TemporaryDirectory(prefix="tenure-pg-") as folder:
        Path(folder).chmod(0o777)
        data = Path(folder) / "data"
        with _cluster(programs, data) as url:
            port = int(url.rsplit(":", 1)[1].split("/")[0])
            yield url, lambda: _kill_and_start(programs, data, port)


def _kill_and_start(programs: Path, data: Path, port: int) -> None:
    """SIGKILL the server, whose children follow it, and start it; it recovers from its log."""
    os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    command = _as_server_user([*_control(programs, data), *_start(data, port)])
    for _ in range(_TRIES):
        # Refused for as long as a child of the killed server lives.
        if (
            subprocess.run(command, check=False, capture_output=True, cwd=data.parent).returncode
            == 0
        ):
            return
        time.sleep(0.2)
    raise RuntimeError("the server does not start again")


def _control(programs: Path, data: Path) -> list[str]:
    return [str(programs / "pg_ctl"), "-D", str(data), "-w", "-s"]


def _start(data: Path, port: int) -> list[str]:
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    return ["-l", str(data / "log"), "-o", settings, "start"]


def _server_programs() -> Path | None:
    for folder in [*sorted(DEBIAN.glob("*/bin"), reverse=True), _beside("initdb")]:
        if folder and (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def _beside(program: str) -> Path | None:
    found = shutil.which(program)
    return Path(found).parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_server_user(command: list[str]) -> list[str]:
    # The server refuses to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def _cluster(programs: Path, data: Path) -> Iterator[str]:
    port = _free_port()
    control = _control(programs, data)
    for command in (
        [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        [*control, *_start(data, port)],
    ):
        subprocess.run(
            _as_server_user(command), check=True, stdout=subprocess.DEVNULL, cwd=data.parent
        )
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            _as_server_user([*control, "-m", "immediate", "stop"]), check=True, cwd=data.parent
        )
