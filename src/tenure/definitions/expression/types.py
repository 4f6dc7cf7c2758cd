"""Types of expressions, and the words of a type that does not fit."""

from __future__ import annotations

from tenure.definitions.expression.tree import (
    Arithmetic,
    Case,
    Constant,
    Function,
    Name,
    Negate,
    Node,
    ValueType,
)
from tenure.words import Words

TYPE_WORDS: dict[ValueType, Words] = {
    "number": Words("数字", "a number"),
    "text": Words("文本", "text"),
    "boolean": Words("条件（真或假）", "a condition (true or false)"),
    "date": Words("日期", "a date"),
}


def type_of(node: Node) -> ValueType:
    """The type of the value of a typed ``node``.

    Raises:
        ValueError: the tree holds names that no library has typed.
    """
    found = known_type(node)
    if found is None:
        raise ValueError("the expression has names without types; take it from a Library")
    return found


def known_type(node: Node) -> ValueType | None:  # noqa: PLR0911 (one per kind of node)
    """The type of ``node``, or None where it hangs on a name that is not typed yet."""
    match node:
        case Constant() | Name():
            return node.type
        case Arithmetic() | Negate():
            return "number"
        case Function("abs"):
            return "number"
        case Function("lower"):
            return "text"
        case Function(_, arguments):
            return common_type(arguments)
        case Case(branches, otherwise):
            values = [value for _, value in branches]
            return common_type(values if otherwise is None else [*values, otherwise])
    return "boolean"


def common_type(nodes: tuple[Node, ...] | list[Node]) -> ValueType | None:
    """The first known type among ``nodes``."""
    return next((found for found in map(known_type, nodes) if found), None)


def mismatch(wanted: ValueType, found: ValueType) -> Words:
    """Why a value of type ``found`` cannot stand where ``wanted`` must."""
    zh = f"这里要{TYPE_WORDS[wanted].zh}，写的却是{TYPE_WORDS[found].zh}"
    en = f"this must be {TYPE_WORDS[wanted].en}, but it is {TYPE_WORDS[found].en}"
    if (wanted, found) == ("date", "text"):
        return Words(f"{zh}；日期写作 date '2024-05-01'", f"{en}; write date '2024-05-01'")
    if (wanted, found) == ("number", "text"):
        return Words(f"{zh}；数字不加引号", f"{en}; numbers take no quotes")
    return Words(zh, en)
