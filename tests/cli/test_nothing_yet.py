"""Words that are asked before there is anything to show."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.cli.terminal import visit


def test_programs_get_json_where_there_is_nothing_to_show(tmp_path: Path) -> None:
    words = ["stages", "customer x", "time-in-stage", "flows", "paths", "conversion a b"]
    answers = visit(tmp_path / "home", *(f"{word} --json" for word in words), TENURE_LANGUAGE="en")
    for word, answer in zip(words, answers, strict=True):
        told = msgspec.json.decode(answer.out)
        assert answer.code == 0
        assert "There are no events yet" in answer.err
        if word.split()[0] in {"paths", "conversion"}:
            assert told == []
        else:
            assert "There are no events yet" in told["note"]["en"]


def test_the_first_tick_says_what_it_derived(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("userid,date,amount\nu1,2024-02-01,5\n", encoding="utf-8")
    words = [f"import {orders} --yes", "tick", "tick"]
    _, first, second = visit(tmp_path / "home", *words, TENURE_LANGUAGE="en")
    assert "New events 1, " in first.out
    assert "lifecycles computed from the beginning" in first.out
    assert "beginning" not in second.out
