"""Sources at the terminal: added, their keys changed, paused, listed."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import visit

MAP = """
source: videos
time_zone: Asia/Shanghai
customer: {customer_id: who}
events:
  - type: video.played
    at: when
    fields: {title: title, seconds: seconds}
"""


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


def test_a_key_is_revoked(tmp_path: Path) -> None:
    [added] = visit(tmp_path / "home", "sources add web --json")
    hint = added.data["write_key"][-4:]
    ended, kept, gone, late, strange = visit(
        tmp_path / "home",
        f"sources revoke web --hint={hint} --grace 2",
        f"sources revoke web --hint={hint} --keep",
        f"sources revoke web --hint={hint}",
        f"sources revoke web --hint={hint} --keep",
        "sources revoke web --hint=....",
    )
    assert "2 h" in ended.out
    assert "stays good" in kept.out
    assert "has ended" in gone.out
    assert (late.code, strange.code) == (2, 2)


def test_what_is_unknown_is_declared(tmp_path: Path) -> None:
    file, map_ = tmp_path / "video.csv", tmp_path / "video.yaml"
    file.write_text("who,when,title,seconds\nC1,2026-01-05,Cup,3\n")
    map_.write_text(MAP)
    home = tmp_path / "home"
    done, unknown, listed, shown, published, after, gone = visit(
        home,
        f"import {file} --map {map_} --yes",
        "sources unknown",
        "sources unknown --json",
        "sources declare video.played",
        "sources declare video.played --note seen",
        "sources unknown",
        "sources declare nothing.came",
    )
    assert done.code == 0, done.err
    assert "video.played" in unknown.out
    assert listed.data[0]["count"] == 1
    assert "integer" in shown.out
    assert published.code == 0, published.err
    assert "defined" in after.out
    assert gone.code == 2
    [samples] = visit(home, "sources samples nobody")
    assert samples.code == 2
