"""Sources at the terminal: added, their keys changed, paused, listed."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import visit


def test_a_source_from_its_first_key_to_a_pause(tmp_path: Path) -> None:
    empty, added, twice, listed, rotated, gone, unknown = visit(
        tmp_path / "home",
        "sources list",
        "sources add web --name Site --json",
        "sources add web",
        "sources list --json",
        "sources rotate web --grace 48 --json",
        "sources rotate web --grace 0",
        "sources rotate nobody --grace 1",
    )
    assert "tenure sources add" in empty.out
    key = added.data["write_key"]
    assert key.startswith("tw_")
    assert twice.code == 2
    [source] = listed.data
    assert (source["key"], source["name"], source["paused_at"]) == ("web", "Site", None)
    assert [one["hint"] for one in source["keys"]] == [key[-4:]]
    assert key not in listed.out
    assert rotated.data["write_key"] != key
    assert "tw_" in gone.out
    assert unknown.code == 2
    paused, shown, resumed, after = visit(
        tmp_path / "home",
        "sources pause web",
        "sources list --language zh",
        "sources resume web",
        "sources list",
    )
    assert (paused.code, resumed.code) == (0, 0)
    assert "已暂停" in shown.out
    assert "等待装载：0 个请求" in shown.out
    assert "paused" not in after.out
    assert "never ran" in after.out
