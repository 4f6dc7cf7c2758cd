"""The text of an expression and where each of its characters stands in its file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tenure.definitions.base import DefinitionProblem, Position
from tenure.words import Words


@dataclass(frozen=True, slots=True)
class SourceText:
    """An expression as written.

    Attributes:
        text: the characters of the expression, after YAML has been undone.
        file: file it stands in, if any.
        line: line of its first character, from 1.
        column: column of its first character, from 1.
        path: which value it is, for messages, such as ``metric orders_90d: where``.
        positions: place of each character where YAML folded, indented or escaped the text;
            empty when the text stands in the file as it is.
    """

    text: str
    file: str | None = None
    line: int = 1
    column: int = 1
    path: str = ""
    positions: tuple[Position, ...] = ()

    def position(self, offset: int) -> Position:
        """Line and column in the file of the character at ``offset`` (or just past the end)."""
        if self.positions:
            line, column = self.positions[min(offset, len(self.positions) - 1)]
            return line, column + max(0, offset - len(self.positions) + 1)
        before = self.text[:offset]
        newlines = before.count("\n")
        if newlines:
            return self.line + newlines, offset - before.rfind("\n")
        return self.line, self.column + offset

    def problem(
        self, start: int, end: int, cause: Words, *, nearest: str | None = None
    ) -> DefinitionProblem:
        """A problem with the characters from ``start`` up to ``end``."""
        line, column = self.position(start)
        excerpt = caret_line(self.text, start, end)
        return DefinitionProblem(self.file, line, column, self.path, cause, nearest, excerpt)


def caret_line(text: str, start: int, end: int, *, width: int = 100) -> str:
    """The line around ``start`` with carets under ``start`` to ``end``, cut to ``width``."""
    first = text.rfind("\n", 0, start) + 1
    newline = text.find("\n", start)
    last = len(text) if newline < 0 else newline
    left = max(first, start - width // 2)
    shown = text[left : min(last, left + width)]
    padding = "".join(_blank(character) for character in text[left:start])
    carets = "^" * max(1, min(end, last, left + width) - start)
    return "".join(_visible(c) for c in shown) + "\n" + padding + carets


def _blank(character: str) -> str:
    # Wide characters take two cells in a terminal; an ideographic space does as well.
    return "\u3000" if unicodedata.east_asian_width(character) in "WF" else " "


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    return character if character.isprintable() or character == "\u3000" else "\ufffd"
