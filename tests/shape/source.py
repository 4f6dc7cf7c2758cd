"""The source as syntax trees, read once for all shape tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "tenure"


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, path, lines and tree."""

    name: str
    path: Path
    lines: int
    tree: ast.Module

    @property
    def is_migration(self) -> bool:
        return ".migrations" in self.name


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, migrations included."""
    return tuple(_read(path) for path in sorted(SOURCE.rglob("*.py")))


def own_modules() -> list[Module]:
    """Every module written by hand."""
    return [module for module in modules() if not module.is_migration]


def imports(module: Module) -> Iterator[str]:
    """Dotted names that ``module`` imports; ``from a import b`` gives both ``a`` and ``a.b``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(module: Module) -> Iterator[tuple[str, int]]:
    """Name and length in lines, docstring not counted, of every function."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, _length(node)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return whole
    docstring = node.body[0]
    return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    return Module(name, path, text.count("\n"), ast.parse(text))
