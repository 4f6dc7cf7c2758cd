"""The reference pages say what is so: their examples load and fit together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tenure.definitions import AGGREGATES, CANONICAL_STAGES, Library, load_text
from tenure.definitions.event_type import FIELD_TYPES
from tenure.definitions.expression.operands import FUNCTIONS
from tenure.definitions.loading import READERS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_examples_and_lists(language: str) -> None:
    text = (REFERENCE / f"definitions.{language}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    library = Library.of(load_text("\n---\n".join(blocks)))
    assert {definition.kind for definition in library.definitions} == set(READERS)
    for word in (*AGGREGATES, *FIELD_TYPES, *FUNCTIONS, *READERS):
        assert f"`{word}`" in text
    for stage in CANONICAL_STAGES:
        assert stage in text
