from __future__ import annotations

from pathlib import Path

import pytest

from .test_maps import MAPS

PAGES = sorted(MAPS.parent.glob("import-*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_how_to_shows_the_map_it_names(page: Path) -> None:
    text = page.read_text("utf-8")
    for path in MAPS.glob("*.yaml"):
        if f"maps/{path.name}" in text:
            assert f"```yaml\n{path.read_text('utf-8')}```" in text


def test_every_map_has_its_how_to() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert all(f"maps/{path.name}" in text for path in MAPS.glob("*.yaml"))
