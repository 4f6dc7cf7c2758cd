from __future__ import annotations

import gzip
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tenure.record.imports.operations import CannotImportError
from tenure.record.imports.operations.reading import ReadOptions, open_table

from .files import put, read


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 * 1024**3)


def _noise(path: Path) -> None:
    """Random bytes at the start of ten gigabytes."""
    with path.open("wb") as file:
        file.write(os.urandom(1 << 20).replace(b"\x00", b"\x01"))
        file.truncate(10 * 1024**3)


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "empty"),
    "blank": (lambda path: path.write_bytes(b"\xef\xbb\xbf \n\n"), "empty"),
    "pdf": (lambda path: path.write_bytes(b"%PDF-1.7 ..."), "PDF"),
    "image": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "PNG"),
    "old excel": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 99),
        "save it as .xlsx",
    ),
    "archive": (_archive, "unpack it"),
    "web page": (lambda path: path.write_bytes(b"<!DOCTYPE html><html>"), "web page"),
    "text without columns": (
        lambda path: path.write_text("hello\nworld foo\nx\n" * 9),
        "separator",
    ),
    "binary": (lambda path: path.write_bytes(b"a,b\n1,\x00\x01\x02,3\n" * 99), "NUL at byte"),
    "nothing but NULs, 10 GB": (_sparse, "NUL"),
    "noise, 10 GB": (_noise, "NUL|not a table|longer than 1 MB"),
    "one endless line": (lambda path: path.write_bytes(b"a," * (3 << 20)), "longer than 1 MB"),
    "cut off gzip": (
        lambda path: path.write_bytes(gzip.compress(os.urandom(9999))[:2000]),
        "cut off",
    ),
    "cut off parquet": (lambda path: path.write_bytes(b"PAR1" + b"x" * 50), "damaged"),
    "damaged workbook": (
        lambda path: path.write_bytes(b"PK\x03\x04" + b"[Content_Types].xml" + b"x" * 99),
        "damaged",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_told_apart_at_once(tmp_path: Path, kind: str) -> None:
    make, message = BAD[kind]
    path = tmp_path / "orders.csv"
    make(path)
    started = time.monotonic()
    with pytest.raises(CannotImportError, match=message) as caught:
        read(path)
    assert time.monotonic() - started < 5
    assert "orders.csv" in caught.value.words.zh


def test_what_is_only_called_parquet_is_told(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    path.write_bytes(b"words\n" * 9)
    with pytest.raises(CannotImportError, match="this is not Parquet"):
        read(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CannotImportError, match="no file"):
        open_table(tmp_path / "nowhere.csv")


def test_a_header_alone_gives_no_rows(tmp_path: Path) -> None:
    assert read(put(tmp_path, "id,date,amount\n")) == ([], [])


def test_a_line_of_two_megabytes_later_in_the_file(tmp_path: Path) -> None:
    path = put(tmp_path, "id,name\n" + "1,a\n" * 300_000 + "2," + "x" * (2 << 20) + "\n")
    with pytest.raises(CannotImportError, match="longer than 1 MB"):
        read(path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ReadOptions(format="parquet"), "should be parquet but holds"),
        (ReadOptions(format="workbok"), "did you mean workbook"),
        (ReadOptions(encoding="utf-88"), "no encoding utf-88"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, options: ReadOptions, message: str) -> None:
    with pytest.raises(CannotImportError, match=message):
        open_table(put(tmp_path, "a,b\n1,2\n"), options)
