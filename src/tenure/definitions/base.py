"""What all definitions share: a key, a name in both languages, a place in a file, and problems."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tenure.words import TenureError, Words

Position = tuple[int, int]
"""Line and column in a file, both counted from 1, columns in characters."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a definition was read: its file and the position of every value in it.

    Attributes:
        file: name of the file as given to the loader.
        line: line of the document's first value.
        column: column of the same.
        marks: positions by path inside the document, such as ``stages[2].when``.
    """

    file: str | None
    line: int
    column: int
    marks: Mapping[str, Position] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    """A piece of the written will: data, published in versions, never edited.

    Attributes:
        key: how other definitions name it; unique within its kind.
        name: how people name it.
        description: longer words, choices made where the source is silent.
        origin: where it was read; no part of what it says, so no part of equality.
    """

    kind: ClassVar[str] = ""

    key: str
    name: Words
    description: Words | None = dataclasses.field(default=None, kw_only=True)
    origin: Origin | None = dataclasses.field(default=None, kw_only=True, compare=False, repr=False)


_KINDS_ZH = {
    "pack": "行业包",
    "party_type": "客户类型",
    "event_type": "事件类型",
    "metric": "指标",
    "expression": "条件",
    "lifecycle": "生命周期",
    "form": "表单",
}


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """One thing wrong in a definition: where, why, and what was probably meant.

    Attributes:
        file: file name, or None when the text has none.
        line: line in that file, from 1.
        column: column in that line, from 1.
        path: which value, such as ``metric orders_90d: where``.
        cause: what is wrong and how to mend it.
        nearest: the known name nearest to an unknown one.
        excerpt: the line and, beneath it, carets under the place.
    """

    file: str | None
    line: int | None
    column: int | None
    path: str
    cause: Words
    nearest: str | None = None
    excerpt: str | None = None

    def words(self) -> Words:
        """The problem as a person reads it: place, value, cause, guess, and the line itself."""
        zh_hint = f"（是否想写 {self.nearest}？）" if self.nearest else ""
        en_hint = f" (did you mean {self.nearest}?)" if self.nearest else ""
        tail = "".join(f"\n  {line}" for line in (self.excerpt or "").splitlines())
        return Words(
            zh=f"{self._place_zh()}{self._path_zh()}{self.cause.zh}{zh_hint}{tail}",
            en=f"{self._place_en()}{self._path_en()}{self.cause.en}{en_hint}{tail}",
        )

    def _path_en(self) -> str:
        return f"{self.path}: " if self.path else ""

    def _path_zh(self) -> str:
        kind, _, rest = self.path.partition(" ")
        path = f"{_KINDS_ZH[kind]} {rest}" if kind in _KINDS_ZH else self.path
        return path.replace(": ", " 的 ") + "：" if self.path else ""

    def _place_en(self) -> str:
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(f"line {self.line}, column {self.column}")
        return ", ".join(parts) + ": " if parts else ""

    def _place_zh(self) -> str:
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(f"第 {self.line} 行第 {self.column} 列")
        return "，".join(parts) + "：" if parts else ""


class DefinitionError(TenureError):
    """A definition cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[DefinitionProblem]) -> None:
        self.problems = tuple(problems)
        words = [problem.words() for problem in self.problems]
        super().__init__(
            Words(zh="\n".join(word.zh for word in words), en="\n".join(word.en for word in words))
        )


def nearest_name(unknown: str, known: Iterable[str]) -> str | None:
    """The known name most like ``unknown``, or None when none is like it."""
    by_folded = {name.casefold(): name for name in sorted(known)}
    found = difflib.get_close_matches(unknown.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def nearest_hint(unknown: str, known: Iterable[str]) -> Words:
    """The end of a sentence about an unknown name: whether the nearest known one was meant.

    Empty when none is like it.
    """
    nearest = nearest_name(unknown, known)
    if nearest is None:
        return Words("", "")
    return Words(zh=f"，是否想写 {nearest}？", en=f"; did you mean {nearest}?")


def problem_in(
    definition: Definition, path: str, cause: Words, *, nearest: str | None = None
) -> DefinitionProblem:
    """A problem at ``path`` inside ``definition``, placed in its file where that is known.

    A path that was not written itself (a missing value) is placed at what encloses it.
    """
    label = f"{definition.kind} {definition.key}" + (f": {path}" if path else "")
    origin = definition.origin
    if origin is None:
        return DefinitionProblem(None, None, None, label, cause, nearest)
    line, column = position_of(origin, path)
    return DefinitionProblem(origin.file, line, column, label, cause, nearest)


def position_of(origin: Origin, path: str) -> Position:
    """Where ``path`` stands, or the nearest enclosing value that has a place."""
    while path:
        if path in origin.marks:
            return origin.marks[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return origin.line, origin.column
