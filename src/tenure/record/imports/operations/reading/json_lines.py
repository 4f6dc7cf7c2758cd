"""JSON lines (and arrays) of objects, inner objects flattened with dots."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

import msgspec

from tenure.words import Words

from ..problems import CannotImportError
from .content import Content
from .encoding import TextLines, detect_encoding
from .table import Cell, Cells, ReadOptions, Refuse

_SAMPLED = 1000
_LARGEST_ARRAY = 200_000_000
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class JsonLinesTable:
    """A file of JSON objects; its columns are the keys of the first thousand."""

    notes: tuple[Words, ...] = ()

    def __init__(self, path: Path, options: ReadOptions, lines: TextLines) -> None:
        self.path = path
        self.options = options
        self.columns = options.columns
        self._lines = lines
        self._size = max(path.stat().st_size, 1)

    def progress(self) -> float:
        """The share of the stored bytes read."""
        return min(self._lines.done / self._size, 1.0)

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each object as (line, its values in the order of the columns)."""
        columns = self.columns
        for line, text in enumerate(texts_of(self._lines), start=1):
            if not text.strip():
                continue
            try:
                row = flat_object(text)
            except (ValueError, UnicodeEncodeError) as problem:
                refuse(line, [text.rstrip("\n")], _not_json(problem))
                continue
            yield line, [row.get(column) for column in columns]


def texts_of(lines: TextLines) -> Iterator[str]:
    """The text of each object: the lines, or the items of one array of objects.

    Raises:
        CannotImportError: an array too large to be read at once.
    """
    source = iter(lines)
    first = ""
    for first in source:
        if first.strip():
            break
        yield ""
    if not first.lstrip().startswith("["):
        yield first
        yield from source
        return
    whole = first + "".join(_at_most(source, _LARGEST_ARRAY, lines.path))
    try:
        items = msgspec.json.decode(whole, type=list[msgspec.Raw])
    except ValueError as problem:
        raise CannotImportError(
            Words(
                zh=f"{lines.path.name} 以 [ 开头，却不是 JSON 数组：{json_problem(problem).zh}",
                en=f"{lines.path.name} begins with [ but is no JSON array: "
                f"{json_problem(problem).en}",
            )
        ) from problem
    yield from (bytes(item).decode() for item in items)


def _at_most(source: Iterator[str], most: int, path: Path) -> Iterator[str]:
    """The texts of ``source`` as long as they are no more than ``most`` characters together."""
    count = 0
    for text in source:
        count += len(text)
        if count > most:
            raise CannotImportError(
                Words(
                    zh=f"{path.name} 是超过 200 MB 的 JSON 数组：请改成每行一个对象"
                    "（jq -c '.[]' 文件）",
                    en=f"{path.name} is a JSON array of more than 200 MB: write one object per "
                    "line (jq -c '.[]' FILE)",
                )
            )
        yield text


def flat_object(text: str) -> dict[str, Cell]:
    """The object of one line; ``{"user": {"id": 1}}`` has the key ``user.id``.

    Raises:
        ValueError: not JSON, or not an object.
    """
    value = _decode(text)
    if not isinstance(value, dict):
        raise ValueError(f"a {type(value).__name__}, not an object")
    return flat_mapping(value)


def flat_mapping(value: Mapping[str, object]) -> dict[str, Cell]:
    """An object as one row: inner objects under dotted names, lists as JSON text."""
    flat: dict[str, Cell] = {}
    _flatten(value, "", flat)
    return flat


def json_problem(problem: ValueError) -> Words:
    """What is wrong with a JSON text, and at which byte where that is known."""
    text = str(problem)
    place = re.search(r"\(byte (\d+)\)", text)
    if isinstance(problem, UnicodeError):
        return Words(zh="有些字节不合文件的编码", en="some bytes do not fit its encoding")
    if "truncated" in text:
        return Words(zh="内容不完整，中途断了", en="it is cut off")
    if place is not None:
        byte = int(place[1]) + 1
        return Words(zh=f"第 {byte} 个字节处写法有误", en=f"it goes wrong at byte {byte}")
    if isinstance(problem, msgspec.ValidationError) or "not an object" in text:
        return Words(zh="是别的 JSON 值", en="it is another JSON value")
    return Words(zh="写法有误", en=text)


def _flatten(value: Mapping[str, object], prefix: str, into: dict[str, Cell]) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict):
            _flatten(inner, f"{prefix}{key}.", into)
        elif isinstance(inner, list):
            into[prefix + key] = _encode(inner).decode()
        elif inner is None or isinstance(inner, (str, int, float, bool)):
            into[prefix + key] = inner


def _not_json(problem: ValueError) -> Words:
    what = json_problem(problem)
    return Words(zh=f"不是 JSON 对象：{what.zh}", en=f"not a JSON object: {what.en}")


def open_json_lines(path: Path, content: Content, options: ReadOptions) -> JsonLinesTable:
    """The table of a JSON lines file.

    Raises:
        CannotImportError: none of the first lines is an object.
    """
    lines = TextLines(
        path, options.encoding or detect_encoding(path, content), packed=content.packed
    )
    columns: dict[str, None] = {}
    for text in islice(texts_of(lines), _SAMPLED):
        try:
            columns.update(dict.fromkeys(flat_object(text)))
        except (ValueError, UnicodeEncodeError):
            continue
    if not columns:
        raise CannotImportError(
            Words(
                zh=f"{path.name} 的前 {_SAMPLED} 行没有 JSON 对象；每行应是一个对象",
                en=f"{path.name}: no JSON object in its first {_SAMPLED} lines; "
                "every line must be one object",
            )
        )
    settled = replace(options, format="json_lines", encoding=lines.encoding, columns=tuple(columns))
    return JsonLinesTable(path, settled, lines)
