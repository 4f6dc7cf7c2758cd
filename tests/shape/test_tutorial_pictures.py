"""Pictures of the tutorial: each named exists, each that exists is named, none is heavy."""

from __future__ import annotations

import re

from tests.shape.source import ROOT

TUTORIAL = ROOT / "docs" / "tutorial"
MOST = 120 * 1024


def test_pictures_named_are_those_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TUTORIAL.glob("*.md")]
    named = {name for text in texts for name in re.findall(r"\]\(pictures/([^)]+)\)", text)}
    assert named
    assert named == {path.name for path in (TUTORIAL / "pictures").iterdir()}


def test_pictures_are_light() -> None:
    sizes = {path.name: path.stat().st_size for path in (TUTORIAL / "pictures").iterdir()}
    assert {name: size for name, size in sizes.items() if size > MOST} == {}


def test_each_page_shows_pictures_of_its_language() -> None:
    for path in TUTORIAL.glob("*.md"):
        language = path.name.split(".")[-2]
        for name in re.findall(r"\]\(pictures/([^)]+)\)", path.read_text(encoding="utf-8")):
            assert name.endswith(f".{language}.png"), f"{path.name}: {name}"
