"""Somebody points Tenure at a file of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import start

pytestmark = pytest.mark.slow

ORDERS = """订单号,客户编号,手机号,下单时间,商品名称,数量,单价
D1,K1,13812345671,2024/5/1 8:30,连衣裙,1,"￥1,299.00"
D2,K2,13812345672,2024/5/2 9:00,衬衫,2,￥199.50
D3,K1,13812345671,2024/5/20 21:15,鞋,1,￥399
D4,K3,13812345673,昨天,帽子,1,￥59
D5,K3,13812345673,2099/1/1 8:00,帽子,1,￥59
"""


def test_a_chinese_export_in_gbk_from_guess_to_undo(tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "订单.csv"
    path.write_bytes(ORDERS.encode("gbk"))

    def say(*words: str) -> Any:
        done = start(*words, "--json", home=home, TENURE_LANGUAGE="zh")
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    # Where nobody can be asked, a guess is shown but not taken.
    shown = start("import", str(path), home=home, TENURE_LANGUAGE="zh")
    assert shown.returncode == 2
    assert "customer_id: 客户编号" in shown.stdout
    assert "--yes" in shown.stderr

    code, trial = say("import", str(path), "--yes", "--dry-run")
    assert (code, trial["import"], trial["tally"]["accepted"]) == (1, None, 3)

    code, first = say("import", str(path), "--yes")
    assert code == 1
    assert first["tally"]["types"] == {"order.placed": 3}
    assert first["tally"]["amounts"] == {"order.placed": "2097.00"}
    assert [row["line"] for row in first["refused"]] == [5, 6]

    report = Path(first["report"])
    mended = tmp_path / "mended.csv"
    text = report.read_text("utf-8-sig").replace("昨天,", "2024/5/3 10:00,").replace("2099", "2019")
    mended.write_text(text, "utf-8")
    code, second = say("import", str(mended), "--yes")
    assert (code, second["tally"]["accepted"]) == (0, 2)

    code, again = say("import", str(path), "--yes")
    assert (again["tally"]["accepted"], again["tally"]["repeated"]) == (0, 3)

    code, undone = say("import", "--undo", str(first["import"]), "--reason", "测试")
    assert (code, undone["tally"]["accepted"]) == (0, 3)
    code, listed = say("import", "--list")
    assert [row["status"] for row in listed] == ["finished", "finished", "undone"]


def test_a_guess_is_saved_completed_and_used(tmp_path: Path) -> None:
    home, path, rules = tmp_path / "home", tmp_path / "visits.csv", tmp_path / "visits.yaml"
    path.write_text("userid,date,place\nu1,01/02/2024,A\nu2,03/04/2024,B\n")
    said = {"home": home, "TENURE_LANGUAGE": "en"}

    asked = start("import", str(path), "--yes", **said)
    assert asked.returncode == 2
    assert "day first" in asked.stderr
    assert "which event is a row" in asked.stderr

    saved = start("import", str(path), "--save-map", str(rules), **said)
    assert saved.returncode == 0
    text = rules.read_text("utf-8")
    assert "# ?" in text
    assert start("import", str(path), "--map", str(rules), **said).returncode == 2
    rules.write_text(text.replace("type: '?'", "type: site.visited").replace("null", "dmy"))
    done = start("import", str(path), "--map", str(rules), **said)
    assert done.returncode == 0, done.stderr
    assert "site.visited" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("import",), "Name the file"),
        (("import", "nowhere.csv", "--yes"), "no file nowhere.csv"),
        (("import", "--undo", "7"), "no import 7"),
        (("import", "--resume"), "no stopped import"),
        (("import", "x.csv", "--map", "nowhere.yaml"), "no map file"),
    ],
)
def test_mistakes_are_answered_plainly(
    tmp_path_factory: pytest.TempPathFactory, words: tuple[str, ...], message: str
) -> None:
    home = tmp_path_factory.getbasetemp() / "mistaken-home"
    done = start(*words, home=home, TENURE_LANGUAGE="en")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
