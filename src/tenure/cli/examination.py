"""Looking an installation over: every finding with the way to mend it."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from tenure.cli.failures import mendable_words
from tenure.home import Home
from tenure.words import TenureError, Words

_LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        level: good, warning (works, but look at it) or bad (will not work).
        what: what was found.
        mend: how to mend it; empty where it is good.
    """

    level: Literal["good", "warning", "bad"]
    what: Words
    mend: Words | None = None


def examine(home: Home) -> Iterator[Finding]:
    """Every finding about the installation at ``home``, in the order one would mend them."""
    yield from _examine_machine(home)
    yield from _examine_permissions(home)
    if not home.root.exists():
        return
    settings = list(_guarded(_examine_settings))
    yield from settings
    if any(finding.level == "bad" for finding in settings):
        return
    database = list(_guarded(_examine_database))
    yield from database
    if all(finding.level != "bad" for finding in database):
        yield from _guarded(_examine_log)
        yield from _guarded(lambda: _examine_lake(home))


def _guarded(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of ``look``; whatever it stumbles over is a finding too."""
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 - a doctor reports every failure, it never fails
        text = f"{type(error).__name__}: {error}"
        failed = Words(zh=f"检查时出错：{text}", en=f"the check itself failed: {text}")
        known = error.words if isinstance(error, TenureError) else mendable_words(error)
        yield Finding(
            "bad",
            known or failed,
            Words(zh="按提示修复后再次运行", en="mend what it says and run this again"),
        )


def _examine_machine(home: Home) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("good", Words(zh=f"Python {version} 可用", en=f"Python {version}"))
    folder = home.root if home.root.exists() else home.root.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = Words(
        zh=f"{folder} 可用空间 {free / 1e9:,.1f} GB", en=f"{free / 1e9:,.1f} GB free at {folder}"
    )
    if free >= _LEAST_FREE_BYTES:
        yield Finding("good", words)
    else:
        yield Finding("bad", words, Words(zh="请腾出至少 1 GB", en="free at least 1 GB"))


def _examine_permissions(home: Home) -> Iterator[Finding]:
    if not home.root.exists():
        yield Finding(
            "warning",
            Words(zh=f"数据目录 {home.root} 还不存在", en=f"there is no data at {home.root} yet"),
            Words(zh="运行 tenure demo 或 tenure import", en="run tenure demo or tenure import"),
        )
        return
    open_paths = [
        path
        for path in [home.secrets, *home.secrets.glob("*")]
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    for path in open_paths:
        yield Finding(
            "bad",
            Words(zh=f"其他用户可以读取密钥 {path}", en=f"others may read the secret {path}"),
            Words(zh=f"运行 chmod go-rwx {path}", en=f"run chmod go-rwx {path}"),
        )
    if not open_paths:
        yield Finding(
            "good", Words(zh="密钥只有本人可读", en="secrets are readable by their owner only")
        )


def _examine_settings() -> Iterator[Finding]:
    from tenure.cli.house import open_house

    open_house()
    from tenure.record.events.queries import basis

    zone, currency = basis().zone_name, basis().currency
    yield Finding(
        "good", Words(zh=f"时区 {zone}，本位币 {currency}", en=f"zone {zone}, currency {currency}")
    )


def _examine_database() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding(
            "bad",
            Words(
                zh=f"有 {len(waiting)} 个数据库迁移没有执行",
                en=f"{len(waiting)} migrations of the database are not applied",
            ),
            Words(zh="运行任意命令（如 tenure stages）", en="run any word, such as tenure stages"),
        )
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            verdict = cursor.fetchone()[0]
        if verdict != "ok":
            yield Finding(
                "bad",
                Words(zh=f"数据库文件损坏：{verdict}", en=f"the database is damaged: {verdict}"),
                Words(
                    zh="用 tenure restore 恢复最近的备份",
                    en="restore the latest backup with tenure restore",
                ),
            )
            return
    yield Finding(
        "good",
        Words(
            zh=f"数据库（{connection.vendor}）正常",
            en=f"the database ({connection.vendor}) is sound",
        ),
    )


def _examine_log() -> Iterator[Finding]:
    from tenure.record.events.queries import dead_letter_count, event_count
    from tenure.record.library.queries import current_library
    from tenure.record.vault.queries.keyring import keyring

    keyring().seal("a sample")
    library, _ = current_library()
    events, lifecycles = event_count(), len(library.lifecycles)
    yield Finding(
        "good" if events and lifecycles else "warning",
        Words(
            zh=f"日志有 {events:,} 个事件，已发布 {lifecycles} 个生命周期",
            en=f"{events:,} events in the log, {lifecycles} lifecycles published",
        ),
        None
        if events and lifecycles
        else Words(
            zh="用 tenure definitions apply 发布行业包，用 tenure import 载入事件",
            en="publish a pack with tenure definitions apply, load events with tenure import",
        ),
    )
    waiting = dead_letter_count()
    if waiting:
        yield Finding(
            "warning",
            Words(
                zh=f"有 {waiting:,} 个被拒事件等待修正",
                en=f"{waiting:,} refused events wait to be mended",
            ),
            Words(zh="运行 tenure dead-letters list", en="run tenure dead-letters list"),
        )


def _examine_lake(home: Home) -> Iterator[Finding]:
    from tenure.engine.lake import Lake
    from tenure.record.events.queries import last_event_id

    lake = Lake(home.lake)
    absent = [path for path in lake.parts() if not path.exists()]
    behind = last_event_id() - lake.cursor
    if absent:
        yield Finding(
            "bad",
            Words(
                zh=f"数据湖缺少 {len(absent)} 个文件，例如 {absent[0]}",
                en=f"{len(absent)} files of the lake are missing, such as {absent[0]}",
            ),
            Words(zh="运行 tenure rebuild", en="run tenure rebuild"),
        )
    elif behind > 0:
        yield Finding(
            "warning",
            Words(
                zh=f"还有 {behind:,} 个事件没有计算",
                en=f"{behind:,} events are not derived from yet",
            ),
            Words(zh="运行 tenure tick", en="run tenure tick"),
        )
    else:
        yield Finding("good", Words(zh="数据湖完整、最新", en="the lake is whole and up to date"))
