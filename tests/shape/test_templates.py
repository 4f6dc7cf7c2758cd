"""Templates: small, in both languages, and nothing in them that the strict policy forbids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shape.source import SOURCE

TEMPLATES = sorted((SOURCE / "web" / "templates").rglob("*.html"))
CHINESE = re.compile("[\u4e00-\u9fff]")
COMMENT = re.compile(r"(?s)\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->")
SAY = re.compile(r"""\{%\s*say\s+("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*')[^%]*%\}""")
# The names of languages are written in themselves, whatever language the page is in.
IN_ITSELF = re.compile(r"""lang="zh-hans">.*?</button>""")
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*(?:\bsrc=|type=.application/json))[^>]*>"),
    "inline style": re.compile(r"<style\b"),
    "inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "address outside": re.compile(r"""(?:src|href|action)=["']https?://"""),
    "unsafe attribute of htmx": re.compile(r"\bhx-on\b|\bjs:"),
}
ENGLISH_TEXT = re.compile(r">([^<>{}]*[A-Za-z][a-z]{2,}[^<>{}]*)<")
NAMES = {"Tenure", "English", "Ctrl", "Esc", "Ctrl K"}


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
    rest = IN_ITSELF.sub("", SAY.sub("", text))
    alone = CHINESE.search(rest)
    assert alone is None, f"outside of say: {rest[max(0, alone.start() - 40) : alone.end() + 40]}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_english_alone(path: Path) -> None:
    rest = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", SAY.sub("", text_of(path)))
    rest = re.sub(r"(?s)<(title|svg|code|kbd|pre)\b.*?</\1>", "", rest)
    found = {match.strip() for match in ENGLISH_TEXT.findall(rest)} - NAMES
    assert found == set()
