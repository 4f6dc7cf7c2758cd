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
# Addresses the pages answer under; behind a proxy with TLS, name the public one.
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, os.environ.get("TENURE_HOSTS", "").split(",")),
]
HTTPS = os.environ.get("TENURE_HTTPS", "") == "1"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "tenure.web",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "tenure.guard.access",
    "tenure.guard.trail",
    "tenure.record.vault",
    "tenure.record.library",
    "tenure.record.events",
    "tenure.record.imports",
    "tenure.derive.customers",
    "tenure.derive.lifecycles",
    "tenure.config.jobs",
]

# ------------------------------------------------------------------ background jobs

TASKS = {"default": {"BACKEND": "tenure.config.jobs.backend.DurableBackend", "QUEUES": []}}
# A job whose worker gave no sign of life for so long is run by another.
JOB_LEASE_SECONDS = float(os.environ.get("TENURE_JOB_LEASE_SECONDS", "60"))
# What follows a job that is done: upper floors ask, lower ones never tell.
JOBS_AFTER: dict[str, list[str]] = {}

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

# ------------------------------------------------------------------ the pages

ROOT_URLCONF = "tenure.config.urls"
WSGI_APPLICATION = "tenure.config.wsgi.application"
AUTH_USER_MODEL = "access.Account"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenure.web.headers.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenure.web.language.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "tenure.web.failures.ToldInWords",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenure.web.frame.frame",
            ],
            "builtins": ["tenure.web.templatetags.tenure"],
        },
    }
]
FORM_RENDERER = "tenure.web.components.forms.Renderer"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "tenure.web.failures.expired"
CSRF_TRUSTED_ORIGINS = [
    f"{'https' if HTTPS else 'http'}://{host}"
    for host in filter(None, os.environ.get("TENURE_HOSTS", "").split(","))
]

# Files of others that pages are made of: beside an installed Tenure, or made by ./tenure.
_ASSETS = next(
    (
        place
        for place in (
            Path(__file__).parents[2] / "tenure_assets",
            Path(__file__).parents[3] / "build" / "tenure_assets",
        )
        if place.is_dir()
    ),
    None,
)
STATIC_URL = "/static/"
STATIC_ROOT = HOME.static
STATICFILES_DIRS = [_ASSETS / "static"] if _ASSETS else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tenure.web.statics.ContentNamed"},
}
