"""Sources and their write keys."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError

from tenure.clock import now
from tenure.record.sources.models import WriteKey
from tenure.record.sources.operations import (
    SourceError,
    add_source,
    change_source,
    pause_source,
    resume_source,
    rotate_key,
)
from tenure.record.sources.queries import keys as keys_module
from tenure.record.sources.queries import source, source_named, source_of_key, sources
from tests.record.shop import NOW, TESTER

pytestmark = pytest.mark.django_db


def test_a_key_is_shown_once_and_kept_as_a_digest() -> None:
    added = add_source("shop", name="Shop", kind="sdk", by=TESTER, at=NOW, settings={"a": 1})
    key = added.write_key
    assert key is not None
    [row] = WriteKey.objects.all()
    assert key.encode() not in bytes(row.digest)
    assert row.hint == key[-4:]
    known = source_of_key(key)
    assert known is not None
    assert (known.id, known.key, known.settings, known.paused) == (
        added.source_id,
        "shop",
        {"a": 1},
        False,
    )
    for wrong in ("", "tw_", key[:-1], key + "x", "\ud800"):
        assert source_of_key(wrong) is None


def test_both_keys_are_good_for_as_long_as_was_chosen() -> None:
    added = add_source("shop", name="Shop", kind="sdk", by=TESTER, at=now())
    old = added.write_key or ""
    new = rotate_key(added.source_id, grace=timedelta(hours=1), by=TESTER, at=now())
    assert source_of_key(old) is not None
    assert source_of_key(new) is not None
    newest = rotate_key(added.source_id, grace=timedelta(0), by=TESTER, at=now())
    assert source_of_key(old) is None
    assert source_of_key(new) is None
    assert source_of_key(newest) is not None
    shown = source(added.source_id, TESTER)
    assert shown is not None
    assert [key.is_good(now()) for key in shown.keys] == [True, False, False]


def test_a_later_rotation_never_lengthens_an_old_keys_life() -> None:
    added = add_source("shop", name="Shop", kind="sdk", by=TESTER, at=NOW)
    rotate_key(added.source_id, grace=timedelta(hours=1), by=TESTER, at=NOW)
    rotate_key(added.source_id, grace=timedelta(days=9), by=TESTER, at=NOW)
    first = WriteKey.objects.order_by("id").first()
    shown = source(added.source_id, TESTER)
    assert first is not None
    assert shown is not None
    assert shown.keys[-1].revoked_at == NOW + timedelta(hours=1)


def test_keys_are_read_again_every_second() -> None:
    added = add_source("shop", name="Shop", kind="sdk", by=TESTER, at=NOW)
    key = added.write_key or ""
    assert source_of_key(key)
    with patch.object(keys_module, "_AGAIN_SECONDS", 1000):
        WriteKey.objects.update(revoked_us=0)
        assert source_of_key(key)
    with patch.object(keys_module, "_AGAIN_SECONDS", 0):
        assert source_of_key(key) is None


def test_keys_stay_good_while_the_database_is_away() -> None:
    key = add_source("shop", name="Shop", kind="sdk", by=TESTER, at=NOW).write_key or ""
    away = patch.object(keys_module, "_database_now", side_effect=OperationalError("gone"))
    with patch.object(keys_module.connection, "close"), away, pytest.raises(OperationalError):
        source_of_key(key)
    assert source_of_key(key)
    with (
        patch.object(keys_module, "_AGAIN_SECONDS", 0),
        patch.object(keys_module.connection, "close"),
        patch.object(keys_module, "_database_now", side_effect=OperationalError("gone")),
    ):
        assert source_of_key(key)


def test_a_paused_source_is_known_as_such() -> None:
    added = add_source("shop", name="Shop", kind="webhook", by=TESTER, at=NOW)
    for operation, paused in ((pause_source, True), (pause_source, True), (resume_source, False)):
        operation(added.source_id, by=TESTER, at=NOW)
        known = source_of_key(added.write_key or "")
        assert known is not None
        assert known.paused is paused


def test_sources_are_listed_and_changed() -> None:
    add_source("z", name="A", kind="sdk", by=TESTER, at=NOW)
    folder = add_source("a", name="B", kind="folder", by=TESTER, at=NOW)
    assert folder.write_key is None
    change_source(folder.source_id, name=" C ", settings={"path": "/x"}, by=TESTER, at=NOW)
    assert [(one.key, one.name, one.last_at) for one in sources(TESTER)] == [
        ("z", "A", None),
        ("a", "C", None),
    ]
    found = source_named("a", TESTER)
    assert found is not None
    assert found.settings == {"path": "/x"}
    assert source_named("nobody", TESTER) is None
    with pytest.raises(SourceError, match="no write key"):
        rotate_key(folder.source_id, grace=timedelta(0), by=TESTER, at=NOW)


@pytest.mark.parametrize(
    ("key", "name", "kind"),
    [
        ("", "x", "sdk"),
        ("a b", "x", "sdk"),
        ("tenure", "x", "sdk"),
        ("x" * 101, "x", "sdk"),
        ("x", " ", "sdk"),
        ("x", "x", "pigeon"),
        ("taken", "x", "sdk"),
    ],
)
def test_what_cannot_be_a_source_is_said(key: str, name: str, kind: str) -> None:
    add_source("taken", name="T", kind="sdk", by=TESTER, at=NOW)
    with pytest.raises(SourceError):
        add_source(key, name=name, kind=kind, by=TESTER, at=NOW)


def test_there_must_be_such_a_source_and_no_negative_grace() -> None:
    with pytest.raises(SourceError):
        pause_source(99, by=TESTER, at=NOW)
    with pytest.raises(SourceError):
        rotate_key(99, grace=timedelta(seconds=-1), by=TESTER, at=NOW)
