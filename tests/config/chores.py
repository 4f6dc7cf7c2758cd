"""Jobs for the tests of jobs: what they did is told by lines in a file."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import transaction
from django_tasks import task

from tenure.words import TenureError, Words
from tenure.work import current_work


@task
def add(left: int, right: int) -> int:
    return left + right


@task(most_attempts=3, retry_seconds=1.0)
def fail() -> None:
    raise RuntimeError("the network is down")


@task
def need_a_person() -> None:
    raise TenureError(Words("文件是空的", "the file is empty"))


@task(unique="only-{0}")
def once(name: str) -> str:
    return name


@task(cron="*/5 * * * *", unique="regular")
def regularly() -> None:
    return


@task
def tell_how_far() -> int:
    current_work().tell(0.25, Words("四分之一", "a quarter"))
    return current_work().attempt


@task(most_attempts=50)
def write_line(folder: str, number: int) -> int:
    """Half a second of work between a line that says it began and one that says it ended."""
    held = Path(folder) / f"{number}.held"
    log = Path(folder) / "log"
    mine = f"{os.getpid()}"
    try:
        held.touch(exist_ok=False)
    except FileExistsError:
        # its former holder was killed, or two run it at once: the process tells which
        former = held.read_text()
        if former and Path(f"/proc/{former}").exists():
            with log.open("a") as file:
                file.write(f"twice {number}\n")
    held.write_text(mine)
    for step in range(10):
        current_work().tell(step / 10, Words(f"第 {step} 步", f"step {step}"))
        time.sleep(0.03)
    held.unlink()
    with transaction.atomic(), log.open("a") as file:
        file.write(f"done {number}\n")
    return number
