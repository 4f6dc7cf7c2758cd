"""How the program ends: exit codes, messages in the reader's language, reports of our own faults.

Exit codes: 0 done · 1 checks failed or rows refused · 2 the user can mend it · 70 a fault of
Tenure's · 130 stopped by Ctrl-C · 141 the reader of our output went away.
"""

from __future__ import annotations

import os
import platform
import re
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from tenure.cli.failures import mendable_words, usage_words
from tenure.cli.language import say
from tenure.clock import now
from tenure.home import Home
from tenure.words import TenureError, Words

EXIT_MENDABLE = 2
EXIT_FAULT = 70
EXIT_STOPPED = 130
EXIT_BROKEN_PIPE = 141

_STOPPED = Words(zh="已停止", en="Stopped")

# Whatever could be someone's: quoted values, addresses, longer runs of digits, Chinese text.
_PERSONAL = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)|\S+@\S+|[+\d][\d \-]{4,}\d|[\u3400-\u9fff]+")
# Errors whose messages name code, never data.
_ABOUT_CODE = (ImportError, AttributeError, NameError)


def run_guarded(run: Callable[[], object], arguments: Sequence[str]) -> NoReturn:
    """Call ``run`` and exit: with its integer answer as the code, or with a plain message."""
    stopped = _watch_for_ctrl_c()
    try:
        code = run()
        sys.stdout.flush()
    except TenureError as error:
        _fail(say(error.words), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        sys.exit(0)
    except click.ClickException as error:
        _fail(_usage_text(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt, EOFError):
        _fail(say(_STOPPED), EXIT_STOPPED)
    except BrokenPipeError:
        _silence_stdout()
        sys.exit(EXIT_BROKEN_PIPE)
    except Exception as error:  # noqa: BLE001 - the last door: everything becomes a message and a report
        if stopped():  # a library, or a process of ours, answered Ctrl-C with an error of its own
            _fail(say(_STOPPED), EXIT_STOPPED)
        mendable = mendable_words(error)
        if mendable is not None:
            _fail(say(mendable), EXIT_MENDABLE)
        _fail(say(_fault_words(error, arguments)), EXIT_FAULT)
    sys.exit(code if isinstance(code, int) else 0)


def _watch_for_ctrl_c() -> Callable[[], bool]:
    """From now on remember Ctrl-C; the answer tells whether it was pressed."""
    pressed: list[int] = []

    def remember(number: int, frame: FrameType | None) -> NoReturn:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, remember)
    return lambda: bool(pressed)


def _fail(text: str, code: int) -> NoReturn:
    if text:
        click.echo(text, err=True)
    sys.exit(code)


def _silence_stdout() -> None:
    """Keep the interpreter from complaining about the closed pipe when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage_text(error: click.ClickException) -> str:
    """What is wrong with the arguments, and where their help is."""
    text = say(usage_words(error))
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return text
    path = error.ctx.command_path
    hint = Words(zh=f"说明见 {path} --help", en=f"See {path} --help")
    return f"{text}\n{say(hint)}"


def _fault_words(error: Exception, arguments: Sequence[str]) -> Words:
    try:
        path = str(_write_report(error, arguments))
    except OSError as failure:
        path = f"({failure})"
    return Words(
        zh=f"Tenure 内部出错（{type(error).__name__}），已记录的数据没有丢失。"
        f"报告（不含个人信息）：{path}",
        en=f"Tenure failed ({type(error).__name__}); nothing recorded was lost. "
        f"Report (without personal data): {path}",
    )


def _write_report(error: Exception, arguments: Sequence[str]) -> Path:
    moment = now()
    name = f"fault-{moment:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    lines = [
        f"at: {moment.isoformat()}",
        f"python: {platform.python_version()} on {platform.system()}",
        f"words: {' '.join(redacted_arguments(arguments))}",
        "",
        *_trace(error),
    ]
    try:
        folder = Home.from_environment().ensure().reports
    except OSError:
        folder = Path(tempfile.gettempdir())
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def redacted_arguments(arguments: Sequence[str]) -> list[str]:
    """The known words and option names among ``arguments``; every value becomes ``…``."""
    from tenure.cli.registry import ENTRIES

    return [
        argument.partition("=")[0] if argument.startswith("--") or argument in ENTRIES else "…"
        for argument in arguments
    ]


def _trace(error: BaseException) -> list[str]:
    """Frames without values, and messages with everything masked that could be someone's."""
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        told = str(cause) if isinstance(cause, _ABOUT_CODE) else redacted(str(cause))
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}: {told}")
        lines.extend(
            f"  {frame.filename}:{frame.lineno} {frame.name}: {frame.line}"
            for frame in traceback.extract_tb(cause.__traceback__)
        )
        cause = cause.__cause__ or cause.__context__
    return lines


def redacted(text: str) -> str:
    """``text`` without values that could be personal."""
    return _PERSONAL.sub("…", text)
