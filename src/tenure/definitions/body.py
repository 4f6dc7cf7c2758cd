"""Reading one document field by field: types checked, unknown keys refused, places kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tenure.definitions.base import DefinitionError, nearest_name
from tenure.definitions.document import KEY, KEY_RULE, WORDS_RULE, Document, is_empty
from tenure.definitions.expression import Node, SourceText, parse_source
from tenure.definitions.expression.tokens import KEYWORDS
from tenure.definitions.yaml_values import Entries, Items, Scalar, Value
from tenure.words import Words

T = TypeVar("T")
_WHOLE = re.compile(r"[1-9][0-9]{0,8}")


class Body:
    """A mapping inside a document; each ``read`` takes one key, ``close`` refuses the rest."""

    def __init__(self, document: Document, entries: Entries, path: str) -> None:
        self.document = document
        self._entries = entries
        self.path = path
        self._taken: set[str] = set()

    def at(self, key: str) -> str:
        """The path of ``key`` from the root of the document."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, cause: Words, *, nearest: str | None = None) -> None:
        """Note a problem with the value of ``key``."""
        value = self._entries.values.get(key)
        position = value.position if value else self._entries.position
        self.document.refuse(position, self.at(key), cause, nearest=nearest)

    def refuse_at(self, path: str, cause: Words, *, nearest: str | None = None) -> None:
        """Note a problem at a path that was read before."""
        position = self.document.marks.get(path, self._entries.position)
        self.document.refuse(position, path, cause, nearest=nearest)

    def has(self, key: str) -> bool:
        """Whether ``key`` is written and not empty."""
        value = self._entries.values.get(key)
        return value is not None and not is_empty(value)

    def close(self) -> None:
        """Refuse every key that was not read."""
        for key, position in self._entries.keys.items():
            if key not in self._taken:
                known = ", ".join(sorted(self._taken))
                cause = Words(
                    f"不认识的键 {key}；可写：{known}", f"unknown key {key}; known: {known}"
                )
                nearest = nearest_name(key, self._taken)
                self.document.refuse(position, self.path, cause, nearest=nearest)

    def text(self, key: str, default: str = "") -> str:
        """Text, required unless ``default`` is given; numbers are kept as written."""
        value = self._take(key, required=not default)
        if value is None:
            return default
        return self.document.text_of(value, self.at(key)) or default

    def optional(self, key: str) -> str | None:
        """Text that may be absent."""
        value = self._take(key, required=False)
        return None if value is None else self.document.text_of(value, self.at(key))

    def key(self, key: str, *, pattern: re.Pattern[str] = KEY, required: bool = True) -> str:
        """A key that definitions are named by."""
        value = self._take(key, required=required)
        return "" if value is None else self.document.key_of(value, self.at(key), pattern)

    def choice(self, key: str, allowed: Iterable[str], *, required: bool = True) -> str | None:
        """One of the words of ``allowed``."""
        found = self.text(key) if required else self.optional(key)
        if not found:
            return None
        known = tuple(allowed)
        if found in known:
            return found
        cause = Words(
            f"{found} 不在可选值里：{'、'.join(known)}", f"{found} is none of {', '.join(known)}"
        )
        self.refuse(key, cause, nearest=nearest_name(found, known))
        return None

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        value = self._take(key, required=False)
        if value is None:
            return False
        if isinstance(value, Scalar) and not value.quoted and value.text in ("true", "false"):
            return value.text == "true"
        self.refuse(key, Words("只能是 true 或 false", "this must be true or false"))
        return False

    def whole_number(self, key: str) -> int | None:
        """A whole number above zero that may be absent."""
        value = self._take(key, required=False)
        if value is None:
            return None
        if isinstance(value, Scalar) and not value.quoted and _WHOLE.fullmatch(value.text):
            return int(value.text)
        self.refuse(key, Words("要一个大于 0 的整数", "this must be a whole number above 0"))
        return None

    def words(self, key: str) -> Words:
        """Text in both languages, required."""
        value = self._take(key, required=True)
        return Words("", "") if value is None else self._words_of(value, self.at(key))

    def optional_words(self, key: str) -> Words | None:
        """Text in both languages that may be absent."""
        self._taken.add(key)
        return self.words(key) if self.has(key) else None

    def keys(self, key: str, *, pattern: re.Pattern[str] = KEY) -> tuple[str, ...]:
        """A list of keys, empty when absent."""
        return self._list(key, lambda value, path: self.document.key_of(value, path, pattern))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        return self._list(key, self.document.text_of)

    def words_list(self, key: str) -> tuple[Words, ...]:
        """A list of texts in both languages, empty when absent."""
        return self._list(key, self._words_of)

    def part(self, key: str) -> Body | None:
        """A mapping that may be absent."""
        value = self._take(key, required=False)
        return None if value is None else self._body_of(value, self.at(key))

    def parts(self, key: str) -> tuple[Body, ...]:
        """A list of mappings, required."""
        if not self.has(key):
            self._take(key, required=True)
            return ()
        found = self._list(key, self._body_of)
        return tuple(body for body in found if body)

    def named_parts(self, key: str) -> Iterator[tuple[str, Body]]:
        """The mappings under the keys of a mapping that may be absent."""
        holder = self.part(key)
        if holder is None:
            return
        for name, position in holder._entries.keys.items():
            holder._taken.add(name)
            value = holder._entries.values[name]
            if not KEY.fullmatch(name):
                self.document.refuse(position, holder.at(name), KEY_RULE)
                continue
            if name in KEYWORDS:
                cause = Words(
                    f"{name} 是条件语言的保留词，换一个名称",
                    f"{name} is a word of the condition language; choose another name",
                )
                self.document.refuse(position, holder.at(name), cause)
            self.document.marks[holder.at(name)] = position
            body = self._body_of(value, holder.at(name), empty=True)
            if body is not None:
                yield name, body

    def labels(self, key: str) -> tuple[tuple[str, Words], ...]:
        """What values are called, in both languages; empty when absent."""
        holder = self.part(key)
        if holder is None:
            return ()
        return tuple((name, holder.words(name)) for name in holder._entries.keys)

    def expression(self, key: str) -> tuple[Node | None, SourceText | None]:
        """An expression that may be absent: its untyped tree and its text."""
        value = self._take(key, required=False)
        if value is None:
            return None, None
        path = self.at(key)
        if not isinstance(value, Scalar):
            self.refuse(key, Words("要一个表达式", "this must be an expression"))
            return None, None
        label = f"{self.document.label}: {path}" if self.document.label else path
        text = value.text.rstrip()
        source = SourceText(text, self.document.file, *value.position, label, value.positions)
        try:
            return parse_source(source), source
        except DefinitionError as error:
            self.document.problems.extend(error.problems)
            return None, None

    def _take(self, key: str, *, required: bool) -> Value | None:
        self._taken.add(key)
        value = self._entries.values.get(key)
        if value is not None and not is_empty(value):
            self.document.marks[self.at(key)] = value.position
            return value
        if required:
            cause = Words(f"缺少 {key}", f"{key} is missing")
            position = value.position if value else self._entries.position
            self.document.refuse(position, self.path, cause)
        return None

    def _list(self, key: str, read: Callable[[Value, str], T]) -> tuple[T, ...]:
        value = self._take(key, required=False)
        if value is None:
            return ()
        if not isinstance(value, Items):
            self.refuse(key, Words("要一个列表", "this must be a list"))
            return ()
        found = []
        for index, item in enumerate(value.values):
            path = f"{self.at(key)}[{index}]"
            self.document.marks[path] = item.position
            found.append(read(item, path))
        return tuple(found)

    def _words_of(self, value: Value, path: str) -> Words:
        body = self._body_of(value, path, wanted=WORDS_RULE)
        if body is None:
            return Words("", "")
        words = Words(zh=body.text("zh"), en=body.text("en"))
        body.close()
        return words

    def _body_of(
        self, value: Value, path: str, *, wanted: Words | None = None, empty: bool = False
    ) -> Body | None:
        if isinstance(value, Entries):
            return Body(self.document, value, path)
        if empty and is_empty(value):
            return Body(self.document, Entries({}, {}, value.position), path)
        cause = wanted or Words("要一组“键: 值”", "this must be a mapping of keys to values")
        self.document.refuse(value.position, path, cause)
        return None
