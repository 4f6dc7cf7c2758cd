"""Kill a process before each of its durable steps, and see what it left.

Run as a program: ``python -m tests.engine.crashing SCENARIO DIRECTORY FIRST STRIDE``. From step
FIRST on it forks a child for every STRIDE-th step of the scenario, which dies by SIGKILL just
before (or in the middle of) that step, then a second child, which resumes and checks. It prints
the last step there was.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from tenure.engine import durable

Scenario = Callable[[Path], None]


def kill_before(step: int) -> None:
    """Let this process die before its ``step``-th durable step."""
    left = [step]

    def counted(call: Callable[..., Any], *, half: bool = False) -> Callable[..., Any]:
        def maybe(*args: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                if half:
                    args[1].write(b"PAR1 half a file")
                    args[1].flush()
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **named)

        return maybe

    os.fsync = counted(os.fsync)
    os.replace = counted(os.replace)
    os.unlink = counted(os.unlink)
    durable.pq.write_table = counted(durable.pq.write_table, half=True)


def in_child(work: Callable[[], None]) -> int:
    """Run ``work`` in a forked child; its exit status, negative if a signal ended it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        work()
    except BaseException:  # noqa: BLE001  the child's status tells, whatever it was
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def attempt(work: Scenario, check: Scenario, root: Path, step: int) -> bool:
    """Die before ``step`` and check what is left; whether there was such a step."""

    def doomed() -> None:
        kill_before(step)
        work(root)

    ended = in_child(doomed)
    if ended not in {0, -signal.SIGKILL}:
        raise SystemExit(f"step {step}: the work itself failed ({ended})")
    if in_child(lambda: check(root)):
        raise SystemExit(f"step {step}: content was lost or doubled")
    return ended != 0


def main(scenario: str, directory: Path, step: int, stride: int) -> None:
    pa.set_cpu_count(1)
    module = importlib.import_module(f"tests.engine.{scenario}")
    while attempt(module.work, module.check, directory / str(step), step):
        step += stride
    print(step - stride)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
