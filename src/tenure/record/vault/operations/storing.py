"""Putting personal values into the vault and taking them out for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection, transaction

from tenure.record.vault.models import VaultEntry
from tenure.record.vault.operations.inserting import Cell, insert_all
from tenure.record.vault.queries.keyring import Keyring, keyring

_COLUMNS = {
    "holder": "text",
    "holder_id": "bigint",
    "field": "text",
    "subject_id": "bigint",
    "token": "bytea",
    "blind": "bytea",
    "generation": "int",
}
_SLICE = 500
_REPLACE = (
    "(holder, holder_id, field) DO UPDATE SET token = excluded.token, blind = excluded.blind, "
    "generation = excluded.generation, subject_id = excluded.subject_id"
)


class Secret(NamedTuple):
    """A personal value on its way into the vault.

    ``holder``/``holder_id``/``field``: where it was taken out of. ``subject_id``: the
    identifier of the person it is about. ``findable``: whether it is searched for by value.
    """

    holder: str
    holder_id: int
    field: str
    subject_id: int | None
    text: str
    findable: bool = False


def store(secrets: Sequence[Secret]) -> None:
    """Encrypt and keep ``secrets``; a second value for the same holder and field replaces it.

    Call it inside the transaction that writes the holders: keys are read under its lock, so
    a rotation that ends meanwhile cannot leave a value behind that no key opens.
    """
    if not secrets:
        return
    last = {(one.holder, one.holder_id, one.field): one for one in secrets}
    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite has taken its write lock already
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE vault_vaultentry IN ROW EXCLUSIVE MODE")
        ring = keyring()
        rows = [_row(ring, secret) for secret in last.values()]
        insert_all("vault_vaultentry", _COLUMNS, rows, on_conflict=_REPLACE)


def _row(ring: Keyring, secret: Secret) -> list[Cell]:
    blind = ring.blind(secret.field, secret.text) if secret.findable else None
    return [
        secret.holder,
        secret.holder_id,
        secret.field,
        secret.subject_id,
        ring.seal(secret.text),
        blind,
        ring.generation,
    ]


def discard(holder: str, holder_ids: Sequence[int]) -> int:
    """Empty the vault of everything taken out of these rows; how many values went."""
    removed, _ = VaultEntry.objects.filter(holder=holder, holder_id__in=holder_ids).delete()
    return removed


def move(holder: str, ids: Mapping[int, int], *, to: str) -> None:
    """Give the values of rows to rows of another holder; ``ids`` maps old to new numbers."""
    entries = list(VaultEntry.objects.filter(holder=holder, holder_id__in=list(ids)))
    for entry in entries:
        entry.holder, entry.holder_id = to, ids[entry.holder_id]
    VaultEntry.objects.bulk_update(entries, ["holder", "holder_id"], batch_size=_SLICE)
