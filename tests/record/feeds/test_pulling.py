"""Folders and tables: what is new is read once, killed at any moment, with a sum that holds."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tenure.record.events.models import Event
from tenure.record.feeds.models import Feed, FeedFile
from tenure.record.feeds.operations import (
    FeedError,
    add_feed,
    change_feed,
    due_feeds,
    pull_feed,
    settle_feed_map,
    start_over,
)
from tenure.record.feeds.operations.pulling import finding, pulling
from tenure.record.feeds.operations.pulling.databases import checked_url, reading, shown_url
from tenure.record.feeds.queries import feed_view, syncs
from tenure.record.imports.operations import undo_import
from tests.record.shop import TESTER, open_shop

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAP = """
customer: {customer_id: customer}
key: id
events:
  - type: sale.made
    at: sold_at
    fields: {sale_id: id, amount: amount}
"""
HEAD = "id,customer,amount,sold_at\n"


class Clock:
    """A clock that goes on by a second with every look."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    """A directory that may be read."""
    settings.TENURE_HOME = tmp_path / "home"
    settings.TENURE_HOME.mkdir()
    folder = tmp_path / "drop"
    folder.mkdir()
    settings.TENURE_FEED_FOLDERS = [str(folder)]
    open_shop()
    return folder


def put(folder: Path, name: str, *ids: int, bad: int | None = None) -> Path:
    path = folder / name
    rows = [f"{n},C{n},{'x' if n == bad else n},2026-02-01\n" for n in ids]
    path.write_text(HEAD + "".join(rows))
    os.utime(path, (AT.timestamp() - 60, AT.timestamp() - 60))
    return path


def folder_feed(folder: Path, **said: object) -> int:
    added = add_feed(
        "drop", name="Drop", kind="folder", folder=str(folder), by=TESTER, at=AT, **said
    )  # type: ignore[arg-type]
    settle_feed_map(added.source_id, MAP, by=TESTER, at=AT)
    return added.source_id


@pytest.fixture
def orders(place: Path) -> Iterator[sqlite3.Connection]:
    """A foreign database with a table of orders."""
    connection = sqlite3.connect(place / "shop.sqlite3")
    connection.execute("CREATE TABLE orders (id INTEGER, customer, amount, sold_at)")
    yield connection
    connection.close()


def sell(orders: sqlite3.Connection, *ids: int) -> None:
    orders.executemany(
        "INSERT INTO orders VALUES (?, ?, ?, ?)",
        [(n, f"C{n}", f"{n}.00", "2026-02-01 10:00:00") for n in ids],
    )
    orders.commit()


def table_feed(place: Path, *, cursor: str = "id", overlap: int = 0) -> int:
    added = add_feed(
        "orders", name="Orders", kind="table", url=f"sqlite:///{place}/shop.sqlite3",
        table="orders", cursor=cursor, overlap=overlap, schedule="every 15", by=TESTER, at=AT,
    )  # fmt: skip
    settle_feed_map(added.source_id, MAP, by=TESTER, at=AT)
    return added.source_id


def pull(source_id: int, **more: int) -> tuple[int, int, int, int]:
    """Look once; rows in, recorded, repeated, refused."""
    pull_feed(source_id, by=TESTER, clock=Clock(), **more)
    [latest, *_] = syncs(source_id, TESTER)
    assert latest.rows == latest.recorded + latest.repeated + latest.refused + latest.left_out
    return latest.rows, latest.recorded, latest.repeated, latest.refused


def sold() -> int:
    return Event.objects.filter(type="sale.made").count()


def test_every_file_is_read_once_for_what_it_holds(place: Path) -> None:
    source_id = folder_feed(place, pattern="*.csv")
    put(place, "a.csv", 1, 2, 3)
    put(place, "notes.txt", 9)
    assert pull(source_id) == (3, 3, 0, 0)
    assert pull(source_id) == (0, 0, 0, 0)
    put(place, "copy of a.csv", 1, 2, 3)
    assert pull(source_id) == (0, 0, 0, 0)
    put(place, "a.csv", 1, 2, 3, 4)
    assert pull(source_id) == (4, 1, 3, 0)
    assert sold() == 4


def test_refused_rows_are_told_and_read_again_under_a_mended_map(place: Path) -> None:
    source_id = folder_feed(place)
    put(place, "a.csv", 1, 2, 3, bad=2)
    assert pull(source_id) == (3, 2, 0, 1)
    mended = MAP.replace("amount: amount", "amount: {column: amount, values: {x: '2'}}")
    settle_feed_map(source_id, mended, by=TESTER, at=AT)
    start_over(source_id, by=TESTER, at=AT)
    assert pull(source_id) == (3, 1, 2, 0)


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(place: Path) -> None:
    source_id = folder_feed(place)
    bad = place / "picture.csv"
    bad.write_bytes(b"\x89PNG....")
    os.utime(bad, (AT.timestamp() - 60,) * 2)
    put(place, "z.csv", 1)
    assert pull(source_id) == (1, 1, 0, 0)
    view = feed_view(source_id, TESTER)
    assert view is not None
    assert view.error is not None
    assert "picture.csv" in view.error.en
    bad.unlink()
    pull(source_id)
    view = feed_view(source_id, TESTER)
    assert view is not None
    assert view.error is None


def test_a_file_being_written_waits(place: Path) -> None:
    source_id = folder_feed(place)
    path = put(place, "a.csv", 1)
    os.utime(path, (AT.timestamp() + 1,) * 2)
    assert pull(source_id)[0] == 0


@pytest.mark.parametrize("text", ["/etc", "relative", "{0}/../home", "{0}/link"])
def test_folders_beyond_the_allowed_are_refused(place: Path, text: str) -> None:
    (place / "link").symlink_to("/etc")
    with pytest.raises(FeedError):
        folder_feed(Path(text.format(place)))


def test_patterns_and_links_do_not_lead_out(place: Path) -> None:
    with pytest.raises(FeedError):
        folder_feed(place, pattern="../*.csv")
    outside = place.parent / "outside.csv"
    outside.write_text(HEAD)
    (place / "inside.csv").symlink_to(outside)
    source_id = folder_feed(place)
    assert pull(source_id)[0] == 0


def test_a_table_is_read_on_from_where_it_was(place: Path, orders: sqlite3.Connection) -> None:
    source_id = table_feed(place)
    sell(orders, *range(1, 24))
    assert pull(source_id, page=10) == (23, 23, 0, 0)
    assert pull(source_id) == (1, 0, 1, 0)
    assert pull(source_id) == (1, 0, 1, 0)
    sell(orders, 24, 25)
    assert pull(source_id) == (3, 2, 1, 0)
    assert sold() == 25
    assert not list((Path(str(place.parent)) / "home" / "feeds").glob("*/rows-*"))


def test_rows_committed_late_are_seen_within_the_overlap(
    place: Path, orders: sqlite3.Connection
) -> None:
    source_id = table_feed(place, overlap=5)
    sell(orders, 1, 2, 10)
    pull(source_id)
    sell(orders, 7, 11)
    assert pull(source_id)[1] == 2
    assert sold() == 5


def test_many_rows_of_one_moment_are_all_read(place: Path, orders: sqlite3.Connection) -> None:
    source_id = table_feed(place, cursor="sold_at", overlap=10)
    sell(orders, *range(1, 31))
    assert pull(source_id, page=7) == (30, 30, 0, 0)


@pytest.mark.parametrize("moment", ["snapshot", "import", "noted"])
def test_killed_between_batches_nothing_is_lost_or_doubled(
    place: Path, orders: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    source_id = table_feed(place)
    sell(orders, *range(1, 41))

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if moment == "snapshot":
            patched.setattr(finding, "mark_text", die)
        elif moment == "import":
            patched.setattr(pulling, "import_file", die)
        else:
            patched.setattr(FeedFile, "save", _dying_once_done(FeedFile.save, Killed))
        with pytest.raises(Killed):
            pull_feed(source_id, by=TESTER, clock=Clock(), page=10)
    pull(source_id, page=10)
    assert sold() == 40
    pull(source_id, page=10)
    assert sold() == 40
    assert all(sync.ended_at is not None for sync in syncs(source_id, TESTER))


def _dying_once_done(save: Any, death: type[BaseException]) -> Any:
    def saving(self: FeedFile, *args: Any, **named: Any) -> None:
        if self.status == FeedFile.Status.DONE:
            raise death
        save(self, *args, **named)

    return saving


def test_what_was_undone_comes_again_when_read_from_the_beginning(
    place: Path, orders: sqlite3.Connection
) -> None:
    source_id = table_feed(place)
    sell(orders, 1, 2, 3)
    pull(source_id)
    number = FeedFile.objects.get().import_id
    assert number is not None
    undo_import(number, reason="test", by=TESTER, at=AT + timedelta(hours=1))
    start_over(source_id, by=TESTER, at=AT)
    assert pull(source_id)[1] == 3


def test_failures_are_said_wait_longer_and_show_no_password(place: Path) -> None:
    source_id = table_feed(place)
    address = "postgresql://reader:s3cr%40t@127.0.0.1:1/shop"
    change_feed(source_id, url=address, by=TESTER, at=AT)
    later = []
    for _ in range(6):
        pull_feed(source_id, by=TESTER, clock=Clock())
        later.append(Feed.objects.get(pk=source_id).next_us)
    view = feed_view(source_id, TESTER)
    assert view is not None
    assert view.error is not None
    for secret in ("s3cr", "reader"):
        assert secret not in view.error.zh + view.error.en
    assert later[-1] > later[0]
    assert view.state == "failing"
    assert Feed.objects.get(pk=source_id).failures == 6


def test_addresses_that_are_none_are_not_repeated(place: Path) -> None:
    for text in (
        "postgresql://u:p@ss/word@host/db",
        "oracle://u:hidden@h/d",
        "mysql://u:hidden@h/d?read_default_file=/etc/passwd",
        "sqlite:////etc/passwd",
        "postgresql://u:hidden@h/d?service=x",
    ):
        with pytest.raises(FeedError) as refusal:
            checked_url(text)
        assert "hidden" not in refusal.value.words.en
        assert "ss/word" not in refusal.value.words.en
    assert shown_url("mysql://u:hidden@db.local:3306/shop") == "mysql://db.local:3306/shop"


def test_due_feeds_are_those_whose_time_has_come(place: Path, orders: sqlite3.Connection) -> None:
    source_id = table_feed(place)
    assert due_feeds(at=AT) == []
    assert due_feeds(at=AT + timedelta(minutes=15)) == [source_id]
    with pytest.raises(FeedError):
        change_feed(source_id, schedule="now and then", by=TESTER, at=AT)


def test_a_missing_column_is_named_with_the_nearest(
    place: Path, orders: sqlite3.Connection
) -> None:
    source_id = table_feed(place, cursor="sold")
    pull_feed(source_id, by=TESTER, clock=Clock())
    view = feed_view(source_id, TESTER)
    assert view is not None
    assert view.error is not None
    assert "sold_at" in view.error.en


def test_rows_that_are_never_read_are_told(place: Path, orders: sqlite3.Connection) -> None:
    source_id = table_feed(place)
    sell(orders, 1)
    orders.execute("INSERT INTO orders VALUES (NULL, 'C9', '1', '2026-02-01')")
    orders.commit()
    assert pull(source_id)[1] == 1
    view = feed_view(source_id, TESTER)
    assert view is not None
    assert view.error is not None
    assert "never read" in view.error.en
    assert Feed.objects.get(pk=source_id).failures == 0


def test_rows_taken_out_and_lost_with_their_file_are_taken_out_again(
    place: Path, orders: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_id = table_feed(place)
    sell(orders, 1, 2, 3)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pulling, "import_file", die)
        with pytest.raises(KeyboardInterrupt):
            pull_feed(source_id, by=TESTER, clock=Clock())
    Path(FeedFile.objects.get().path).unlink()  # as after a backup without it
    assert pull(source_id)[1] == 3


@pytest.mark.postgres
def test_a_table_of_postgresql_is_read_by_when_rows_were_changed(place: Path) -> None:
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}@{known['HOST'] or 'localhost'}:{known['PORT']}"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE foreign_orders (id bigint, customer text, amount numeric(12,2), "
            "sold_at date, changed timestamptz, raw jsonb)"
        )
        cursor.execute(
            "INSERT INTO foreign_orders SELECT n, 'C' || n, n + 0.5, '2026-02-01', "
            "'2026-02-01 10:00+08'::timestamptz + (n / 3) * interval '1 minute', '{\"a\": 1}' "
            "FROM generate_series(1, 25) AS n"
        )
    try:
        added = add_feed(
            "pg", name="PG", kind="table", url=f"{address}/{known['NAME']}",
            table="public.foreign_orders", cursor="changed", overlap=2, by=TESTER, at=AT,
        )  # fmt: skip
        settle_feed_map(added.source_id, MAP, by=TESTER, at=AT)
        assert pull(added.source_id, page=4) == (25, 25, 0, 0)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO foreign_orders VALUES (26, 'C26', 1, '2026-02-01', now(), NULL)"
            )
        assert pull(added.source_id)[1] == 1
        with (
            pytest.raises(FeedError, match="read-only"),
            reading(f"{address}/{known['NAME']}") as c,
        ):
            c.exec_driver_sql("DELETE FROM foreign_orders")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE foreign_orders")
