"""Foreign databases: reached read-only, under an address that no message shows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchTableError, SQLAlchemyError

from tenure.record.feeds.operations.places import allowed_path
from tenure.record.feeds.operations.problems import FeedError
from tenure.words import Words

_DRIVERS = {
    "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg", "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql", "mysql+pymysql": "mysql+pymysql", "sqlite": "sqlite",
}  # fmt: skip
_OPTIONS = {"sslmode", "charset"}
"""Others could make a driver read files of this machine."""
_HOST = re.compile(r"[A-Za-z0-9._\-]+|[0-9A-Fa-f:]+")
_CONNECT_SECONDS, _STATEMENT_SECONDS = 10, 300
_NO_URL = Words(
    "这不是数据库地址：请写成 postgresql://用户:密码@主机:5432/库、mysql://… 或 "
    "sqlite:////完整路径；密码里的 @ : / # 等字符要写成 %40 %3A %2F %23",
    "this is no address of a database: write postgresql://user:password@host:5432/name, "
    "mysql://… or sqlite:////whole/path; in the password @ : / # are written %40 %3A %2F %23",
)


def checked_url(text: str) -> URL:
    """The address of a database of a kind that can be read.

    Raises:
        FeedError: it is none; what was typed is not repeated, for it may hold a password.
    """
    try:
        url = make_url(text.strip())
        driver = _DRIVERS.get(url.drivername)
    except (ArgumentError, ValueError):
        raise FeedError(_NO_URL) from None
    if driver is None or not url.database or set(url.query) - _OPTIONS:
        raise FeedError(_NO_URL)
    if driver == "sqlite":
        if url.host or url.query:
            raise FeedError(_NO_URL)
        allowed_path(url.database)
        return url
    # With an unescaped @ in the password the rest of it would pass for the host.
    if not url.host or not _HOST.fullmatch(url.host) or text.count("@") > 1:
        raise FeedError(_NO_URL)
    return url.set(drivername=driver)


def shown_url(text: str) -> str:
    """An address as it can be shown: without user and password."""
    url = checked_url(text)
    if url.drivername == "sqlite":
        return f"sqlite:///{url.database}"
    place = f"{url.host}:{url.port}" if url.port else str(url.host)
    return f"{url.drivername.partition('+')[0]}://{place}/{url.database}"


@contextmanager
def reading(text: str) -> Iterator[Connection]:
    """A connection that only reads, in one transaction.

    Raises:
        FeedError: it cannot be reached, or what is asked of it fails; says how to mend it.
    """
    url = checked_url(text)
    try:
        engine = _engine(url)
        try:
            with engine.connect() as connection:
                _read_only(connection)
                yield connection
                connection.rollback()
        finally:
            engine.dispose()
    except NoSuchTableError as problem:
        raise no_table(str(problem)) from None
    except (SQLAlchemyError, UnicodeError) as problem:
        raise FeedError(_told(problem, url)) from None


def no_table(name: str) -> FeedError:
    """There is no such table or view, or it may not be read."""
    return FeedError(
        Words(
            zh=f"数据库里没有表或视图“{name[:100]}”，或这个用户无权读取：请核对名称（模式.表名）和授权",
            en=f"there is no table or view “{name[:100]}”, or this user may not read it: check "
            "the name (schema.table) and what was granted",
        )
    )


def _engine(url: URL) -> sa.Engine:
    if url.drivername == "sqlite":
        path = allowed_path(str(url.database))
        if not path.is_file():
            raise FeedError(
                Words(zh=f"找不到数据库文件 {path}", en=f"there is no database file {path}")
            )
        return sa.create_engine("sqlite://", creator=lambda: _open_sqlite(path))
    if url.drivername.startswith("mysql"):
        given = {
            "connect_timeout": _CONNECT_SECONDS,
            "read_timeout": _STATEMENT_SECONDS,
            "local_infile": False,
        }
        return sa.create_engine(url, connect_args=given)
    options = f"-c default_transaction_read_only=on -c statement_timeout={_STATEMENT_SECONDS}s"
    return sa.create_engine(
        url, connect_args={"connect_timeout": _CONNECT_SECONDS, "options": options}
    )


def _open_sqlite(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=10)


def _read_only(connection: Connection) -> None:
    """One view of the data for the whole reading, and no way to change any."""
    if connection.dialect.name == "mysql":
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.exec_driver_sql("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.commit()
    elif connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ")
    else:
        connection.exec_driver_sql("PRAGMA query_only=ON")


def _told(problem: Exception, url: URL) -> Words:
    """What went wrong, in the database's own first line, without user and password."""
    cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
    lines = str(cause.args[-1] if cause.args else cause).strip().splitlines()
    line = (lines[0] if lines else type(cause).__name__)[:300]
    for secret in (url.password, quote(str(url.password or ""), safe=""), url.username):
        if secret:
            line = line.replace(str(secret), "***")
    return Words(
        zh=f"无法读取数据库（{line}）：请核对主机、端口、库名、用户和密码，"
        "以及防火墙是否放行 Tenure 所在的机器",
        en=f"the database cannot be read ({line}): check host, port, name, user and password, "
        "and that a firewall lets this machine in",
    )
