"""How a segment is written: frame after frame of ``length | crc32 | sealed bytes``.

Length and checksum are 4 bytes each, little-endian, of the sealed bytes. These are AES-256-GCM
(NIST SP 800-38D) under a key of the segment's own, with the frame's place in the file as nonce:
what arrived may be personal, and lies in no file in the clear. The key is derived from the
identity secret and the segment's random name, so changing the vault's keys needs no new spool.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from hmac import digest
from pathlib import Path
from zlib import crc32

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenure.words import TenureError, Words

SUFFIX = ".segment"
LARGEST_FRAME = 64 * 1024 * 1024
"""Bytes; a length beyond it is no length but a torn write."""
HEAD = struct.Struct("<II")
_TAG_BYTES = 16
_NONCE = struct.Struct(">Q4x")


class SpoolKeysError(TenureError):
    """A segment is whole and cannot be opened: it was written under another key file."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame read back; ``end`` is where the next one begins."""

    content: bytes
    end: int


class Sealer:
    """Seals and opens the frames of one segment."""

    def __init__(self, secret: bytes, name: str) -> None:
        self._cipher = AESGCM(digest(secret, f"spool segment {name}".encode(), "sha256"))
        self._name = name

    def seal(self, contents: list[bytes], start: int) -> bytes:
        """``contents`` as frames that stand from byte ``start`` of the segment on."""
        parts: list[bytes] = []
        for content in contents:
            sealed = self._cipher.encrypt(_NONCE.pack(start), content, None)
            parts += (HEAD.pack(len(sealed), crc32(sealed)), sealed)
            start += HEAD.size + len(sealed)
        return b"".join(parts)

    def frames(self, block: bytes, start: int) -> Iterator[Frame]:
        """The whole frames at the beginning of ``block``, which was read from ``start`` on.

        Raises:
            SpoolKeysError: the secret is not the one they were sealed with.
        """
        place, view = 0, memoryview(block)
        while (length := whole_frame(view, place)) is not None:
            sealed = view[place + HEAD.size : place + HEAD.size + length]
            try:
                content = self._cipher.decrypt(_NONCE.pack(start + place), sealed, None)
            except InvalidTag:
                raise _other_keys(self._name) from None
            place += HEAD.size + length
            yield Frame(content, start + place)


def sealed_size(contents: list[bytes]) -> int:
    """Bytes that frames of ``contents`` take."""
    return sum(map(len, contents)) + (HEAD.size + _TAG_BYTES) * len(contents)


def whole_frame(block: memoryview, place: int) -> int | None:
    """Length of the sealed bytes of the frame at ``place``; None where none stands there whole."""
    if len(block) - place < HEAD.size:
        return None
    length, checksum = HEAD.unpack_from(block, place)
    body = block[place + HEAD.size : place + HEAD.size + length]
    if not _TAG_BYTES <= length <= LARGEST_FRAME + _TAG_BYTES or len(body) < length:
        return None
    return length if crc32(body) == checksum else None


def name_of(path: Path) -> str:
    """A segment's name in the database."""
    return path.name.removesuffix(SUFFIX)


def segment_files(directory: Path) -> list[Path]:
    """The segments of a spool, the least recently written first."""
    dated = []
    for path in directory.glob(f"*{SUFFIX}"):
        try:
            dated.append((path.stat().st_mtime_ns, path.name, path))
        except FileNotFoundError:
            continue  # loaded and deleted between the two looks
    return [path for _, _, path in sorted(dated)]


def _other_keys(name: str) -> SpoolKeysError:
    return SpoolKeysError(
        Words(
            zh=f"暂存段 {name} 是用另一份密钥文件写入的：请从备份恢复当时的 "
            "secrets/vault-keys.json；在此之前该文件不会被删除",
            en=f"the spool segment {name} was written under another key file: restore "
            "secrets/vault-keys.json of that time from a backup; until then it is not deleted",
        )
    )
