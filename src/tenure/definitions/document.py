"""One document while it is being read: its places, its problems, and single values."""

from __future__ import annotations

import re

from tenure.definitions.base import DefinitionProblem, Origin, Position
from tenure.definitions.expression.text import caret_line
from tenure.definitions.yaml_values import Entries, Scalar, Value
from tenure.words import Words

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
EVENT_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EMPTY = {"", "~", "null"}

KEY_RULE = Words(
    "名称由英文小写字母、数字和下划线组成，以字母开头，最多 64 个字符",
    "a key is made of a-z, 0-9 and _, starts with a letter, and has at most 64 characters",
)
EVENT_KEY_RULE = Words(
    "事件类型写作“名词.过去分词”，如 order.placed",
    "an event type is written noun.past_participle, such as order.placed",
)
WORDS_RULE = Words("要中英文两种：{zh: …, en: …}", "this needs both languages: {zh: …, en: …}")


class Document:
    """One document of a file while it is being read, with the problems found so far."""

    def __init__(self, root: Entries, lines: tuple[str, ...], file: str | None) -> None:
        self.root = root
        self.file = file
        self.label = ""
        self.problems: list[DefinitionProblem] = []
        self.marks: dict[str, Position] = {}
        self._lines = lines

    def origin(self) -> Origin:
        """Where the document stands and where its values stand."""
        return Origin(self.file, *self.root.position, self.marks)

    def refuse(
        self, position: Position, path: str, cause: Words, *, nearest: str | None = None
    ) -> None:
        """Note a problem and go on, so that one reading finds them all."""
        line, column = position
        excerpt = None
        if 0 < line <= len(self._lines):
            excerpt = caret_line(self._lines[line - 1], column - 1, column)
        where = f"{self.label}: {path}" if self.label and path else self.label or path
        self.problems.append(
            DefinitionProblem(self.file, line, column, where, cause, nearest, excerpt)
        )

    def text_of(self, value: Value, path: str) -> str:
        """A text; numbers are kept as they are written."""
        if not isinstance(value, Scalar):
            self.refuse(value.position, path, Words("要一段文本", "this must be text"))
            return ""
        if not value.quoted and value.text in ("true", "false", "null", "~"):
            cause = Words(
                f"要一段文本；要写单词 {value.text} 就加引号",
                f"this must be text; put quotes around {value.text}",
            )
            self.refuse(value.position, path, cause)
        if _UNFIT.search(value.text):
            cause = Words("含有不可见的控制字符", "this holds invisible control characters")
            self.refuse(value.position, path, cause)
        if not value.text.strip():
            self.refuse(value.position, path, Words("不能为空", "this must not be empty"))
        return value.text

    def key_of(self, value: Value, path: str, pattern: re.Pattern[str]) -> str:
        """A key that definitions are named by."""
        found = self.text_of(value, path)
        if found and not pattern.fullmatch(found):
            rule = EVENT_KEY_RULE if pattern is EVENT_KEY else KEY_RULE
            self.refuse(value.position, path, rule)
        return found


def is_empty(value: Value) -> bool:
    """Whether nothing, or null, is written."""
    return isinstance(value, Scalar) and not value.quoted and value.text in _EMPTY
