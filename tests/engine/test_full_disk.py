"""No room left, for real: a process that may not write files beyond a size."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import resource, signal, sys
from pathlib import Path
from tenure.engine.durable import StorageFullError
from tenure.engine.lake import Lake
from tests.engine.crash_lake import content
from tests.engine.rows import events

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
lake = Lake(Path(sys.argv[1]))
lake.append([events(range(1, 100), step_us=1)], cursor=99)
free = resource.RLIM_INFINITY
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, free))
try:
    lake.append([events(range(100, 20_000), step_us=1)], cursor=19_999)
except StorageFullError as problem:
    print(problem.words.zh)
assert lake.cursor == 99
assert {str(p) for p in lake.root.glob("events/*/*")} == {str(p) for p in lake.parts()}
resource.setrlimit(resource.RLIMIT_FSIZE, (free, free))
assert lake.append([events(range(100, 20_000), step_us=1)], cursor=19_999) == 19_900
assert len(content(lake)) == 19_999
"""


def test_nothing_is_lost_and_it_goes_on_with_room(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "src:.", "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "磁盘空间不足" in done.stdout
