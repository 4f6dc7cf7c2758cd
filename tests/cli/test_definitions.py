"""The written will at the terminal, each word a process of its own as its users run it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cli.terminal import start

SMALL = """\
kind: lifecycle
key: two_groups
name: {zh: 两类, en: Two groups}
party: person
stages:
  - {code: buyer, name: {zh: 买过, en: Buyer}, canonical: active, when: valid_orders >= 1}
  - {code: other, name: {zh: 其他, en: Other}, canonical: prospect}
check: [buyer, other]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation in which the general pack is published."""
    folder = tmp_path_factory.mktemp("definitions") / "home"
    done = start("definitions", "apply", "general", "--note", "first", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_packs_show_what_is_published(home: Path) -> None:
    packs = msgspec.json.decode(start("definitions", "packs", "--json", home=home).stdout)
    published = {pack["key"]: pack["published"] for pack in packs}
    assert published["core"]
    assert published["general"]
    assert not published["ecommerce"]
    assert "general" in start("definitions", "packs", home=home).stdout


def test_applying_twice_changes_nothing(home: Path) -> None:
    again = start("definitions", "apply", "general", "--note", "again", home=home)
    assert again.returncode == 0
    assert "No changes" in again.stdout


def test_a_change_is_told_in_words_and_becomes_a_version(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SMALL, encoding="utf-8")
    assert "two_groups" in start("definitions", "diff", str(file), home=home).stdout
    first = start("definitions", "apply", str(file), "--note", "mine", "--json", home=home)
    assert msgspec.json.decode(first.stdout)[0]["number"] == 1
    file.write_text(SMALL.replace(">= 1", ">= 2"), encoding="utf-8")
    told = start("definitions", "diff", str(file), "--language", "zh", home=home).stdout
    assert "版本 1 → 2" in told
    assert "valid_orders >= 2" in told
    changed = msgspec.json.decode(
        start("definitions", "diff", str(file), "--json", home=home).stdout
    )
    assert changed[0]["changes"][0]["path"] == "stages.buyer.when"
    start("definitions", "apply", str(file), "--note", "stricter", home=home)
    rows = msgspec.json.decode(
        start("definitions", "list", "--kind", "lifecycle", "--json", home=home).stdout
    )
    mine = next(row for row in rows if row["key"] == "two_groups")
    assert (mine["version"], mine["note"]) == (2, "stricter")


def test_publishing_needs_a_reason(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SMALL.replace("two_groups", "unexplained"), encoding="utf-8")
    refused = start("definitions", "apply", str(file), home=home)
    assert refused.returncode == 2
    assert "--note" in refused.stderr
    listed = start("definitions", "list", "--kind", "lifecycle", "--json", home=home).stdout
    assert "unexplained" not in listed


def test_a_mistake_is_told_with_file_line_and_nearest_name(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(SMALL.replace("valid_orders", "valid_ordres"), encoding="utf-8")
    refused = start("definitions", "apply", str(file), "--note", "x", home=home)
    assert refused.returncode == 2
    assert f"{file}, line 6" in refused.stderr
    assert "valid_orders" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_what_is_neither_file_nor_pack(home: Path) -> None:
    refused = start("definitions", "diff", "genral", home=home)
    assert refused.returncode == 2
    assert "did you mean general?" in refused.stderr


def test_explained_in_both_languages(home: Path) -> None:
    english = start("definitions", "explain", "valid_orders", home=home).stdout
    chinese = start("definitions", "explain", "valid_orders", "--language", "zh", home=home).stdout
    assert "valid_orders" in english
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    unknown = start("definitions", "explain", "valid_order", home=home)
    assert unknown.returncode == 2
    assert "valid_orders" in unknown.stderr


def test_what_is_exported_is_what_is_published(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    start("definitions", "export", "--to", str(folder), home=home)
    assert (folder / "lifecycle" / "six_stages.yaml").is_file()
    same = start("definitions", "diff", str(folder), home=home)
    assert "No changes" in same.stdout
    one = start("definitions", "export", "valid_orders", home=home).stdout
    assert one.startswith("kind: metric\nkey: valid_orders\n")


def test_the_schema_is_json(home: Path) -> None:
    schema = msgspec.json.decode(start("definitions", "schema", home=home).stdout)
    assert "$schema" in schema
