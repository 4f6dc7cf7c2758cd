"""The words ``up`` and ``worker``: Tenure as its users have it, in one command."""

from __future__ import annotations

import click

from tenure.cli.help import command, option
from tenure.cli.house import open_house
from tenure.cli.pages import FIRST_PORT, WORKER, open_pages
from tenure.cli.processes import Process, run_side_by_side
from tenure.words import Words

LOOPBACK = "127.0.0.1"


@command(
    "up",
    words=Words(
        zh="打开网页：网页与后台进程一起运行，按 Ctrl-C 停止\n\n"
        "还没有人登录过时，给出管理员的一次性登录链接。\n"
        "对外提供服务时，请放在带 TLS 的反向代理之后，并设置 TENURE_HOSTS 与 TENURE_HTTPS=1。",
        en="Open the pages: web server and worker together; Ctrl-C stops\n\n"
        "While nobody has logged in it gives the administrator a login link to be used once.\n"
        "To serve others put it behind a proxy with TLS, and set TENURE_HOSTS and TENURE_HTTPS=1.",
    ),
    examples=("tenure up", "tenure up --host 0.0.0.0 --port 8080 --workers 4"),
)
@option(
    "--host",
    default=LOOPBACK,
    show_default=True,
    words=Words(zh="监听的地址", en="Address to listen at"),
)
@option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=FIRST_PORT,
    show_default=True,
    words=Words(zh="端口", en="Port"),
)
@option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    words=Words(zh="网页进程数", en="Processes that answer requests"),
)
@option(
    "--login",
    is_flag=True,
    words=Words(zh="再给一个管理员登录链接", en="Give the administrator a login link again"),
)
def up(*, host: str, port: int, workers: int, login: bool) -> None:
    """Serve."""
    open_pages(open_house(), host=host, port=port, workers=workers, login=login)


@command(
    "worker",
    words=Words(
        zh="只运行后台进程（up 已包含它；多台机器时另开）",
        en="Only the background work (up does it too; for more machines)",
    ),
)
def worker() -> None:
    """Work."""
    open_house()
    run_side_by_side([Process(WORKER, "tenure.config.worker", vital=True)], when_started=_quietly)


def _quietly(look: object) -> None:
    """There is nothing to wait for."""
