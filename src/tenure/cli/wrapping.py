"""Breaking lines of Chinese and English by the cells they take on a terminal.

English breaks at spaces; Chinese between any two characters, but no line begins with a closing
mark or ends with an opening one (the usual rule of Chinese typesetting, GB/T 15834).
"""

from __future__ import annotations

import re

from rich.cells import cell_len

_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—"
_PIECES = re.compile(rf"\s+|[{_WIDE}]|[^\s{_WIDE}]+")
_NO_BEGINNING = set("，。、；：！？）》】”’…—％,.;:!?)")
_NO_END = set("（《【“‘(")


def wrap(text: str, width: int) -> str:
    """``text`` with line breaks so that no line takes more than ``width`` cells.

    Lines of the text stay lines; a word longer than the width stays whole.
    """
    return "\n".join(_wrap_line(line, width) for line in text.split("\n"))


def _wrap_line(line: str, width: int) -> str:
    if cell_len(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    lines, current = [], indent
    for unit in _units(line.lstrip()):
        if cell_len(current) + cell_len(unit.rstrip()) > width and current.strip():
            lines.append(current.rstrip())
            current = indent + unit.lstrip()
        else:
            current += unit
    return "\n".join([*lines, current.rstrip()])


def _units(text: str) -> list[str]:
    """Pieces that must stay on one line, each with the space before it."""
    units: list[str] = []
    for piece in _PIECES.findall(text):
        joins = units and (
            (piece[0] in _NO_BEGINNING) or units[-1][-1] in _NO_END or units[-1].isspace()
        )
        if joins:
            units[-1] += piece
        else:
            units.append(piece)
    return units
