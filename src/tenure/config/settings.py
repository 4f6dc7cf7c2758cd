"""All settings, from the environment. Nothing else in Tenure reads the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tenure.home import Home
from tenure.words import TenureError, Words

HOME = Home.from_environment()
TENURE_HOME: Path = HOME.root
# Recording needs these two for every amount and every local date.
TENURE_BASE_CURRENCY = os.environ.get("TENURE_BASE_CURRENCY", "CNY").upper()
TENURE_ZONE = os.environ.get("TENURE_TIME_ZONE", "Asia/Shanghai")

SECRET_KEY = HOME.secret("django-secret-key")
DEBUG = False
ALLOWED_HOSTS: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "tenure.record.vault",
    "tenure.record.library",
    "tenure.record.events",
    "tenure.record.imports",
    "tenure.derive.customers",
    "tenure.derive.lifecycles",
]

# IMMEDIATE: a transaction that reads before it writes cannot fail with "database is locked".
# FULL: an event that was answered "accepted" survives a power cut.
# A checkpoint every 64 MB of log: a page changed by many batches is then written back once.
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
    "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=16000; "
    "PRAGMA journal_size_limit=67108864"
)


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": _SQLITE_PRAGMAS,
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": None,
    }


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return _sqlite(HOME.database)
    if urlsplit(url).scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise TenureError(
        Words(
            zh="DATABASE_URL 应以 postgresql:// 开头，或留空以使用 SQLite",
            en="DATABASE_URL must start with postgresql://, or be empty for SQLite",
        )
    )


DATABASES = {"default": _database()}
