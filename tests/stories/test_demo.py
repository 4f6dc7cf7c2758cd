"""A newcomer's first quarter of an hour: the demo, then every word of the terminal on it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.cli.terminal import Answer, begin, start, visit

pytestmark = pytest.mark.slow

UNTIL = "2026-05-31"
SMALL = ("--customers", "120", "--years", "2", "--until", UNTIL)
LIFECYCLE = "ecommerce_five_periods"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo company, made once by the program itself."""
    folder = tmp_path_factory.mktemp("story") / "demo"
    made = demo(folder)
    assert made.returncode == 0, made.stderr
    return folder


def demo(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return start("demo", "--home", str(folder), *SMALL, *more)


def members(home: Path) -> list[str]:
    """Member numbers that belong to one person alone, from the known truth."""
    truth: dict[str, Any] = msgspec.json.decode((home / "company" / "truth.json").read_bytes())
    alone = [key for key, people in truth["owner"].items() if len(people) == 1]
    return [key.partition(":")[2] for key in alone if key.startswith("member_no:")]


QUESTIONS = {
    "board": f"stages --as-of {UNTIL} --json",
    "six_stages": f"stages --as-of {UNTIL} --lifecycle six_stages --json",
    "flows": f"flows --from 2026-01-01 --to {UNTIL} --json",
    "now_known": "stages --as-of 2025-12-31 --json",
    "then_known": "stages --as-of 2025-12-31 --known-at 2025-12-31 --json",
    "cohorts": f"conversion potential new --as-of {UNTIL} --json",
    "curves": f"time-in-stage --as-of {UNTIL} --json",
    "paths": f"paths --as-of {UNTIL} --limit 3 --json",
    "shown_board": f"stages --as-of {UNTIL} --language zh",
    "shown_flows": f"flows --from 2026-01-01 --to {UNTIL} --language zh",
    "shown_cohorts": f"conversion potential new --as-of {UNTIL}",
    "shown_curves": f"time-in-stage --as-of {UNTIL}",
    "shown_paths": f"paths --as-of {UNTIL}",
    "nobody": "customer nobody",
}


@pytest.fixture(scope="module")
def answers(home: Path) -> dict[str, Answer]:
    """What the reading words answer."""
    return dict(zip(QUESTIONS, visit(home, *QUESTIONS.values()), strict=True))


def heads(board: Any) -> int:
    return sum(stage["heads"] for stage in board["stages"])


def test_the_demo_tells_the_whole_story_and_twice_is_harmless(
    home: Path, answers: dict[str, Answer]
) -> None:
    again = demo(home, "--language", "zh")
    assert again.returncode == 0
    for told in ("截至", "如果什么都不发生", "模拟中的真相", "身份", "接着试试"):
        assert told in again.stdout
    assert visit(home, QUESTIONS["board"])[0].data == answers["board"].data


def test_a_demo_that_was_stopped_goes_on(tmp_path: Path, answers: dict[str, Answer]) -> None:
    folder = tmp_path / "demo"
    begun = begin("demo", "--home", str(folder), *SMALL)
    while not (folder / "company" / "daily.jsonl").exists():
        time.sleep(0.05)
        assert begun.poll() is None
    time.sleep(1.0)
    begun.send_signal(signal.SIGINT)
    assert begun.wait(30) == 130
    assert demo(folder).returncode == 0
    board = visit(folder, QUESTIONS["board"])[0].data
    assert board["stages"] == answers["board"].data["stages"]


def test_a_second_company_is_not_poured_in(home: Path) -> None:
    refused = demo(home, "--industry", "b2b")
    assert refused.returncode == 2
    assert "--fresh" in refused.stderr


def test_somebodys_data_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = demo(tmp_path)
    assert refused.returncode == 2
    assert "--home" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    elsewhere = start("demo", "--home", str(tmp_path / "x"), DATABASE_URL="postgresql://x/x")
    assert elsewhere.returncode == 2
    assert "DATABASE_URL" in elsewhere.stderr


def test_the_board_counts_everybody_once(answers: dict[str, Answer]) -> None:
    board = answers["board"].data
    assert board["lifecycle"] == LIFECYCLE
    assert 100 <= heads(board) <= 125
    assert heads(answers["six_stages"].data) == heads(board)


def test_flows_add_up(answers: dict[str, Answer]) -> None:
    accounts = answers["flows"].data["accounts"]
    for account in accounts:
        assert account["opening"] + account["entered"] - account["left"] == account["closing"]
    board = answers["board"].data
    assert [row["closing"] for row in accounts] == [row["heads"] for row in board["stages"]]


def test_what_was_known_is_less_than_what_is_known(answers: dict[str, Answer]) -> None:
    assert 0 < heads(answers["then_known"].data) <= heads(answers["now_known"].data)


def test_conversion_time_in_stage_and_paths(answers: dict[str, Answer]) -> None:
    cohorts = answers["cohorts"].data
    assert all(row["converted"] <= row["observed"] <= row["customers"] for row in cohorts)
    staying = answers["curves"].data["lost"]["staying"]
    assert 0 <= staying["365"] <= staying["30"] <= 1
    customers = [path["customers"] for path in answers["paths"].data]
    assert len(customers) == 3
    assert customers == sorted(customers, reverse=True)


@pytest.mark.parametrize("question", [name for name in QUESTIONS if name.startswith("shown_")])
def test_people_get_tables(question: str, answers: dict[str, Answer]) -> None:
    answer = answers[question]
    assert (answer.code, answer.err) == (0, "")
    assert "───" in answer.out


def test_an_unknown_customer_is_told_kindly(answers: dict[str, Answer]) -> None:
    assert answers["nobody"].code == 2
    assert "No customer is known by “nobody”" in answers["nobody"].err


def test_a_customer_by_any_identifier(home: Path) -> None:
    member = members(home)[0]
    masked, plain, shown = visit(
        home,
        f"customer {member} --as-of {UNTIL} --json",
        f"customer {member} --as-of {UNTIL} --reveal --json",
        f"customer {member} --language zh --all",
    )
    kinds = {one["type"]: one for one in masked.data["identifiers"]}
    assert kinds["member_no"]["value"] == member
    assert all(one["value"] is None for one in kinds.values() if one["personal"])
    assert all(one["value"] for one in plain.data["identifiers"])
    assert masked.data["lifecycles"][0]["history"][0]["kind"] == "start"
    assert "如果什么都不发生" in shown.out
    number = masked.data["customer_id"]
    assert visit(home, f"customer {number} --json")[0].data["customer_id"] == number


@pytest.fixture
def own(home: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(home, tmp_path / "own"))


def test_pinned_and_freed(own: Path) -> None:
    member = members(own)[0]
    free = visit(own, f"customer {member} --json")[0].data["lifecycles"][0]["history"][-1]
    other = "mature" if free["stage"] != "mature" else "lost"
    pinned, held, freed, loose, wrong = visit(
        own,
        f"pin {member} {other} --reason friend~of~the~founder",
        f"customer {member} --json",
        f"unpin {member} --reason mistake",
        f"customer {member} --json",
        f"pin {member} matrue --reason x",
    )
    assert (pinned.code, freed.code) == (0, 0), pinned.err + freed.err
    now = held.data["lifecycles"][0]["history"][-1]
    assert (now["stage"], now["kind"]) == (other, "pin")
    assert loose.data["lifecycles"][0]["history"][-1]["stage"] == free["stage"]
    assert wrong.code == 2
    assert "mature" in wrong.err


def test_merged_and_taken_apart(own: Path) -> None:
    one, *_, other = members(own)
    merged, again, apart = visit(
        own,
        f"merge {one} {other} --reason same~person --json",
        f"merge {one} {other} --reason same~person --json",
        f"unmerge {one} {other} --reason they~are~not --json",
    )
    assert len(merged.data["customers"]) == 1
    assert again.code == 2
    assert len(apart.data["customers"]) == 2


def test_upkeep_changes_nothing_that_is_seen(own: Path) -> None:
    board = QUESTIONS["board"]
    before, tick, compact, vault, rebuild, after = visit(
        own, board, "tick --json", "compact --json", "vault rotate --json", "rebuild --json", board
    )
    assert tick.data["events"] == 0
    assert compact.data["intervals"] > 0
    assert vault.data["generation"] == 2
    assert len(rebuild.data["computed"]) >= 16
    assert after.data["stages"] == before.data["stages"]


def test_an_empty_house_teaches(tmp_path: Path) -> None:
    [empty] = visit(tmp_path / "home", "stages --language zh")
    assert empty.code == 0
    assert "还没有事件。用 tenure import 文件 载入，或 tenure demo 看示例。" in empty.err
