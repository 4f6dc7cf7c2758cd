"""Changing the vault's keys while it is in use, in slices that survive being stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from django.db import connection, transaction

from tenure.record.vault.models import VaultEntry
from tenure.record.vault.queries import unseal
from tenure.record.vault.queries.keyring import Keyring, keyring, new_pair, write_keys

_SLICE = 500


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: the key generation in use now and how many values were re-encrypted."""

    generation: int
    entries: int
    resumed: bool


def rotate_keys(*, report: Callable[[int, int], None] | None = None) -> Rotation:
    """Make new keys, seal every value again with them, then forget the old keys.

    Stopped half-way, both keys stay valid and the next call goes on where this one stopped.

    Args:
        report: called with (values done, values in all) after each slice.

    Raises:
        UnreadableEntryError: a value was sealed with a key that is not in the key file.
    """
    ring, resumed = _begin()
    total = VaultEntry.objects.filter(generation__lt=ring.generation).count()
    done = 0
    while not _finish(ring):
        done += _move_slice(ring)
        if report is not None:
            report(done, max(total, done))
    return Rotation(ring.generation, done, resumed)


def _begin() -> tuple[Keyring, bool]:
    """The ring with a new primary key, or the one of a rotation that was stopped."""
    with transaction.atomic():
        lock_vault()
        ring = keyring()
        if len(ring.file.pairs) > 1:
            return ring, True
        pairs = (new_pair(ring.generation + 1), *ring.file.pairs)
        write_keys(msgspec.structs.replace(ring.file, pairs=pairs), replace=True)
        return keyring(), False


def _move_slice(ring: Keyring) -> int:
    with transaction.atomic():
        lock_vault()
        rows = list(VaultEntry.objects.filter(generation__lt=ring.generation)[:_SLICE])
        for entry in rows:
            text = unseal(ring, entry.id, entry.token)
            entry.token = ring.seal(text)
            entry.generation = ring.generation
            if entry.blind is not None:
                entry.blind = ring.blind(entry.field, text)
        VaultEntry.objects.bulk_update(rows, ["token", "blind", "generation"])
    return len(rows)


def _finish(ring: Keyring) -> bool:
    """Forget the old keys once nothing is sealed with them; whether that is so."""
    with transaction.atomic():
        lock_vault()
        if keyring().generation != ring.generation:
            return True  # another process has ended this rotation and begun the next one
        if VaultEntry.objects.filter(generation__lt=ring.generation).exists():
            return False
        write_keys(msgspec.structs.replace(ring.file, pairs=ring.file.pairs[:1]), replace=True)
    return True


def lock_vault() -> None:
    """Hold off other writers until the transaction ends (SQLite has taken its lock already)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE vault_vaultentry IN SHARE ROW EXCLUSIVE MODE")
