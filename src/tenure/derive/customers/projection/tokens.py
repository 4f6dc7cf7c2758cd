"""Digests of the words customers are found by, under the vault's keys."""

from __future__ import annotations

from collections.abc import Sequence

from tenure.record.vault.queries import Keyring

_FIELD = "search"
_BYTES = 8


def token(ring: Keyring, word: str) -> int:
    """The digest of a word under the newest key, as a signed number of 8 bytes."""
    return int.from_bytes(ring.blind(_FIELD, word)[:_BYTES], "big", signed=True)


def tokens(ring: Keyring, word: str) -> Sequence[int]:
    """The digests of a word under every key still in use, to search with."""
    return [
        int.from_bytes(blind[:_BYTES], "big", signed=True) for blind in ring.blinds(_FIELD, word)
    ]
