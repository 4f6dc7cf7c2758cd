from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from msgspec import structs

from tenure.record.events.models import Identifier
from tenure.record.vault import queries
from tenure.record.vault.models import KeyMark, VaultEntry
from tenure.record.vault.operations import Secret, discard, rotate_keys, rotating, store
from tenure.record.vault.queries import (
    LostKeysError,
    UnreadableEntryError,
    entries_of,
    find_holders,
    keyring,
    reveal,
)
from tenure.record.vault.queries.keyring import KeyFile, key_path, new_pair, write_keys
from tests.record.shop import open_shop, sale, tell

pytestmark = pytest.mark.django_db
LEI, MEI = "李雷 Li Lei", "韩梅梅"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path) -> Iterator[None]:
    with override_settings(TENURE_HOME=tmp_path / "home"):
        yield


def fill(count: int = 2) -> None:
    store([Secret("event", 1, "name", 77, LEI, True), Secret("event", 2, "name", 78, MEI, True)])
    store([Secret("event", n, "name", n, f"person {n}", True) for n in range(3, count + 1)])


def test_what_is_stored_can_be_revealed_and_is_nowhere_in_clear() -> None:
    fill()
    assert reveal("event", [1, 2, 9]) == {1: {"name": LEI}, 2: {"name": MEI}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault_vaultentry")
        cells = [cell for row in cursor.fetchall() for cell in row]
    kept = b"".join(bytes(cell) for cell in cells if isinstance(cell, (bytes, memoryview)))
    assert LEI.encode() not in kept
    assert not any(isinstance(cell, str) and "Lei" in cell for cell in cells)


def test_found_by_value_without_regard_to_case_and_width() -> None:
    fill()
    assert find_holders("event", ["name"], " 李雷 ＬＩ lei") == [1]
    assert find_holders("event", ["title"], LEI) == []
    assert find_holders("identifier", ["name"], LEI) == []


def test_everything_about_a_person_can_be_found_and_emptied() -> None:
    fill()
    assert entries_of(77) == [("event", 1, "name")]
    assert discard("event", [1]) == 1
    assert reveal("event", [1]) == {}


def test_a_second_value_replaces_the_first() -> None:
    fill()
    store([Secret("event", 1, "name", 77, "Lei L.")])
    assert reveal("event", [1]) == {1: {"name": "Lei L."}}
    assert find_holders("event", ["name"], LEI) == []


def test_keys_are_for_the_owner_only() -> None:
    fill()
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_path().parent.stat().st_mode) == 0o700
    assert keyring().file.pairs[0].seal not in repr(keyring())


def test_rotation_changes_every_key_but_the_identity_and_every_value() -> None:
    fill(1_300)
    before, tokens = keyring().file, set(VaultEntry.objects.values_list("token", flat=True))
    steps: list[tuple[int, int]] = []
    done = rotate_keys(report=lambda *step: steps.append(step))
    after = keyring().file
    assert (done.generation, done.entries, done.resumed) == (2, 1_300, False)
    assert steps == [(500, 1_300), (1_000, 1_300), (1_300, 1_300)]
    assert after.identity == before.identity
    assert len(after.pairs) == 1
    assert (after.pairs[0].seal, after.pairs[0].blind) != (
        before.pairs[0].seal,
        before.pairs[0].blind,
    )
    assert not tokens & set(VaultEntry.objects.values_list("token", flat=True))
    assert reveal("event", [1]) == {1: {"name": LEI}}
    assert find_holders("event", ["name"], LEI) == [1]


def test_a_stopped_rotation_leaves_all_readable_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(1_300)
    move = rotating._move_slice
    left = iter([True, False])

    def stopped(*args: Any) -> int:
        if not next(left):
            raise KeyboardInterrupt
        return move(*args)

    monkeypatch.setattr(rotating, "_move_slice", stopped)
    with pytest.raises(KeyboardInterrupt):
        rotate_keys()
    monkeypatch.setattr(rotating, "_move_slice", move)
    assert len(keyring().file.pairs) == 2
    assert len(reveal("event", list(range(1, 1_301)))) == 1_300
    assert find_holders("event", ["name"], LEI) == [1]
    assert find_holders("event", ["name"], "person 1299") == [1_299]
    done = rotate_keys()
    assert (done.generation, done.entries, done.resumed) == (2, 800, True)
    assert len(reveal("event", list(range(1, 1_301)))) == 1_300


def test_a_rotation_that_was_overtaken_forgets_no_key_of_the_next_one() -> None:
    """Two ran at once; one ended it and began another before the other came to its end."""
    fill()
    slow, _ = rotating._begin()
    rotate_keys()
    rotating._begin()
    store([Secret("event", 3, "name", 79, "Kai")])
    assert rotating._finish(slow)
    assert reveal("event", [1, 3]) == {1: {"name": LEI}, 3: {"name": "Kai"}}


def test_keys_rotated_while_values_are_read_are_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill()
    before = [keyring()]
    rotate_keys()
    monkeypatch.setattr(queries, "keyring", lambda: before.pop() if before else keyring())
    assert reveal("event", [1]) == {1: {"name": LEI}}


def test_lost_keys_are_told_in_words_and_no_new_ones_made() -> None:
    fill()
    key_path().unlink()
    with pytest.raises(LostKeysError, match="restore that file from a backup"):
        reveal("event", [1])
    with pytest.raises(LostKeysError):
        store([Secret("event", 3, "name", 79, "Kai")])
    assert not key_path().exists()


def test_keys_of_another_installation_open_nothing() -> None:
    fill()
    keys = keyring().file
    write_keys(structs.replace(keys, pairs=(new_pair(1),)), replace=True)
    with pytest.raises(UnreadableEntryError, match="restore that file from a backup"):
        reveal("event", [1])


def test_lost_keys_are_missed_even_where_no_value_is_personal() -> None:
    open_shop()
    tell(sale(1))
    assert not VaultEntry.objects.exists()
    key_path().unlink()
    with pytest.raises(LostKeysError, match="restore that file from a backup"):
        tell(sale(2))
    assert not key_path().exists()


def test_another_data_directory_on_the_same_database_makes_no_second_secret(
    tmp_path: Path,
) -> None:
    open_shop()
    tell(sale(1))
    with override_settings(TENURE_HOME=tmp_path / "second node"):
        with pytest.raises(LostKeysError, match=r"copy .*vault-keys\.json"):
            tell(sale(2))
        assert not key_path().exists()


def test_keys_of_another_house_are_told_before_an_identifier_is_named(tmp_path: Path) -> None:
    with override_settings(TENURE_HOME=tmp_path / "second node"):
        write_keys(KeyFile("another secret", (new_pair(1),)), replace=False)
    open_shop()
    tell(sale(1))
    before = key_path()
    with override_settings(TENURE_HOME=tmp_path / "second node"):
        with pytest.raises(LostKeysError, match=r"copy .*vault-keys\.json"):
            tell(sale(2))
        shutil.copy(before, key_path())
        tell(sale(2))
    assert Identifier.objects.count() == 1


def test_keys_older_than_the_mark_are_marked_and_rotation_keeps_the_mark() -> None:
    ring = keyring()
    KeyMark.objects.all().delete()
    assert keyring() is ring
    mark = KeyMark.objects.get()
    assert bytes(mark.digest) not in (ring.identity, ring.file.identity.encode())
    rotate_keys()
    assert bytes(KeyMark.objects.get().digest) == bytes(mark.digest)
    assert keyring().identity == ring.identity


@pytest.mark.django_db(transaction=True)
def test_a_mark_that_was_rolled_back_is_made_again_and_then_looked_at_once() -> None:
    with transaction.atomic():
        keyring()
        transaction.set_rollback(True)
    assert not KeyMark.objects.exists()
    keyring()
    assert KeyMark.objects.exists()
    with CaptureQueriesContext(connection) as asked:
        keyring()
    assert len(asked) == 0
