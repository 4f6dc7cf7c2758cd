"""Text of a file as lines: the encoding found out, bytes that do not fit it pointed at."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import BinaryIO

from tenure.words import Words

from ..problems import CannotImportError
from .content import Content, looks_utf16, open_bytes, read_some

BLOCK = 1 << 20
LONGEST_LINE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["gb18030", "big5", "cp1252", "shift_jis", "euc_kr", "cp1251", "cp1250"]
_COMMON_HAN = re.compile(r"[\u4e00-\u9fa5\u3000-\u303f\uff00-\uffef]")
# Lone bytes that did not decode, and NULs, which no database column takes.
BROKEN = re.compile("[\ud800-\udfff\ufffd\x00]")


def detect_encoding(path: Path, content: Content) -> str:
    """The encoding of a text file, from its start, middle and end."""
    for mark, name in _MARKS:
        if content.head.startswith(mark):
            return name
    if looks_utf16(content.head):
        return "utf-16-be" if content.head[0] == 0 else "utf-16-le"
    samples = [content.head] if content.packed else [content.head, *_later_samples(path)]
    return next((name for name in map(_encoding_of, samples) if name != "ascii"), "utf-8")


def _later_samples(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        for share in (0.25, 0.5, 0.75):
            file.seek(int(size * share))
            yield file.read(BLOCK // 4).partition(b"\n")[2]


def _encoding_of(sample: bytes) -> str:
    """ascii, utf-8, or the likeliest older encoding of ``sample``."""
    whole = sample.rpartition(b"\n")[0] or sample
    if whole.isascii():
        return "ascii"
    if _mostly_utf8(whole):
        return "utf-8"
    lines = [line for line in whole.split(b"\n") if not line.isascii()]
    telling = b"\n".join(lines)[: 1 << 16].rpartition(b"\n")[0] or lines[0][: 1 << 16]
    return _older_encoding(telling)


def _mostly_utf8(sample: bytes) -> bool:
    """UTF-8 throughout, or with few broken places: those lines are refused one by one."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        lines = [line for line in sample.split(b"\n") if not line.isascii()]
        good = sum(1 for line in lines if _decodes(line, "utf-8"))
        return good > 0.5 * len(lines)
    return True


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _older_encoding(sample: bytes) -> str:
    """Chinese where it reads as common Chinese characters, else the best guess, else Latin-1."""
    if _reads_as_chinese(sample):
        return "gb18030"
    from charset_normalizer import from_bytes  # slow to load and seldom needed

    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    return best.encoding if best is not None else "latin-1"


def _reads_as_chinese(sample: bytes) -> bool:
    """Whether GB18030 gives runs of common characters: level 1 of GB 2312 holds 99 % of text."""
    try:
        text = sample.decode("gb18030")
    except UnicodeDecodeError:
        return False
    foreign = [character for character in text if ord(character) > 127]
    first_level = sum(1 for character in foreign if _is_first_level(character))
    return first_level > 0.6 * len(foreign) and len(foreign) * 2 > _high_bytes(sample) * 0.9


def _is_first_level(character: str) -> bool:
    if not _COMMON_HAN.match(character):
        return False
    return 0xA1 <= character.encode("gb18030")[0] <= 0xD7


def _high_bytes(sample: bytes) -> int:
    return sum(1 for byte in sample if byte > 127)


class TextLines:
    """The lines of a text file, newline kept.

    Attributes:
        dirty: whether the block being read holds bytes that do not fit the encoding, so
            that rows from it must be looked at.
        done: bytes of the stored file read so far.
    """

    def __init__(self, path: Path, encoding: str, *, packed: bool) -> None:
        self.path = path
        self.encoding = encoding
        self.packed = packed
        self.dirty = False
        self.done = 0

    def __iter__(self) -> Iterator[str]:
        wide = self.encoding.startswith(("utf-16", "utf-32"))
        for text in self._wide_blocks() if wide else self._blocks():
            yield from StringIO(text)

    def _blocks(self) -> Iterator[str]:
        for number, block in enumerate(self._whole_lines()):
            encoding = self.encoding
            if encoding == "utf-8-sig" and number:
                encoding = "utf-8"
            yield _unix(self._decode(block, encoding))

    def _decode(self, block: bytes, encoding: str) -> str:
        self.dirty = 0 in block
        try:
            return block.decode(encoding)
        except UnicodeDecodeError:
            self.dirty = True
        lines = block.splitlines(keepends=True) if b"\n" not in block else _split(block)
        return "".join(line.decode(encoding, "surrogateescape") for line in lines)

    def _whole_lines(self) -> Iterator[bytes]:
        """Blocks that end at a line's end."""
        rest = b""
        with open_bytes(self.path, packed=self.packed) as file:
            while block := read_some(file, BLOCK, self.path):
                self.done = stored_position(file)
                whole, newline, rest = (rest + block).rpartition(b"\n")
                if not newline and b"\r" in rest:
                    whole, newline, rest = rest.rpartition(b"\r")
                if len(rest) > LONGEST_LINE:
                    raise too_long(self.path)
                if newline:
                    yield whole + newline
        if rest:
            yield rest

    def _wide_blocks(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        rest = ""
        with open_bytes(self.path, packed=self.packed) as file:
            while block := read_some(file, BLOCK, self.path):
                self.done = stored_position(file)
                whole, newline, rest = _unix(rest + decoder.decode(block)).rpartition("\n")
                if len(rest) > LONGEST_LINE:
                    raise too_long(self.path)
                self.dirty = "\ufffd" in whole or "\x00" in whole
                yield whole + newline
        yield rest + decoder.decode(b"", final=True)


def stored_position(file: BinaryIO) -> int:
    """Bytes of the stored file read so far, also where it is packed."""
    packed = getattr(file, "fileobj", None)
    return int(packed.tell()) if packed is not None else file.tell()


def _split(block: bytes) -> list[bytes]:
    return [line + b"\n" for line in block.split(b"\n")[:-1]] + [block.rpartition(b"\n")[2]]


def _unix(text: str) -> str:
    """Line ends of Windows and of old Macs as one newline."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def too_long(path: Path) -> CannotImportError:
    """The error for a file without line ends."""
    return CannotImportError(
        Words(
            zh=f"{path.name} 中有超过 1 MB 的单行，不像数据表",
            en=f"{path.name} holds a line longer than 1 MB: this does not look like a table",
        )
    )


def broken_bytes(text: str, encoding: str) -> Words:
    """Which byte of a row does not fit, for the refused-rows report."""
    found = BROKEN.search(text)
    code = ord(found.group()) if found else 0
    byte = "00" if code == 0 else f"{code - 0xDC00:02X}" if 0xDC80 <= code <= 0xDCFF else "?"
    place = found.start() + 1 if found else 0
    return Words(
        zh=f"字节 0x{byte}（本行第 {place} 个字符处）不是 {encoding} 编码",
        en=f"byte 0x{byte} at character {place} of the row is not {encoding}",
    )
