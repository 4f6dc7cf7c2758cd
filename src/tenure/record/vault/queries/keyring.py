"""The keys of the vault: one small file, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from hmac import digest as hmac_digest
from pathlib import Path
from unicodedata import normalize

import msgspec
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from tenure.record.vault.models import VaultEntry
from tenure.words import TenureError, Words

_FILE = "vault-keys.json"
_BLIND_BYTES = 16


class LostKeysError(TenureError):
    """The key file of a vault that holds values is gone, or another data directory is in use."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Words(
                zh=f"找不到密钥文件 {path}，而保险库里已有用它加密的内容。请从备份中恢复该文件，"
                "或检查 TENURE_HOME 是否指向原来的数据目录",
                en=f"the key file {path} is gone, and the vault holds values sealed with it: "
                "restore that file from a backup, or check that TENURE_HOME is the data "
                "directory it was",
            )
        )


class KeyPair(msgspec.Struct, frozen=True):
    """One generation of keys: ``seal`` encrypts (Fernet), ``blind`` makes the blind index."""

    generation: int
    seal: str
    blind: str


class KeyFile(msgspec.Struct, frozen=True):
    """What the key file holds; the newest generation stands first.

    ``identity`` names identifiers and repeats and never changes: ids in the log depend on it.
    """

    identity: str
    pairs: tuple[KeyPair, ...]


@dataclass(frozen=True)
class Keyring:
    """The keys of this moment, ready to use."""

    file: KeyFile = field(repr=False)

    @property
    def generation(self) -> int:
        """The number of the key that seals now."""
        return self.file.pairs[0].generation

    @cached_property
    def identity(self) -> bytes:
        """The secret behind identifier ids and repeat keys."""
        return sha256(self.file.identity.encode()).digest()

    @cached_property
    def cipher(self) -> MultiFernet:
        """Encrypts with the newest key, decrypts with every key that is still in use."""
        return MultiFernet([Fernet(pair.seal) for pair in self.file.pairs])

    @cached_property
    def _sealer(self) -> Fernet:
        return Fernet(self.file.pairs[0].seal)

    def seal(self, text: str) -> bytes:
        """``text`` encrypted with the newest key, as raw bytes of a Fernet token."""
        return urlsafe_b64decode(self._sealer.encrypt(text.encode()))

    def blind(self, name: str, text: str) -> bytes:
        """The blind index of a value under its field ``name``, made with the newest key."""
        return _blind(self.file.pairs[0], name, text)

    def blinds(self, name: str, text: str) -> list[bytes]:
        """The blind indexes of a value under every key still in use, to search with."""
        return [_blind(pair, name, text) for pair in self.file.pairs]


def _blind(pair: KeyPair, name: str, text: str) -> bytes:
    """HMAC-SHA256 over the value without regard to case, width and spaces around it."""
    message = f"{name}\x1f{normalize('NFKC', text).casefold().strip()}".encode()
    return hmac_digest(pair.blind.encode(), message, "sha256")[:_BLIND_BYTES]


def new_pair(generation: int) -> KeyPair:
    """Fresh random keys."""
    return KeyPair(generation, Fernet.generate_key().decode(), secrets.token_urlsafe(32))


_cached: dict[Path, tuple[tuple[int, int], Keyring]] = {}


def keyring() -> Keyring:
    """The installation's keys, made on first use; read again when the file has changed.

    Raises:
        LostKeysError: the file is not there although the vault holds values.
    """
    path = key_path()
    try:
        status = path.stat()
    except FileNotFoundError:
        # New keys beside old data would name every identifier anew and open nothing.
        # Looked for again: another process may have made the first ones just now.
        if VaultEntry.objects.exists() and not path.exists():
            raise LostKeysError(path) from None
        first = KeyFile(secrets.token_urlsafe(48), (new_pair(1),))
        write_keys(first, replace=False)
        status = path.stat()
    stamp = (status.st_mtime_ns, status.st_ino)
    known = _cached.get(path)
    if known is None or known[0] != stamp:
        known = (stamp, Keyring(msgspec.json.decode(path.read_bytes(), type=KeyFile)))
        _cached[path] = known
    return known[1]


def key_path() -> Path:
    """Where the keys lie."""
    return Path(settings.TENURE_HOME) / "secrets" / _FILE


def write_keys(keys: KeyFile, *, replace: bool) -> None:
    """Write the key file whole or not at all; with ``replace`` false, an existing file stays."""
    path = key_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(keys))
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
        _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
