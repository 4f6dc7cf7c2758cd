"""What a file really is, by its first bytes: the name may say something else."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from tenure.words import Words

from ..problems import CannotImportError

SAMPLE = 1 << 20
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_TABLES: tuple[tuple[bytes, Words], ...] = (
    (b"%PDF", Words(zh="PDF 文档", en="a PDF document")),
    (b"\x89PNG", Words(zh="PNG 图片", en="a PNG image")),
    (b"\xff\xd8\xff", Words(zh="JPEG 图片", en="a JPEG image")),
    (b"GIF8", Words(zh="GIF 图片", en="a GIF image")),
    (b"SQLite format 3\x00", Words(zh="SQLite 数据库", en="a SQLite database")),
    (b"\x7fELF", Words(zh="程序文件", en="a program")),
    (b"MZ", Words(zh="程序文件", en="a program")),
    (b"Rar!", Words(zh="RAR 压缩包", en="a RAR archive")),
    (b"7z\xbc\xaf", Words(zh="7z 压缩包", en="a 7z archive")),
    (b"BZh", Words(zh="bzip2 压缩文件", en="a bzip2 file")),
    (b"\xfd7zXZ", Words(zh="xz 压缩文件", en="an xz file")),
    (b"\x28\xb5\x2f\xfd", Words(zh="zstd 压缩文件", en="a zstd file")),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Content:
    """What was found at the start of a file (behind gzip, where it is packed)."""

    kind: str  # text, workbook, parquet
    packed: bool
    head: bytes


def inspect(path: Path) -> Content:
    """What ``path`` holds.

    Raises:
        CannotImportError: missing, empty, or something that is not a table.
    """
    if path.is_dir():
        raise CannotImportError(
            Words(
                zh=f"{path} 是文件夹；请写出其中要导入的文件",
                en=f"{path} is a folder; name the files in it to import",
            )
        )
    if not path.is_file():
        raise CannotImportError(
            Words(zh=f"找不到文件 {path}", en=f"there is no file {path}; check the name")
        )
    packed = _starts(path, b"\x1f\x8b")
    with open_bytes(path, packed=packed) as file:
        head = read_some(file, SAMPLE, path)
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise _empty_or_nul(path, head)
    return Content(_kind(path, head), packed, head)


def _starts(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def open_bytes(path: Path, *, packed: bool) -> BinaryIO:
    """The bytes of ``path``, unpacked where it is gzip."""
    return cast(BinaryIO, gzip.open(path, "rb")) if packed else path.open("rb")


def read_some(file: BinaryIO, size: int, path: Path) -> bytes:
    """Up to ``size`` bytes.

    Raises:
        CannotImportError: a packed file that is cut off or damaged.
    """
    try:
        return file.read(size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise CannotImportError(
            Words(
                zh=f"{path.name} 的 gzip 压缩数据不完整或已损坏，请重新获取该文件；"
                "已记录的行不会重复，可继续导入",
                en=f"{path.name}: its gzip data are cut off or damaged; fetch the file again "
                "and import it: what is recorded already is not recorded twice",
            )
        ) from problem


def _empty_or_nul(path: Path, head: bytes) -> CannotImportError:
    if b"\x00" in head:
        return not_a_table(path, Words(zh="全是空字节", en="nothing but NUL bytes"))
    return CannotImportError(
        Words(zh=f"{path.name} 是空文件，没有可导入的行", en=f"{path.name} is empty: no rows")
    )


def not_a_table(path: Path, what: Words) -> CannotImportError:
    """The error for a file that holds something else than rows."""
    if path.suffix.lower() in {".parquet", ".pq"}:
        what = Words(
            zh=f"名为 {path.suffix}，内容却不是 Parquet；{what.zh}",
            en=f"called {path.suffix}, but this is not Parquet; {what.en}",
        )
    return CannotImportError(
        Words(
            zh=f"{path.name} 不是数据表（{what.zh}）。"
            "可导入 CSV、XLSX、Parquet、JSON Lines 或 vCard 文件",
            en=f"{path.name} is not a table ({what.en}). "
            "CSV, XLSX, Parquet, JSON Lines and vCard files can be imported",
        )
    )


def _kind(path: Path, head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path, head)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_OLD_EXCEL):
        raise not_a_table(
            path,
            Words(
                zh="旧版 Excel .xls，请另存为 .xlsx", en="an old Excel .xls file: save it as .xlsx"
            ),
        )
    for magic, what in _NOT_TABLES:
        if head.startswith(magic):
            raise not_a_table(path, what)
    _refuse_binary(path, head)
    return "text"


def _zip_kind(path: Path, head: bytes) -> str:
    if b"xl/" in head or b"[Content_Types].xml" in head:
        return "workbook"
    raise not_a_table(path, Words(zh="ZIP 压缩包，请先解压", en="a ZIP archive: unpack it first"))


def _refuse_binary(path: Path, head: bytes) -> None:
    if head.startswith(_UTF16_MARKS) or looks_utf16(head):
        return
    if b"\x00" in head:
        raise not_a_table(
            path,
            Words(
                zh=f"二进制数据，第 {head.index(0) + 1} 字节为空字节",
                en=f"binary data, NUL at byte {head.index(0) + 1}",
            ),
        )
    if head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype", b"<html")):
        raise not_a_table(path, Words(zh="网页", en="a web page"))


def looks_utf16(head: bytes) -> bool:
    """Whether text without a mark has the NULs of UTF-16 on every other byte."""
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    return len(sample) >= 8 and most > 0.3 * len(sample) / 2 and least < 0.02 * len(sample)
