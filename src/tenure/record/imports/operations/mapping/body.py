"""Walks a map's YAML: unknown keys, wrong kinds and missing parts are told with their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenure.definitions.yaml_values import Entries, Items, Scalar
from tenure.definitions.yaml_values import Value as Yaml
from tenure.words import TenureError, Words

from ..problems import did_you_mean
from .model import Place


class MapError(TenureError):
    """A map that cannot be used, with line and column."""

    def __init__(self, file: str, place: Place, words: Words) -> None:
        self.place = place
        where = Words(
            zh=f"{file} 第 {place.line} 行第 {place.column} 列：",
            en=f"{file}, line {place.line}, column {place.column}: ",
        )
        super().__init__(Words(zh=where.zh + words.zh, en=where.en + words.en))


class Part:
    """One YAML value of a map, and how to read it as what it should be."""

    def __init__(self, yaml: Yaml, file: str, name: str) -> None:
        self.yaml = yaml
        self.file = file
        self.name = name
        self.place = Place(*yaml.position)

    def fail(self, words: Words) -> MapError:
        """The error that stands at this value."""
        return MapError(self.file, self.place, words)

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.yaml, Entries)

    def entries(self) -> dict[str, Part]:
        """Its keys and values, any keys."""
        if not isinstance(self.yaml, Entries):
            raise self.fail(
                Words(
                    zh=f"{self.name} 应是「键: 值」的形式",
                    en=f"{self.name} should be a mapping (key: value)",
                )
            )
        return {key: Part(value, self.file, key) for key, value in self.yaml.values.items()}

    def known_entries(self, known: Iterable[str]) -> dict[str, Part]:
        """Its keys and values, of which every key must be ``known``."""
        allowed = tuple(known)
        entries = self.entries()
        for key in entries:
            if key not in allowed:
                hint = did_you_mean(key, allowed)
                keys = ", ".join(allowed)
                place = Place(*self._position_of(key))
                raise MapError(
                    self.file,
                    place,
                    Words(
                        zh=f"{self.name} 里没有「{key}」这一项{hint.zh}；可写：{keys}",
                        en=f"{self.name} has no “{key}”{hint.en}; possible: {keys}",
                    ),
                )
        return entries

    def _position_of(self, key: str) -> tuple[int, int]:
        assert isinstance(self.yaml, Entries)
        return self.yaml.keys[key]

    def items(self) -> Iterator[Part]:
        """The values of a list; a single value counts as a list of one."""
        values = self.yaml.values if isinstance(self.yaml, Items) else (self.yaml,)
        for value in values:
            yield Part(value, self.file, self.name)

    def text(self) -> str:
        """Its text."""
        if not isinstance(self.yaml, Scalar):
            raise self.fail(
                Words(zh=f"{self.name} 应是一个值", en=f"{self.name} should be a single value")
            )
        return self.yaml.text

    def texts(self) -> tuple[str, ...]:
        """One text or a list of them."""
        return tuple(item.text() for item in self.items())

    def choice(self, known: Iterable[str]) -> str:
        """Its text, which must be one of ``known``."""
        allowed, text = tuple(known), self.text()
        if text not in allowed:
            hint = did_you_mean(text, allowed)
            raise self.fail(
                Words(
                    zh=f"{self.name} 不能是「{text}」{hint.zh}；可写：{'、'.join(allowed)}",
                    en=f"{self.name} cannot be “{text}”{hint.en}; possible: {', '.join(allowed)}",
                )
            )
        return text

    def flag(self) -> bool:
        """true or false."""
        return self.choice(("true", "false")) == "true"

    def whole(self) -> int:
        """A whole number of at least 0."""
        text = self.text()
        if not text.isdecimal():
            raise self.fail(
                Words(zh=f"{self.name} 应是整数", en=f"{self.name} should be a whole number")
            )
        return int(text)
