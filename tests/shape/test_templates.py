"""Templates: small, in both languages, and nothing in them that the strict policy forbids."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from django.contrib.staticfiles import finders

from tests.shape.source import ROOT, SOURCE

TEMPLATES = sorted((SOURCE / "web" / "templates").rglob("*.html"))
CHINESE = re.compile("[\u4e00-\u9fff]")
COMMENT = re.compile(r"(?s)\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->")
SAY = re.compile(r"""\{%\s*say\s+("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*')[^%]*%\}""")
IN_ITSELF = "简体中文"
"""The name of a language is written in itself, whatever language the page is in."""
PROPER = {"Tenure", "English", "Ctrl", "Esc", "Apache", "Python", "Django", "Excel"} | {
    "Segment",
    "Node",
    "Rudder",
    "Stack",
    "Post",
    "Hog",
}
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*(?:\bsrc=|type=.application/json))[^>]*>"),
    "inline style": re.compile(r"<style\b"),
    "inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "address outside": re.compile(r"""(?:src|href|action)=["']https?://"""),
    "unsafe attribute of htmx": re.compile(r"\bhx-on\b|\bjs:"),
}
TEXT = re.compile(r">([^<>{}]+)<")


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE / "web" / "templates"))


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_small(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 150


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_the_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{%.*?%\}", "", text_of(path))
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_text_is_in_both_languages(path: Path) -> None:
    text = text_of(path)
    for zh, en in SAY.findall(text):
        assert CHINESE.search(zh) or not re.search("[A-Za-z]{3}", zh), f"not Chinese: {zh}"
        assert not CHINESE.search(en), f"not English: {en}"
        assert en.strip("\"' "), f"no English for {zh}"
    rest = SAY.sub("", text).replace(IN_ITSELF, "")
    alone = CHINESE.search(rest)
    assert alone is None, f"outside of say: {rest[max(0, alone.start() - 40) : alone.end() + 40]}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_english_alone(path: Path) -> None:
    rest = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", SAY.sub("", text_of(path)))
    rest = re.sub(r"(?s)<(title|svg|code|kbd|pre)\b.*?</\1>", "", rest)
    words = {word for text in TEXT.findall(rest) for word in re.findall("[A-Za-z][a-z]{2,}", text)}
    assert words - PROPER == set()


def named(pattern: str) -> set[str]:
    found: set[str] = set()
    for path in TEMPLATES:
        found.update(re.findall(pattern, text_of(path)))
    return found


def test_every_icon_is_in_the_sprite() -> None:
    icons = named(r"""\{% icon ["']([^"']+)["']""") | named(r"""icon_name=["']([^"']+)["']""")
    assert icons
    assert icons - set(page_files().ICONS) == set()


def test_every_static_file_is_there() -> None:
    files = named(r"""\{% static ["']([^"']+)["']""")
    made = {f"vendor/{name}" for kept in page_files().FILES.values() for name in kept.values()}
    missing = {name for name in files if finders.find(name) is None}
    assert missing - made - {"vendor/icons.svg"} == set()


def page_files() -> ModuleType:
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_says_what_it_answers() -> None:
    silent = [
        name(path)
        for path in TEMPLATES
        if '{% extends "base.html" %}' in text_of(path)
        and "{% block help %}" not in text_of(path)
        and "{% block body %}" not in text_of(path)  # draws no help panel at all
    ]
    assert silent == []
