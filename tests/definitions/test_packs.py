"""Packs: folders of definitions that build on each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenure.definitions import (
    DefinitionError,
    Library,
    load_pack,
    load_packs,
    pack_files,
    pack_keys,
)
from tests.definitions.test_loading import METRIC


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pack_files, "_folder", lambda: tmp_path)
    for key, requires in (("base", ""), ("mid", "base"), ("shop", "mid, base")):
        write(tmp_path, key, requires)
    return tmp_path


def write(root: Path, key: str, requires: str) -> None:
    (root / key).mkdir(exist_ok=True)
    (root / key / "pack.yaml").write_text(
        f"kind: pack\nkey: {key}\nname: {{zh: 包, en: Pack}}\nrequires: [{requires}]\n",
        encoding="utf-8",
    )


def test_required_packs_come_first_and_once(packs: Path) -> None:
    assert pack_keys() == ("base", "mid", "shop")
    assert [definition.key for definition in load_pack("shop")] == ["base", "mid", "shop"]
    assert [definition.key for definition in load_packs(["mid", "shop"])] == ["base", "mid", "shop"]
    assert set(Library.of(load_pack("shop")).packs) == {"base", "mid", "shop"}


def test_all_yaml_files_of_the_folder_are_read(packs: Path) -> None:
    (packs / "mid" / "metrics.yaml").write_text(METRIC, encoding="utf-8")
    (packs / "mid" / "notes.md").write_text("# not read", encoding="utf-8")
    assert [definition.key for definition in load_pack("mid")] == ["base", "orders_90d", "mid"]


def test_no_such_pack(packs: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_pack("shp")
    assert caught.value.problems[0].nearest == "shop"
    write(packs, "shop", "bass")
    with pytest.raises(DefinitionError) as caught:
        load_pack("shop")
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.nearest) == ("packs/shop/pack.yaml", 4, "base")


def test_circles(packs: Path) -> None:
    write(packs, "base", "shop")
    with pytest.raises(DefinitionError, match="shop → mid → base → shop"):
        load_pack("shop")


def test_a_pack_is_called_as_its_folder(packs: Path) -> None:
    text = (packs / "mid" / "pack.yaml").read_text(encoding="utf-8")
    (packs / "mid" / "pack.yaml").write_text(text.replace("key: mid", "key: middle"), "utf-8")
    with pytest.raises(DefinitionError, match="exactly one pack document, with the key mid"):
        load_pack("mid")


def test_problems_of_a_file_name_the_file(packs: Path) -> None:
    (packs / "mid" / "metrics.yaml").write_bytes(b"\xff")
    with pytest.raises(DefinitionError, match=r"packs/mid/metrics\.yaml, line 1, column 1"):
        load_pack("shop")
