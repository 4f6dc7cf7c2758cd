"""Measuring contenders: each in a process of its own, so that memory is its own peak."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """Medians of several runs."""

    wall_s: float
    cpu_s: float
    peak_gb: float
    rows: int


def report(work: Callable[[], int]) -> None:
    """Run ``work`` (returns rows) and print its cost as the last line, for ``measure``."""
    wall, cpu = time.perf_counter(), time.process_time()
    rows = work()
    found = Measured(
        wall_s=time.perf_counter() - wall,
        cpu_s=time.process_time() - cpu,
        peak_gb=_peak_kb() / 1024**2,
        rows=rows,
    )
    print(json.dumps(asdict(found)))


def _peak_kb() -> int:
    # ru_maxrss of a child also remembers its parent's peak from before exec; VmHWM does not.
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(module: str, arguments: Sequence[str], *, repeat: int) -> Measured:
    """Medians over ``repeat`` runs of ``python -m module arguments``."""
    runs = []
    for _ in range(repeat):
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )
        runs.append(Measured(**json.loads(done.stdout.splitlines()[-1])))
    return Measured(
        wall_s=statistics.median(run.wall_s for run in runs),
        cpu_s=statistics.median(run.cpu_s for run in runs),
        peak_gb=max(run.peak_gb for run in runs),
        rows=runs[0].rows,
    )


def hardware() -> str:
    """The machine in one line, with its load: figures under load are not the machine's."""
    model = platform.processor() or platform.machine()
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            model = next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, load {load:.1f}, "
        f"Python {platform.python_version()}"
    )
