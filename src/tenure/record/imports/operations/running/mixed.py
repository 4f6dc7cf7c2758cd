"""Notices a file that changes its encoding half-way, as files put together from two do."""

from __future__ import annotations

from tenure.words import Words

from ..reading.encoding import BROKEN
from ..reading.table import Cells

_MANY = 10
_OTHERS = {"gb18030": "GB18030", "utf-8": "UTF-8"}


class MixedEncodings:
    """Counts refused rows whose bytes do not fit the file's encoding but do fit another."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._rows: dict[str, int] = {}

    def look(self, line: int, cells: Cells) -> None:
        """Look at a refused row."""
        text = ",".join(str(cell) for cell in cells if cell is not None)
        if not BROKEN.search(text):
            return
        for encoding in _OTHERS:
            if _reads_as(text, encoding):
                self._first.setdefault(encoding, line)
                self._rows[encoding] = self._rows.get(encoding, 0) + 1
                return

    def note(self) -> Words | None:
        """From which line on the file looks otherwise; None where hardly any row does."""
        for encoding, rows in self._rows.items():
            if rows >= _MANY:
                line, name = self._first[encoding], _OTHERS[encoding]
                return Words(
                    zh=f"从第 {line} 行起看来是 {name} 编码（{rows:,} 行）：请把文件转成同一种编码",
                    en=f"from line {line} this looks like {name} ({rows:,} rows): "
                    "convert the file to one encoding",
                )
        return None


def _reads_as(text: str, encoding: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape").decode(encoding)
    except UnicodeError:
        return False
    return True
