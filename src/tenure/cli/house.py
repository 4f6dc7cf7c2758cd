"""Opening the house: data directory, Django, migrations, and the definitions every house has."""

from __future__ import annotations

import atexit
import fcntl
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenure.actor import SYSTEM, Actor, terminal_user
from tenure.cli import screen
from tenure.clock import now
from tenure.home import Home
from tenure.money import CURRENCIES
from tenure.words import TenureError, Words

FIRST_PACK = "core"


@dataclass(frozen=True, slots=True)
class House:
    """An opened installation, as a word of the terminal uses it.

    Attributes:
        home: the data directory.
        at: the moment the word was given, aware UTC; what "now" means to it.
        by: the person at the terminal.
        zone: the organisation's time zone.
        currency: its base currency, ISO 4217.
    """

    home: Home
    at: datetime
    by: Actor
    zone: ZoneInfo
    currency: str


class HomeError(TenureError):
    """The data directory cannot be created or written."""


class SettingError(TenureError):
    """A variable of the environment says something that means nothing."""


def open_house(*, at: datetime | None = None) -> House:
    """Set up Django, bring the database up to date and return the house.

    Args:
        at: the moment to act at; the clock's where it is not given.

    Raises:
        HomeError: the data directory cannot be made.
        SettingError: a setting of the environment means nothing.
    """
    home = _ensure(Home.from_environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenure.config.settings")
    import django
    from django.conf import settings

    django.setup()
    _check_zone(settings.TENURE_ZONE)
    _check_currency(settings.TENURE_BASE_CURRENCY)
    moment = at or now()
    with _one_at_a_time(home):
        _migrate_if_needed()
        _publish_first_pack(moment)
    from tenure.record.events.queries import basis

    kept_in = basis()
    _tell_ignored(TENURE_BASE_CURRENCY=kept_in.currency, TENURE_TIME_ZONE=kept_in.zone_name)
    login = terminal_user(getpass.getuser())
    return House(home, moment, login, kept_in.zone, kept_in.currency)


def open_trial_house() -> House:
    """The house for a word that records nothing.

    Where there is none yet it is a temporary one, removed when the program ends, so that a
    trial leaves nothing behind.
    """
    if not (Home.from_environment().database.exists() or os.environ.get("DATABASE_URL")):
        folder = TemporaryDirectory(prefix="tenure-trial-", ignore_cleanup_errors=True)
        atexit.register(folder.cleanup)
        os.environ["TENURE_HOME"] = folder.name
    return open_house()


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as failure:
        raise SettingError(
            Words(
                zh=f"没有时区 {name}。把 TENURE_TIME_ZONE 设为 Asia/Shanghai 之类的名称",
                en=f"There is no time zone {name}. "
                "Set TENURE_TIME_ZONE to a name such as Asia/Shanghai",
            )
        ) from failure


def _tell_ignored(**kept: str) -> None:
    """The environment says how a house begins; say where the house is kept otherwise by now."""
    for name, value in kept.items():
        wanted = os.environ.get(name, "")
        if wanted and wanted != value and wanted.upper() != value:
            screen.note(
                Words(
                    zh=f"{name}={wanted} 未采用：这里已按 {value} 记账（设置 › 组织）",
                    en=f"{name}={wanted} is not used: this house is kept in {value} "
                    "(Settings › Organisation)",
                )
            )


def _check_currency(code: str) -> None:
    if code not in CURRENCIES:
        raise SettingError(
            Words(
                zh=f"{code} 不是货币代码。把 TENURE_BASE_CURRENCY 设为 CNY 之类的三个字母",
                en=f"{code} is not a currency. "
                "Set TENURE_BASE_CURRENCY to three letters such as CNY",
            )
        )


def _ensure(home: Home) -> Home:
    try:
        return home.ensure()
    except OSError as failure:
        raise HomeError(
            Words(
                zh=f"无法使用数据目录 {home.root}（{failure.strerror}）。"
                "请检查权限与磁盘空间，或用 TENURE_HOME 换一个目录",
                en=f"Cannot use the data directory {home.root} ({failure.strerror}). "
                "Check its permissions and free space, or name another one in TENURE_HOME",
            )
        ) from failure


@contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    """Two programs started at once must not both migrate."""
    with (home.root / ".opening").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate_if_needed() -> None:
    """Compare the names of migration files with the applied ones: one query, no imports."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection

    wanted = {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in Path(app.path, "migrations").glob("[0-9]*.py")
    }
    applied: set[tuple[str, str]] = set()
    if "django_migrations" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = {(app, name) for app, name in cursor.fetchall()}
    if wanted - applied:
        call_command("migrate", verbosity=0, interactive=False)


def _publish_first_pack(at: datetime) -> None:
    from tenure.definitions import load_pack
    from tenure.record.library.operations import publish
    from tenure.record.library.queries import versions

    if not versions("pack", FIRST_PACK):
        publish(load_pack(FIRST_PACK), note="首次启动 / First start", by=SYSTEM, at=at)
