"""Documents while somebody writes them: plain data out of YAML that need not make sense yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from tenure.definitions.base import Definition, DefinitionError, DefinitionProblem
from tenure.definitions.loading import load_text
from tenure.definitions.writing import write_plain
from tenure.words import Words

Draft = dict[str, Any]
_LANGUAGES = {"zh", "en"}


def draft_of(text: str) -> Draft | None:
    """What a YAML document says, as mappings, lists and texts; ``None`` where it is not YAML.

    Nothing is checked: a form shows what is there, however wrong.
    """
    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
    except yaml.YAMLError:
        return None
    return found if isinstance(found, dict) else None


def has_comments(text: str) -> bool:
    """Whether a YAML document has comments, which writing it anew from a form would lose."""
    try:
        tokens = list(yaml.scan(text, Loader=yaml.BaseLoader))
    except yaml.YAMLError:
        return False
    bare = list(text)
    for token in tokens:
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark.index, token.end_mark.index
            bare[start:end] = "x" * (end - start)
    return "#" in bare


def same_content(text: str, draft: Mapping[str, Any]) -> bool:
    """Whether a YAML document says what ``draft`` says, however it is laid out."""
    before = draft_of(text)
    return before is not None and _tidy(before) == _tidy(draft)


def text_of(draft: Mapping[str, Any]) -> str:
    """A draft as YAML in the form published definitions have; empty values are left out."""
    return write_plain(_tidy(draft))


def read_draft(text: str, kind: str, key: str) -> Definition:
    """The one definition a draft holds.

    Raises:
        DefinitionError: it cannot be read, or is another one, or several.
    """
    found = load_text(text)
    if len(found) != 1 or found[0].kind != kind or found[0].key != key:
        cause = Words(
            f"这里只能写 kind 为 {kind}、key 为 {key} 的一个定义",
            f"this must be one definition of kind {kind} with the key {key}",
        )
        raise DefinitionError([DefinitionProblem(None, 1, 1, "", cause)])
    return found[0]


def _tidy(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) and set(value) <= _LANGUAGES:
            return Words(str(value.get("zh", "")), str(value.get("en", "")))
        tidied = {key: _tidy(one) for key, one in value.items()}
        return {key: one for key, one in tidied.items() if not _is_empty(one)}
    if isinstance(value, list):
        return tuple(_tidy(one) for one in value)
    return value


def _is_empty(value: Any) -> bool:
    return value in ("", None, (), {}) or value == Words("", "")
