"""A PostgreSQL server for the tests: the one named in the environment, or one of our own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")


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
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-s"]
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data}"
    for command in (
        [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        [*control, "-l", str(data / "log"), "-o", settings, "start"],
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
