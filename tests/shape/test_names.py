from __future__ import annotations

import ast
import re

import pytest

from tests.shape.source import ROOT, SOURCE, own_modules

FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "core", "managers", "services"}
ANATOMY = {
    "models",
    "operations",
    "queries",
    "events",
    "projection",
    "jobs",
    "privacy",
    "apps",
    "migrations",
}
# What an app has besides: the spool that arrivals lie in is neither a table nor an operation, nor
# is the list of who translates what, which must load nothing.
FURTHER_ROOMS = {"sources": {"arrived", "dialects", "spool", "translating"}}
CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
    ("time", "time"),
}
DOORS = ("tenure.clock", "tenure.cli", "tenure.web", "tenure.api", "tenure.config")


def test_no_room_is_a_drawer_for_everything() -> None:
    named = {module.name for module in own_modules()}
    assert not [name for name in named if name.rsplit(".", 1)[-1] in FORBIDDEN]


@pytest.mark.parametrize("floor", ["record", "guard", "derive", "act", "decide", "measure"])
def test_every_app_has_the_same_anatomy(floor: str) -> None:
    strangers = [
        str(entry.relative_to(SOURCE))
        for app in (SOURCE / floor).glob("*/")
        if app.name != "__pycache__"
        for entry in app.iterdir()
        if entry.stem
        not in ANATOMY | {"__init__", "__pycache__"} | FURTHER_ROOMS.get(app.name, set())
    ]
    assert not strangers


def test_the_clock_is_read_at_doors_only() -> None:
    readers = [
        f"{module.name}:{node.lineno}"
        for module in own_modules()
        if not module.name.startswith(DOORS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCK_READERS
    ]
    assert not readers


def test_nothing_is_left_for_later() -> None:
    promises = [
        str(path.relative_to(ROOT))
        for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.yaml")]
        if any(word in path.read_text(encoding="utf-8") for word in ("TODO", "FIXME", "XXX"))
    ]
    assert not promises


def test_every_message_is_written_in_both_languages() -> None:
    untranslated = [
        f"{module.name}:{node.lineno}"
        for module in own_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Words"
        and _lacks_chinese(node)
    ]
    assert not untranslated


def _lacks_chinese(call: ast.Call) -> bool:
    chinese = next((k.value for k in call.keywords if k.arg == "zh"), None)
    if chinese is None and call.args:
        chinese = call.args[0]
    if not isinstance(chinese, ast.Constant | ast.JoinedStr):
        return False
    literals = [
        part.value
        for part in ast.walk(chinese)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    letters = re.sub(r"{[^}]*}", "", "".join(literals))
    return any(c.isalpha() for c in letters) and not re.search("[\u4e00-\u9fff]", letters)
