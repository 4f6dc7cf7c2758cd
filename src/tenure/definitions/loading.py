"""From YAML text and files to definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from tenure.definitions.base import Definition, DefinitionError, DefinitionProblem, Position
from tenure.definitions.body import Body
from tenure.definitions.document import Document
from tenure.definitions.event_type import read_event_type
from tenure.definitions.form import read_form
from tenure.definitions.lifecycle import read_lifecycle
from tenure.definitions.metric import read_metric
from tenure.definitions.named_expression import read_named_expression
from tenure.definitions.pack import read_pack
from tenure.definitions.party_type import read_party_type
from tenure.definitions.yaml_values import Entries, Scalar, Value, read_documents
from tenure.words import Words

READERS: dict[str, Callable[[Body], Definition]] = {
    "event_type": read_event_type,
    "metric": read_metric,
    "expression": read_named_expression,
    "lifecycle": read_lifecycle,
    "party_type": read_party_type,
    "form": read_form,
    "pack": read_pack,
}


def load_text(text: str, file: str | None = None) -> tuple[Definition, ...]:
    """The definitions in a YAML text, one per document.

    Each is checked by itself; whether the names it uses exist is checked by ``Library.of``.

    Args:
        text: YAML, several documents separated by ``---`` allowed.
        file: name to show in messages.

    Raises:
        DefinitionError: with every problem of the text, each with line and column.
    """
    documents, lines = read_documents(text, file)
    if not documents:
        cause = Words("没有任何定义；文件是空的", "there is no definition; the file is empty")
        raise DefinitionError([DefinitionProblem(file, 1, 1, "", cause)])
    definitions = []
    problems: list[DefinitionProblem] = []
    for value in documents:
        definition, found = _read(value, lines, file)
        problems.extend(found)
        if definition is not None:
            definitions.append(definition)
    if problems:
        raise DefinitionError(sorted(problems, key=_place))
    return tuple(definitions)


def load_bytes(content: bytes, file: str | None = None) -> tuple[Definition, ...]:
    """The definitions in the bytes of a YAML file, which must be UTF-8.

    Raises:
        DefinitionError: not UTF-8, or anything ``load_text`` refuses.
    """
    try:
        return load_text(content.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        cause = Words(
            f"第 {error.start} 字节起不是 UTF-8 文本；请另存为 UTF-8",
            f"not UTF-8 text from byte {error.start} on; save the file as UTF-8",
        )
        raise DefinitionError([DefinitionProblem(file, line, column, "", cause)]) from error


def load_files(paths: Iterable[Path | str]) -> tuple[Definition, ...]:
    """The definitions of several files; of a folder, of all its ``*.yaml`` files.

    Raises:
        DefinitionError: with the problems of all files together.
    """
    definitions: list[Definition] = []
    problems: list[DefinitionProblem] = []
    for path in _expand(Path(path) for path in paths):
        try:
            definitions.extend(load_bytes(path.read_bytes(), str(path)))
        except DefinitionError as error:
            problems.extend(error.problems)
        except OSError as error:
            cause = Words(f"无法读取：{error.strerror}", f"cannot be read: {error.strerror}")
            problems.append(DefinitionProblem(str(path), None, None, "", cause))
    if problems:
        raise DefinitionError(problems)
    return tuple(definitions)


def _expand(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found.extend(sorted(path.rglob("*.yaml")) if path.is_dir() else [path])
    return found


def _read(
    value: Value, lines: tuple[str, ...], file: str | None
) -> tuple[Definition | None, list[DefinitionProblem]]:
    if not isinstance(value, Entries):
        document = Document(Entries({}, {}, value.position), lines, file)
        cause = Words(
            "定义是一组“键: 值”，以 kind 开头", "a definition is a mapping that starts with kind"
        )
        document.refuse(value.position, "", cause)
        return None, document.problems
    document = Document(value, lines, file)
    body = Body(document, value, "")
    kind = body.choice("kind", READERS)
    if kind is None:
        return None, document.problems
    document.label = _label(kind, value)
    definition = READERS[kind](body)
    body.close()
    return definition, document.problems


def _place(problem: DefinitionProblem) -> Position:
    return problem.line or 0, problem.column or 0


def _label(kind: str, value: Entries) -> str:
    key = value.values.get("key")
    return f"{kind} {key.text}" if isinstance(key, Scalar) and key.text else kind
