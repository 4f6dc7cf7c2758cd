"""Messages in the reader's language, near names, and tables that fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tenure.cli import screen
from tenure.cli.cohorts import cut_words
from tenure.cli.failures import unknown_word
from tenure.cli.language import choose_language
from tenure.derive.lifecycles.operations.ticking import unknown_lifecycle
from tenure.derive.lifecycles.queries.views import PathTaken
from tenure.record.imports.operations.reading.json_lines import flat_object, json_problem
from tenure.words import Words
from tests.cli.terminal import run, visit


def test_chinese_readers_read_chinese(tmp_path: Path) -> None:
    bad, orders = tmp_path / "bad.yaml", tmp_path / "orders.csv"
    bad.write_text("kind: metric\nkey: aa\nname: {zh: 甲, en: A}\nexpression: bb + 1\n")
    orders.write_text("phone,date,amount\n13800001111,2024-02-01,5\n")
    words = [f"definitions diff {bad}", f"import {orders} --dry-run"]
    diff, trial = visit(tmp_path / "home", *words, TENURE_LANGUAGE="zh")
    assert "指标 aa 的 expression：没有" in diff.err
    assert "客户（手机号）" in trial.out
    assert "order.placed，合计 5" in trial.out
    missing = run("conversion", TENURE_LANGUAGE="zh").output
    assert "缺少 ENTERED（起始阶段的代码）" in missing


@pytest.mark.parametrize(
    ("text", "zh"),
    [('{"a": x}', "第 7 个字节处写法有误"), ('{"a"', "中途断了"), ("3", "别的 JSON 值")],
)
def test_what_is_wrong_with_json_is_said_in_chinese(text: str, zh: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        flat_object(text)
    assert zh in json_problem(caught.value).zh


def test_names_are_offered_only_where_they_are_near() -> None:
    assert "core" not in unknown_word("nope", ["core"], "tenure").zh
    assert "stages" in unknown_word("stagse", ["stages"], "tenure").zh
    told = unknown_lifecycle("zzz", ["patients", "b2b_macro"]).words
    assert "b2b_macro, patients" in told.en
    assert "b2b_macro、patients" in told.zh


def test_long_names_in_front_are_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    choose_language("en")
    screen.table(
        [("Stage", "left"), ("a", "right"), ("b", "right"), ("c", "right"), ("d", "right")],
        [["Consideration and purchase", *["12345678901"] * 4]],
    )
    assert max(cell_len(line.rstrip()) for line in capsys.readouterr().out.splitlines()) <= 80


def test_cut_paths_are_told() -> None:
    path = PathTaken(("a", "b"), (Words("甲", "A"), Words("乙", "B")), 3, 1.0, 2.0)
    assert cut_words([path], 3) is None
    told = cut_words([path], 2)
    assert told is not None
    assert "--steps 4" in told.en
