"""Documents are under test: glossary, locks, both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

from tenure.definitions import load_pack, pack_keys
from tests.shape.source import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
DOCS = sorted((ROOT / "docs").rglob("*.en.md"))


def glossary_words() -> set[str]:
    return set(re.findall(r"`([^`]+)`", GLOSSARY.read_text(encoding="utf-8")))


def test_every_model_stands_in_the_glossary() -> None:
    models = {m.__name__ for m in apps.get_models() if m.__module__.startswith("tenure.")}
    assert models - glossary_words() == set()


@pytest.mark.parametrize("pack", pack_keys())
def test_every_event_type_and_kind_stands_in_the_glossary(pack: str) -> None:
    definitions = load_pack(pack)
    event_types = {d.key for d in definitions if d.kind == "event_type"}
    kinds = {d.kind for d in definitions}
    assert (event_types | kinds) - glossary_words() == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_are_hashed_and_name_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[[a-z]+\])?==", text, re.MULTILINE)
    assert "://" not in text
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)


@pytest.mark.parametrize("english", DOCS, ids=lambda path: path.name)
def test_every_page_for_users_is_in_both_languages(english: Path) -> None:
    chinese = english.with_name(english.name.replace(".en.md", ".zh.md"))
    assert re.search("[\u4e00-\u9fff]", chinese.read_text(encoding="utf-8"))
