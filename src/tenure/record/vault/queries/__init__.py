"""Every read of the vault."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence

from cryptography.fernet import InvalidToken

from tenure.record.vault.models import VaultEntry
from tenure.record.vault.queries.keyring import Keyring, LostKeysError, keyring
from tenure.words import TenureError, Words

__all__ = [
    "Keyring",
    "LostKeysError",
    "UnreadableEntryError",
    "all_held",
    "entries_after",
    "entries_of",
    "fields_held",
    "find_holders",
    "keyring",
    "reveal",
]

_SLICE = 900


class UnreadableEntryError(TenureError):
    """A vault entry none of the keys can open: the key file is not the one it was sealed with."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(
            Words(
                zh=f"保险库第 {entry_id} 条无法解密：secrets/vault-keys.json 不是加密时所用的"
                "密钥文件，请从备份中恢复该文件。",
                en=f"vault entry {entry_id} cannot be opened: secrets/vault-keys.json is not the "
                "key file it was sealed with; restore that file from a backup.",
            )
        )


def unseal(ring: Keyring, entry_id: int, token: bytes | memoryview) -> str:
    """The plain text of a stored token.

    Raises:
        UnreadableEntryError: no key opens it.
    """
    try:
        return ring.cipher.decrypt(urlsafe_b64encode(bytes(token))).decode()
    except InvalidToken:
        raise UnreadableEntryError(entry_id) from None


def reveal(holder: str, holder_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """The personal values of rows: holder id to field to plain text.

    Whoever calls this shows or uses personal data; the door above checks the right to.

    Raises:
        UnreadableEntryError: the key file does not belong to this database.
    """
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(holder_ids), _SLICE):
        found.update(_revealed(holder, holder_ids[start : start + _SLICE]))
    return found


def _revealed(holder: str, holder_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    while True:
        ring = keyring()
        rows = VaultEntry.objects.filter(holder=holder, holder_id__in=holder_ids)
        found: dict[int, dict[str, str]] = {}
        try:
            for entry_id, holder_id, field, token in rows.values_list(
                "id", "holder_id", "field", "token"
            ):
                found.setdefault(holder_id, {})[field] = unseal(ring, entry_id, token)
        except UnreadableEntryError:
            if keyring() is ring:
                raise
            continue  # keys were rotated between the look at them and the rows
        return found


def fields_held(holder: str, holder_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Which fields the vault holds of some rows, without opening any of them."""
    found: dict[int, set[str]] = {}
    for start in range(0, len(holder_ids), _SLICE):
        rows = VaultEntry.objects.filter(
            holder=holder, holder_id__in=holder_ids[start : start + _SLICE]
        )
        for holder_id, field in rows.values_list("holder_id", "field"):
            found.setdefault(holder_id, set()).add(field)
    return {holder_id: frozenset(fields) for holder_id, fields in found.items()}


def entries_after(entry_id: int, limit: int) -> list[tuple[int, str, int, str, int | None]]:
    """The next values in the order they came: (number, holder, holder id, field, subject)."""
    rows = VaultEntry.objects.filter(id__gt=entry_id).order_by("id")[:limit]
    return list(rows.values_list("id", "holder", "holder_id", "field", "subject_id"))


def all_held(holder: str, fields: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Every row of one kind whose value under one of ``fields`` the vault holds: (id, field)."""
    rows = VaultEntry.objects.filter(holder=holder, field__in=list(fields))
    return rows.values_list("holder_id", "field").iterator(chunk_size=50_000)


def find_holders(holder: str, fields: Iterable[str], text: str) -> list[int]:
    """Holder ids whose value under one of ``fields`` is ``text``, by blind index."""
    ring = keyring()
    blinds = [blind for field in fields for blind in ring.blinds(field, text)]
    rows = VaultEntry.objects.filter(holder=holder, blind__in=blinds)
    return sorted(set(rows.values_list("holder_id", flat=True)))


def entries_of(subject_id: int) -> list[tuple[str, int, str]]:
    """Where the vault holds something about a person: (holder, holder id, field)."""
    rows = VaultEntry.objects.filter(subject_id=subject_id).order_by("id")
    return list(rows.values_list("holder", "holder_id", "field"))
