"""All settings, from the environment. Nothing else in Tenure reads the environment."""

from __future__ import annotations

import hashlib
import os
from importlib.util import find_spec
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
    "ninja",  # the files of the page that describes the interface
    "tenure.guard.access",
    "tenure.guard.trail",
    "tenure.record.vault",
    "tenure.record.library",
    "tenure.record.events",
    "tenure.record.imports",
    "tenure.record.sources",
    "tenure.record.feeds",
    "tenure.record.forms",
    "tenure.derive.customers",
    "tenure.derive.lifecycles",
    "tenure.act.webhooks",
    "tenure.config.jobs",
]

# ------------------------------------------------------------------ background jobs

TASKS = {"default": {"BACKEND": "tenure.config.jobs.backend.DurableBackend", "QUEUES": []}}
# A job whose worker gave no sign of life for so long is run by another.
JOB_LEASE_SECONDS = float(os.environ.get("TENURE_JOB_LEASE_SECONDS", "60"))
# What follows a job that is done: upper floors ask, lower ones never tell.
_FOLLOW_LOG = ["tenure.derive.lifecycles.jobs.follow_log"]
JOBS_AFTER: dict[str, list[str]] = {
    "tenure.record.imports.jobs.run_upload": _FOLLOW_LOG,
    "tenure.record.imports.jobs.go_on": _FOLLOW_LOG,
    "tenure.record.feeds.jobs.pull_feed": _FOLLOW_LOG,
    "tenure.record.feeds.jobs.try_again": _FOLLOW_LOG,
}

# ------------------------------------------------------------------ what arrives by itself

# So much waits for the loader at most; beyond it, or where the disk has less than so much left,
# senders are told to come again.
TENURE_SPOOL_BYTES = int(os.environ.get("TENURE_SPOOL_MB", "4096")) * 1_000_000
TENURE_SPOOL_FREE_BYTES = int(os.environ.get("TENURE_SPOOL_FREE_MB", "512")) * 1_000_000

# Folders (and SQLite files) may be read beneath these directories only; none: no folder at all.
TENURE_FEED_FOLDERS = [one for one in os.environ.get("TENURE_FEED_FOLDERS", "").split(":") if one]

# ------------------------------------------------------------------ what leaves by webhook

# Webhooks go to public addresses by HTTPS only. Named here, with commas, are hosts (erp.internal)
# and networks (10.1.0.0/16) inside, to which they may go as well, also by plain HTTP.
TENURE_WEBHOOK_ALLOW = [
    part.strip() for part in os.environ.get("TENURE_WEBHOOK_ALLOW", "").split(",") if part.strip()
]

# ------------------------------------------------------------------ the database

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
    "tenure.config.metrics.requests.CountRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenure.api.ingest.first.EventsFirst",
    "tenure.web.headers.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenure.web.language.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tenure.web.failures.ToldInWords",
    "allauth.account.middleware.AccountMiddleware",  # sees its own exceptions first
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

# ------------------------------------------------------------------- logins

ACCOUNT_ADAPTER = "tenure.web.accounts.adapters.StaffOnly"
SOCIALACCOUNT_ADAPTER = "tenure.web.accounts.adapters.InvitedOnly"
MFA_ADAPTER = "tenure.web.accounts.adapters.SealedSecrets"
ACCOUNT_FORMS = {"login": "tenure.web.accounts.forms.LoginForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # whoever invites knows the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds in which a password just typed is enough
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Tenure"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on localhost only
MFA_SECRETS_KEY = HOME.secret("second-factor-key")
# How many proxies stand before Tenure: without one, nobody's word about an address is taken.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TENURE_PROXIES") or ("1" if HTTPS else "0"))
# Attempts to log in are counted here by all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "login_attempts",
    }
}

# One other login system, by OpenID Connect; off without an address.
OIDC_NAME = os.environ.get("TENURE_OIDC_NAME", "") or "OpenID Connect"
_OIDC_URL = os.environ.get("TENURE_OIDC_URL", "")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": os.environ.get("TENURE_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("TENURE_OIDC_SECRET", ""),
                "settings": {"server_url": _OIDC_URL},
            }
        ]
        if _OIDC_URL
        else [],
    }
}
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another host is refused by form-action
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # addresses that the other system has confirmed
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False

# Mail by smtp://, smtp+tls:// (STARTTLS) or smtps://user:password@host:port; none by default:
# links are then shown to whoever invites.
_MAIL = urlsplit(os.environ.get("TENURE_EMAIL_URL", ""))
EMAIL_ENABLED = bool(_MAIL.hostname)
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_ENABLED else "dummy.EmailBackend"
)
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or {"smtps": 465, "smtp+tls": 587}.get(_MAIL.scheme, 25)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_TLS = _MAIL.scheme == "smtp+tls"
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 20
ACCOUNT_EMAIL_NOTIFICATIONS = EMAIL_ENABLED  # a changed password is told to its owner
DEFAULT_FROM_EMAIL = os.environ.get("TENURE_EMAIL_FROM") or "tenure@localhost"

# Cookies ignore ports: two houses on one host must not take each other's for their own.
_HOUSE = hashlib.sha256(b"cookies:" + SECRET_KEY.encode()).hexdigest()[:8]
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"session-{_HOUSE}", f"csrf-{_HOUSE}"
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


def _page_files() -> list[Path]:
    """Files of others that pages are made of: made by ./tenure, or installed with Tenure."""
    checkout = Path(__file__).parents[3] / "build" / "tenure_assets"
    installed = find_spec("tenure_assets")
    places = [checkout, *map(Path, (installed and installed.submodule_search_locations) or ())]
    return [place / "static" for place in places if (place / "static").is_dir()][:1]


STATIC_URL = "/static/"
STATIC_ROOT = HOME.static
STATICFILES_DIRS = _page_files()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tenure.web.statics.ContentNamed"},
}

# ------------------------------------------------------------------ programs

# How many requests a second flow into the bucket of each token, in each web process.
API_REQUESTS_PER_SECOND = float(os.environ.get("TENURE_API_RATE", "50"))

# ------------------------------------------------------------------ files handed in

UPLOAD_LIMIT_BYTES = int(os.environ.get("TENURE_UPLOAD_LIMIT_MB", "2048")) * 1_000_000
FILE_UPLOAD_HANDLERS = ["tenure.web.components.uploads.LimitedToDisk"]
# A table of refused rows is a form with many cells.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
