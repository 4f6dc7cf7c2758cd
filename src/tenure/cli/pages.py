"""Opening the pages: a free port, the processes behind them, and who may log in first."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection

import click

from tenure.cli import screen
from tenure.cli.everywhere import program
from tenure.cli.house import House
from tenure.cli.language import language, say
from tenure.cli.processes import Process, run_side_by_side
from tenure.clock import now
from tenure.words import TenureError, Words

FIRST_PORT = 8000
_TRIED_PORTS = 50
_START_SECONDS = 90.0
_FIRST_ADDRESS = "administrator@localhost.localdomain"
_FIRST_NAME = Words(zh="管理员", en="Administrator")
"""What the first account is called until its owner says otherwise."""

WORKER = Words(zh="后台进程", en="The worker")
_WEB = Words(zh="网页进程", en="The web server")


class PagesError(TenureError):
    """The pages cannot be served here."""


def open_pages(
    house: House, *, host: str, port: int, workers: int = 1, login: bool = False
) -> None:
    """Serve the pages, do background work, and say where they are, until told to stop.

    Args:
        house: whose pages.
        host: address or name to listen at.
        port: TCP port.
        workers: processes that answer requests.
        login: make a login link even where somebody has logged in before; where the pages are
            being served already, that is all there is to do.

    Raises:
        PagesError: the address is taken or not of this machine, or the pages' files are missing.
        ProcessError: the web server ended by itself.
    """
    _check_files()
    if login and _answers(_shown(host), port):
        _tell_login(house, _address(host, port), again=True)
        return
    check_free(host, port)
    web = Process(_WEB, "tenure.config.serving", (host, str(port), str(workers)), vital=True)
    worker = Process(WORKER, "tenure.config.worker")

    def tell(look: Callable[[], None]) -> None:
        _wait_until_ready(host, port, look)
        _tell(house, _address(host, port), login=login)

    run_side_by_side([web, worker], when_started=tell)
    screen.note(Words(zh="已停止", en="Stopped"))


def check_free(host: str, port: int) -> None:
    """That the pages can be served there.

    Raises:
        PagesError: they cannot; says why.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as failure:
        raise PagesError(_why_not(host, port, failure)) from failure


def free_port(host: str) -> int:
    """The first free port from 8000 on.

    Raises:
        PagesError: none is.
    """
    for port in range(FIRST_PORT, FIRST_PORT + _TRIED_PORTS):
        try:
            check_free(host, port)
        except PagesError:
            continue
        return port
    check_free(host, FIRST_PORT)
    return FIRST_PORT


def _why_not(host: str, port: int, failure: OSError) -> Words:
    if failure.errno == errno.EADDRINUSE:
        return Words(
            zh=f"端口 {port} 已被占用。请停掉占用它的程序，或用 --port 换一个",
            en=f"Port {port} is in use. Stop what uses it, or choose another with --port",
        )
    if failure.errno == errno.EACCES:
        return Words(
            zh=f"没有权限使用端口 {port}。请用 --port 换一个 1024 以上的端口",
            en=f"Port {port} may not be used by you. Choose one above 1024 with --port",
        )
    return Words(
        zh=f"无法在 {host}:{port} 提供网页（{failure.strerror or failure}）。"
        "请用 --host 写本机的地址，例如 127.0.0.1 或 0.0.0.0",
        en=f"Cannot serve at {host}:{port} ({failure.strerror or failure}). "
        "Give an address of this machine with --host, such as 127.0.0.1 or 0.0.0.0",
    )


def _check_files() -> None:
    from django.conf import settings

    if not settings.STATICFILES_DIRS:
        raise PagesError(
            Words(
                zh="缺少网页所需的文件。请用 ./tenure up 启动，或先运行 python hatch_build.py",
                en="The files of the pages are missing. "
                "Start with ./tenure up, or run python hatch_build.py first",
            )
        )


def _shown(host: str) -> str:
    """The host by which this machine reaches itself."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound here


def _address(host: str, port: int) -> str:
    shown = _shown(host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _answers(host: str, port: int) -> bool:
    """Whether something is said there, be it a redirect to https."""
    asked = HTTPConnection(host, port, timeout=2)
    try:
        asked.request("GET", "/healthz")
        asked.getresponse()
    except OSError:
        return False
    finally:
        asked.close()
    return True


def _wait_until_ready(host: str, port: int, look: Callable[[], None]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        look()
        if _answers(_shown(host), port):
            return
        time.sleep(0.1)
    raise PagesError(
        Words(
            zh=f"网页进程在 {_START_SECONDS:.0f} 秒内没有应答",
            en=f"The web server did not answer within {_START_SECONDS:.0f} seconds",
        )
    )


def _tell(house: House, address: str, *, login: bool) -> None:
    screen.line()
    screen.line(
        Words(zh=f"网页已打开：{address}", en=f"The pages are open: {address}"), style="bold"
    )
    if not _tell_login(house, address, again=login):
        word = f"{program()} up --login"
        screen.line(
            Words(
                zh=f"进不去？{word} 再给一个登录链接", en=f"Locked out? {word} gives a login link"
            ),
            style="dim",
        )
    screen.line(Words(zh="按 Ctrl-C 停止", en="Ctrl-C stops"), style="dim")


def _tell_login(house: House, address: str, *, again: bool) -> bool:
    """Print a login link where there is one to give; whether there was."""
    path = first_login(house, again=again)
    if path:
        screen.line(
            Words(
                zh="管理员一次性登录（15 分钟内有效，只能用一次）：",
                en="Administrator's login, once and within 15 minutes:",
            )
        )
        click.echo(f"  {address}{path}")  # an address is never broken into lines
    return bool(path)


def first_login(house: House, *, again: bool = False) -> str:
    """The path of a login link while nobody has ever logged in, or ``again``; else empty."""
    from django.urls import reverse

    from tenure.guard.access.operations import ensure_administrator, one_time_login
    from tenure.guard.access.queries import people

    at = now()  # by the clock, whatever day the demo's data ends on
    known = people(viewer=house.by).people
    if not again and any(person.last_login_at for person in known):
        return ""
    number = ensure_administrator(
        email=_FIRST_ADDRESS, name=say(_FIRST_NAME), language=language(), by=house.by, at=at
    )
    token = one_time_login(account_id=number, by=house.by, at=at)
    return reverse("accounts:enter", args=[token])
