"""The program itself: help, mistakes, languages, how it ends."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tenure.cli.errors import EXIT_STOPPED, redacted, redacted_arguments, run_guarded
from tenure.cli.everywhere import value_of
from tenure.cli.language import choose_language, language
from tenure.cli.registry import ENTRIES
from tenure.words import TenureError, Words
from tests.cli.terminal import ROOT, python, run, start


def test_help_lists_every_word_in_the_readers_language() -> None:
    chinese = run("--help", "--language", "zh").output
    english = run("--help", "--language=en").output
    assert all(word in chinese and word in english for word in ENTRIES)
    assert "各阶段的客户数" in chinese
    assert "How many customers per stage" in english


def test_no_word_is_a_question_for_help() -> None:
    alone = run(TENURE_LANGUAGE="en")
    assert alone.exit_code == 0
    assert alone.stdout.startswith("Usage: tenure")


def test_help_needs_neither_django_nor_an_engine() -> None:
    program = (
        "import sys\nfrom tenure.cli.main import tenure\n"
        "try: tenure.main(['--help'], prog_name='tenure')\n"
        "except SystemExit: pass\n"
        "heavy = {'django', 'ibis', 'duckdb', 'pyarrow', 'numpy', 'yaml'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = python("-c", program)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("stagse", "stages"), ("custmer", "customer"), ("definition", "definitions")],
)
def test_an_unknown_word_names_the_nearest(typed: str, nearest: str) -> None:
    result = run(typed, TENURE_LANGUAGE="en")
    assert result.exit_code == 2
    assert f"Did you mean {nearest}?" in result.output


def test_an_unknown_option_is_explained_in_chinese() -> None:
    result = run("--langage", "zh", TENURE_LANGUAGE="zh")
    assert result.exit_code == 2
    assert "没有选项 --langage，是不是 --language？" in result.output


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["--language", "en"], {"TENURE_LANGUAGE": "zh"}, "en"),
        (["stages", "--language=zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        ([], {"TENURE_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "C"}, "zh"),
        (["--", "--language", "en"], {}, "zh"),
    ],
)
def test_the_language_is_chosen(
    arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    choose_language(value_of("--language", arguments), environment)
    assert language() == expected


def _ends(failure: BaseException) -> int:
    def fail() -> None:
        raise failure

    with pytest.raises(SystemExit) as ended:
        run_guarded(fail, ["customer", "13800001111", "--reveal"])
    assert isinstance(ended.value.code, int)
    return ended.value.code


class _MendableError(TenureError):
    exit_code = 3


def test_a_mendable_error_is_told_without_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    choose_language("zh")
    assert _ends(_MendableError(Words(zh="换个文件", en="Use another file"))) == 3
    assert capsys.readouterr().err == "换个文件\n"


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), click.Abort(), EOFError()])
def test_stopping_is_clean(failure: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    choose_language("en")
    assert _ends(failure) == 130
    assert capsys.readouterr().err == "Stopped\n"


def test_a_fault_leaves_a_report_without_personal_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TENURE_HOME", str(tmp_path / "home"))
    choose_language("en")
    assert _ends(RuntimeError("no row for 13800001111 of li@example.com, 李雷")) == 70
    report = next((tmp_path / "home" / "reports").glob("fault-*.txt"))
    text = report.read_text(encoding="utf-8")
    assert str(report) in capsys.readouterr().err
    assert "builtins.RuntimeError: no row for … of … …" in text
    assert "words: customer … --reveal" in text
    assert "1380" not in text


def test_what_could_be_someones_is_masked() -> None:
    text = "UNIQUE failed: Key (phone)=('138 0000 1111'), 王芳 <fang@x.cn>"
    assert redacted(text) == "UNIQUE failed: Key …=…, … …"
    assert redacted_arguments(["merge", "a", "--reason=王芳"]) == ["merge", "…", "--reason"]


def test_a_closed_pipe_is_quiet() -> None:
    program = f"{sys.executable} -m tenure.cli --help | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT,
    )
    assert done.returncode in {0, 141}
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        ("definitions dif", "没有“dif”这个命令，是不是 diff？", "Did you mean diff?"),
        ("demo --customers 3", "应是 20 到 200000 的整数", "a whole number from 20 to 200000"),
        ("demo --industry x", "只能是 ecommerce、", "must be one of ecommerce, "),
        ("demo --until 1.5.24", "应是 2024-05-01 这样的日期", "must be a date like 2024-05-01"),
        ("stages extra words", "多余的参数：extra words", "Too many arguments: extra words"),
        ("flows --from", "选项 --from 需要一个值", "Option --from needs a value"),
        ("customer", "缺少 ID", "Missing ID"),
        ("imports resume --limt 3", "没有选项 --limt", "There is no option --limt."),
    ],
)
def test_mistakes_are_told_in_the_readers_language(words: str, chinese: str, english: str) -> None:
    for wanted, told in (("zh", chinese), ("en", english)):
        result = run(*words.split(), TENURE_LANGUAGE=wanted)
        assert result.exit_code == 2
        assert told in result.output


class OperationalError(Exception):
    """Named as database drivers name theirs."""


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (OperationalError("database or disk is full"), "The disk is full"),
        (OperationalError("database is locked"), "The database is busy"),
        (OperationalError("connection refused"), "Cannot reach the database"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "No permission"),
    ],
)
def test_failures_of_the_machine_are_no_faults(
    failure: Exception, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    choose_language("en")
    assert _ends(failure) == 2
    assert told in capsys.readouterr().err


def test_a_data_directory_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = start("stages", home=tmp_path / "file" / "home")
    assert refused.returncode == 2
    assert "Cannot use the data directory" in refused.stderr


@pytest.mark.parametrize(
    "setting",
    [("TENURE_TIME_ZONE", "Mars/Base"), ("TENURE_BASE_CURRENCY", "?"), ("DATABASE_URL", "odd://x")],
)
def test_a_setting_that_means_nothing_is_told(setting: tuple[str, str], tmp_path: Path) -> None:
    name, value = setting
    done = python("-m", "tenure.cli", "stages", home=tmp_path / "home", **{name: value})
    assert done.returncode == 2
    assert name in done.stderr


def test_an_error_that_follows_ctrl_c_is_a_stop_and_no_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt as stop:
            raise OSError("the other process went away") from stop

    before = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(SystemExit) as ended:
            run_guarded(work, [])
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended.value.code == EXIT_STOPPED
    assert "fault" not in capsys.readouterr().err
