"""Whatever a file holds: rows, refused rows, or one plain message. Never anything else."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenure.definitions import Library
from tenure.record.imports.operations.guessing import guess_map
from tenure.record.imports.operations.reading import open_table
from tenure.words import TenureError

from .files import vocabulary

WORDS = """客户 date amount order phone 1 -2.5 ￥3,000 2024-05-01 13/1/24 20240501 45000 张三 a@b.cc
, , , ; | � { [ null () = 1.5.2011 1e5"""
MARKS = ["\t", " ", "\n", "\n", "\r\n", '"', '""', "\x00", "\ufeff"]
LIKE_A_TABLE = st.lists(st.sampled_from([*WORDS.split(), *MARKS]), max_size=80).map("".join)
ENCODINGS = ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-8-sig"]


@cache
def library() -> Library:
    return Library.of(vocabulary())


def _read_and_guess(path: Path) -> None:
    with suppress(TenureError):
        table = open_table(path)
        width = len(table.columns)
        refused: list[int] = []
        lines = []
        for line, cells in table.rows(lambda line, _cells, _why: refused.append(line)):
            assert len(cells) == width
            lines.append(line)
        assert lines == sorted(set(lines))
        guess = guess_map(table, library(), base_currency="CNY")
        for question in list(guess.questions):
            guess.answer(question, question.choices[0][1] if question.choices else "order.placed")
        guess.map("guessed.yaml")


@given(st.binary(max_size=2000))
@example(b"PK\x03\x04xl/")
@example(b"\x1f\x8b\x08")
@example(b"PAR1")
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe\x00\x00")
@example(b'"')
@example(b"[{")
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file.csv"
    path.write_bytes(data)
    _read_and_guess(path)


@settings(max_examples=300)
@given(LIKE_A_TABLE, st.sampled_from(ENCODINGS))
def test_anything_like_a_table(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("like") / "file.csv"
    path.write_bytes(text.encode(encoding))
    _read_and_guess(path)
