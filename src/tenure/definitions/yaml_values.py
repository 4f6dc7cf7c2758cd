"""YAML as values with places: every key and scalar knows its line and column.

Read from YAML's events rather than through its constructors: no tags, anchors or merge keys,
no ``yes`` turned into true or ``12:30`` into a number, duplicate keys refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml

from tenure.definitions.base import DefinitionError, DefinitionProblem, Position
from tenure.definitions.expression.text import caret_line
from tenure.words import Words

_Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]
_FAST: _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 12
MAX_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; ``quoted`` says that it can only be text."""

    text: str
    quoted: bool
    position: Position
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    values: tuple[Value, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping, in the order written."""

    values: dict[str, Value]
    keys: dict[str, Position]
    position: Position


Value = Scalar | Items | Entries


def read_documents(text: str, file: str | None) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    """The documents of a YAML text (empty ones left out) and the lines of the text.

    Raises:
        DefinitionError: not YAML, or YAML beyond what definitions need.
    """
    text = text.removeprefix("\ufeff")
    lines = tuple(text.splitlines())
    reader = _Reader(text, lines, file)
    if len(text) > MAX_CHARACTERS:
        cause = Words(
            f"文件超过 {MAX_CHARACTERS} 个字符，不像是定义文件",
            f"the file has more than {MAX_CHARACTERS} characters: hardly a file of definitions",
        )
        raise reader.refused((1, 1), cause)
    try:
        return tuple(reader.documents(_FAST)), lines
    except (yaml.YAMLError, UnicodeEncodeError):
        # The parser in C is quicker, the one in Python says better what is wrong.
        try:
            return tuple(reader.documents(yaml.SafeLoader)), lines
        except yaml.YAMLError as error:
            raise reader.not_yaml(error) from error


class _Mark(Protocol):
    line: int
    column: int


class _Reader:
    def __init__(self, text: str, lines: tuple[str, ...], file: str | None) -> None:
        self._text = text
        self._lines = lines
        self._file = file
        self._events: Iterator[yaml.Event] = iter(())

    def documents(self, loader: _Loader) -> Iterator[Value]:
        self._events = yaml.parse(self._text, Loader=loader)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                value = self._value(next(self._events), 0)
                if not (isinstance(value, Scalar) and not value.quoted and not value.text):
                    yield value

    def refused(self, position: Position, cause: Words) -> DefinitionError:
        line, column = position
        excerpt = None
        if 0 < line <= len(self._lines):
            excerpt = caret_line(self._lines[line - 1], column - 1, column)
        return DefinitionError(
            [DefinitionProblem(self._file, line, column, "", cause, excerpt=excerpt)]
        )

    def not_yaml(self, error: yaml.YAMLError) -> DefinitionError:
        if isinstance(error, yaml.reader.ReaderError):
            before = self._text[: error.position]
            position = before.count("\n") + 1, error.position - before.rfind("\n")
            code = error.character if isinstance(error.character, int) else 0
            cause = Words(
                f"不允许的字符 U+{code:04X}；这不是文本文件，或已损坏",
                f"the character U+{code:04X} is not allowed: not a text file, or a damaged one",
            )
            return self.refused(position, cause)
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        position = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return self.refused(position, _syntax(str(getattr(error, "problem", "") or "")))

    def _value(self, event: yaml.Event, depth: int) -> Value:
        position = _position(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            cause = Words("定义里不用 & 和 * 引用", "definitions use no anchors and aliases")
            raise self.refused(position, cause)
        if getattr(event, "tag", None) is not None:
            raise self.refused(
                position, Words("定义里不用 ! 标签", "definitions use no tags such as !x")
            )
        if depth > MAX_DEPTH:
            raise self.refused(position, Words("嵌套太深", "nested too deeply"))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, position)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self._items(depth)), position)
        return self._mapping(position, depth)

    def _items(self, depth: int) -> Iterator[Value]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._value(event, depth + 1)

    def _mapping(self, position: Position, depth: int) -> Entries:
        values: dict[str, Value] = {}
        keys: dict[str, Position] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._value(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self.refused(
                    _position(event), Words("键必须是一个词", "a key must be a single word")
                )
            if key.text in values:
                line = keys[key.text][0]
                cause = Words(
                    f"键 {key.text} 重复（第 {line} 行已写过）",
                    f"the key {key.text} is written twice (first on line {line})",
                )
                raise self.refused(key.position, cause)
            keys[key.text] = key.position
            values[key.text] = self._value(next(self._events), depth + 1)
        return Entries(values, keys, position)

    def _scalar(self, event: yaml.ScalarEvent, position: Position) -> Scalar:
        style = event.style or ""
        last = _place(event.end_mark)[0]
        plain_line = not style and position[0] == last
        positions = () if plain_line else self._positions(event.value, style, position, last)
        return Scalar(event.value, bool(style), positions[0] if positions else position, positions)

    def _positions(
        self, value: str, style: str, start: Position, last: int
    ) -> tuple[Position, ...]:
        """The place of each character of a quoted, folded or indented value.

        Walks over value and file side by side; both hold the same visible characters in the
        same order, apart from quotes, indentation and escapes, which are stepped over.
        """
        line, column = (start[0] + 1, 1) if style in "|>" and style else start
        column += style in ("'", '"')
        places = []
        for character in value:
            if not character.isspace():
                line, column = self._find(character, line, column, last)
            places.append((line, column))
            column += 1
        return tuple(places)

    def _find(self, character: str, line: int, column: int, last: int) -> Position:
        """The next ``character`` from here on; here itself where it was written as an escape."""
        for candidate in range(line, min(last, len(self._lines)) + 1):
            start = column - 1 if candidate == line else 0
            found = self._lines[candidate - 1].find(character, start)
            if found >= 0:
                return candidate, found + 1
        return line, column


def _position(event: yaml.Event) -> Position:
    return _place(event.start_mark)


def _place(mark: _Mark | None) -> Position:
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


_SYNTAX = (
    ("\\t", Words("缩进只能用空格，不能用制表符", "indent with spaces, not with tabs")),
    (
        "mapping values are not allowed",
        Words(
            "这里不该有冒号；含“: ”的文本要加引号，或检查缩进",
            "no colon may stand here: quote text that holds ': ', or check the indentation",
        ),
    ),
    ("found unexpected end of stream", Words("引号没有关闭", "a quote is not closed")),
    ("could not find expected ':'", Words("键后面缺少冒号", "a colon is missing after the key")),
    (
        "expected <block end>",
        Words("缩进不对齐，或少了“- ”", "the indentation does not line up, or a '- ' is missing"),
    ),
    (
        "expected ',' or",
        Words("缺少逗号，或括号没有关闭", "a comma or a closing bracket is missing"),
    ),
)


def _syntax(problem: str) -> Words:
    for fragment, words in _SYNTAX:
        if fragment in problem:
            return words
    return Words(
        "这里不是有效的 YAML；检查缩进、引号和括号",
        "this is not valid YAML: check indentation, quotes and brackets",
    )
