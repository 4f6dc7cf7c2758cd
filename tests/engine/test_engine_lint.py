"""Operations that engines compute differently, silently: never in the engine."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tenure.engine

ROOT = Path(tenure.engine.__file__).parent
# Method -> why. Measured on DuckDB and Spark with the same rows.
BANNED = {
    "asof_join": "Spark has none; use a union and a cumulative maximum",
    "epoch_seconds": "DuckDB rounds, Spark floors; the lake has int64 microseconds",
    "mode": "Spark has none",
    "collect": "ordered collection is unsupported on Spark",
    "approx_median": "sketches differ from engine to engine",
    "approx_nunique": "sketches differ from engine to engine",
    "approx_quantile": "sketches differ from engine to engine",
    "memtable": "needs a connected backend; inputs are unbound tables",
    "to_pandas": "runners hand over Arrow",
    "ffill": "becomes last value with NULLs skipped",
}
# Files whose own subject these are: the runners, which execute SQL text themselves.
RUNNERS = {"backends/duckdb.py", "backends/spark.py"}


def files() -> list[Path]:
    """Files that build Ibis expressions."""
    return [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in RUNNERS
        and "import ibis" in path.read_text(encoding="utf-8")
    ]


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (node.func.attr, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def test_there_are_files_to_look_at() -> None:
    assert {path.name for path in files()} >= {"history.py", "metrics.py", "asof.py"}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_no_banned_operation(path: Path) -> None:
    found = [
        f"{path.name}:{call.lineno}: {name}: {BANNED[name]}"
        for name, call in calls(path)
        if name in BANNED
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_nulls_are_never_skipped_by_first_or_last(path: Path) -> None:
    # Ibis silently drops IGNORE NULLS for DuckDB.
    found = [
        f"{path.name}:{call.lineno}"
        for name, call in calls(path)
        if name in ("first", "last") and (call.args or call.keywords)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_ibis_backends_are_never_loaded(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    loaded = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "ibis"
        and node.attr in ("duckdb", "pyspark", "polars")
    ]
    assert not loaded
