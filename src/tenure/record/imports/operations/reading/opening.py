"""Opens a file with the reader for what it holds, whatever its name ends in."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from tenure.words import Words

from ..problems import CannotImportError, did_you_mean
from .content import Content, inspect, not_a_table
from .delimited import checked_encoding, open_delimited
from .encoding import TextLines, detect_encoding
from .fixed_width import open_fixed_width
from .json_lines import open_json_lines
from .sniffing import find_shape
from .table import FORMATS, ReadOptions, Table

_SNIFFED_LINES = 200
_JSON = re.compile(rb'(\[\s*)?\{\s*"')
_FORMAT_OF_KIND = {"workbook": "workbook", "parquet": "parquet"}


def open_table(path: Path, options: ReadOptions | None = None) -> Table:
    """The table in ``path``, by what the file holds and what ``options`` says.

    Raises:
        CannotImportError: missing, empty, no table, or not what ``options`` says it is.
    """
    options = options or ReadOptions()
    content = inspect(path)
    if content.packed and content.kind != "text":
        raise CannotImportError(
            Words(zh=f"请先解压 {path.name} 再导入", en=f"unpack {path.name} first, then import it")
        )
    found = _FORMAT_OF_KIND.get(content.kind)
    if found is None:
        return _open_text(path, content, options)
    _check_format(path, options.format, {found})
    # Loaded when needed: each takes longer to load than a small text file to import.
    if found == "parquet":
        from .parquet import open_parquet

        return open_parquet(path, options)
    from .workbook import open_workbook

    return open_workbook(path, options)


def _check_format(path: Path, wanted: str | None, possible: set[str]) -> None:
    if wanted is None or wanted in possible:
        return
    hint = did_you_mean(wanted, FORMATS)
    if wanted not in FORMATS:
        raise CannotImportError(
            Words(zh=f"没有名为 {wanted} 的格式{hint.zh}", en=f"no format {wanted}{hint.en}")
        )
    names = "/".join(sorted(possible))
    raise CannotImportError(
        Words(
            zh=f"{path.name} 应为 {wanted}，内容却是 {names}",
            en=f"{path.name} should be {wanted} but holds {names}",
        )
    )


def _open_text(path: Path, content: Content, options: ReadOptions) -> Table:
    _check_format(path, options.format, {"delimited", "fixed_width", "json_lines", "vcard"})
    if options.format == "json_lines" or _looks_like_json(content, options):
        return open_json_lines(path, content, options)
    if options.format == "vcard" or _looks_like_cards(content, options):
        from .vcards import open_vcards

        return open_vcards(path, content, options)
    if options.format == "fixed_width":
        return open_fixed_width(path, content, options)
    if options.delimiter is not None:
        return open_delimited(path, content, options, options.delimiter)
    encoding = checked_encoding(options.encoding) or detect_encoding(path, content)
    lines = TextLines(path, encoding, packed=content.packed)
    shape = find_shape(list(islice(iter(lines), _SNIFFED_LINES)))
    if shape is None:
        raise not_a_table(
            path,
            Words(
                zh="前 200 行中找不到分隔符：逗号、分号、制表符、竖线、空格都不能分出列",
                en="no separator in its first 200 lines: comma, semicolon, tab, bar and spaces "
                "do not give columns",
            ),
        )
    if shape.delimiter is None:
        return open_fixed_width(path, content, options)
    return open_delimited(path, content, options, shape.delimiter)


def _looks_like_json(content: Content, options: ReadOptions) -> bool:
    start = content.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return options.format is None and bool(_JSON.match(start))


def _looks_like_cards(content: Content, options: ReadOptions) -> bool:
    start = content.head.lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\x00", b"")[:40]
    marked = start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return options.format is None and marked[:11].upper() == b"BEGIN:VCARD"
