"""The condition language: SQL's boolean and arithmetic subset over named values.

Text becomes a tree of allow-listed nodes and the tree becomes queries; the text itself
never reaches a database.
"""

from tenure.definitions.expression.parser import parse, parse_source
from tenure.definitions.expression.render import render
from tenure.definitions.expression.text import SourceText
from tenure.definitions.expression.tree import (
    Arithmetic,
    Between,
    Case,
    Comparison,
    Constant,
    Function,
    Logic,
    Membership,
    Name,
    Negate,
    Node,
    Not,
    NullTest,
    ValueType,
    children,
    names_in,
    replace_names,
    walk,
)
from tenure.definitions.expression.types import type_of

__all__ = [
    "Arithmetic",
    "Between",
    "Case",
    "Comparison",
    "Constant",
    "Function",
    "Logic",
    "Membership",
    "Name",
    "Negate",
    "Node",
    "Not",
    "NullTest",
    "SourceText",
    "ValueType",
    "children",
    "names_in",
    "parse",
    "parse_source",
    "render",
    "replace_names",
    "type_of",
    "walk",
]
