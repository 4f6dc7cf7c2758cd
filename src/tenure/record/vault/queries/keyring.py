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
from django.db import connection, transaction

from tenure.record.vault.models import KeyMark, VaultEntry
from tenure.words import TenureError, Words

_FILE = "vault-keys.json"
_BLIND_BYTES = _MARK_BYTES = 16
_ONLY_MARK = 1


class LostKeysError(TenureError):
    """The key file of a database in use is gone, or is that of another one."""


def _gone(path: Path) -> LostKeysError:
    return LostKeysError(
        Words(
            zh=f"找不到密钥文件 {path}，而数据库里的内容依赖它。请从备份中恢复该文件，"
            "或检查 TENURE_HOME 是否指向原来的数据目录；多台机器共用一个数据库时，"
            f"请从原来的机器复制 secrets/{_FILE}",
            en=f"the key file {path} is gone, and what is in the database depends on it: "
            "restore that file from a backup, or check that TENURE_HOME is the data "
            "directory it was; where several machines share one database, "
            f"copy secrets/{_FILE} from the first one",
        )
    )


def _foreign(path: Path) -> LostKeysError:
    return LostKeysError(
        Words(
            zh=f"密钥文件 {path} 不属于这个数据库：用它会把每个客户再建一遍。请从原来的数据目录"
            f"或备份复制 secrets/{_FILE} 覆盖它，或检查 TENURE_HOME 与 DATABASE_URL",
            en=f"the key file {path} does not belong to this database; under it every customer "
            f"would come a second time: copy secrets/{_FILE} from the data directory it was "
            "made in, or from a backup, over it, or check TENURE_HOME and DATABASE_URL",
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
    def mark(self) -> bytes:
        """What the database keeps to know the identity secret by."""
        return hmac_digest(self.identity, b"mark of the identity secret", "sha256")[:_MARK_BYTES]

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
_proven: set[tuple[str, bytes]] = set()


def keyring() -> Keyring:
    """The installation's keys, made on first use; read again when the file has changed.

    Raises:
        LostKeysError: the file is not there although the database is in use, or it is that of
            another database.
    """
    path = key_path()
    try:
        status = path.stat()
    except FileNotFoundError:
        # New keys beside old data would name every identifier anew and open nothing.
        # Looked for again: another process may have made the first ones just now.
        if (KeyMark.objects.exists() or VaultEntry.objects.exists()) and not path.exists():
            raise _gone(path) from None
        first = KeyFile(secrets.token_urlsafe(48), (new_pair(1),))
        write_keys(first, replace=False)
        status = path.stat()
    stamp = (status.st_mtime_ns, status.st_ino)
    known = _cached.get(path)
    if known is None or known[0] != stamp:
        known = (stamp, Keyring(msgspec.json.decode(path.read_bytes(), type=KeyFile)))
        _cached[path] = known
    _prove(known[1], path)
    return known[1]


def _prove(ring: Keyring, path: Path) -> None:
    """Compare the identity secret with the database's mark, once per process and database."""
    proof = (f"{connection.settings_dict['HOST']}/{connection.settings_dict['NAME']}", ring.mark)
    if proof in _proven:
        return
    mark = KeyMark.objects.filter(id=_ONLY_MARK).first()
    if mark is None:  # of two processes that start at once, the first to commit makes it
        KeyMark.objects.bulk_create(
            [KeyMark(id=_ONLY_MARK, digest=ring.mark)], ignore_conflicts=True
        )
        mark = KeyMark.objects.get(id=_ONLY_MARK)
    if bytes(mark.digest) != ring.mark:
        raise _foreign(path)
    # A mark made in a transaction that is rolled back has to be made again.
    transaction.on_commit(lambda: _proven.add(proof))


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
