"""The word ``import``: what it publishes, refuses and says, beside what it records."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import start, visit

ORDERS = "userid,date,amount\nu1,2024-02-01,5\nu2,2024-02-03,7.5\n"
MORE = "".join(f"u{day},2024-03-{day},8\n" for day in range(10, 30))


def _file(folder: Path, text: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_trial_makes_no_data_directory(tmp_path: Path) -> None:
    home, path = tmp_path / "home", _file(tmp_path, ORDERS)
    done = start("import", str(path), "--dry-run", home=home, TENURE_LANGUAGE="en")
    assert done.returncode == 0, done.stderr
    assert "order.placed" in done.stdout
    assert "12.5" in done.stdout  # the amount is an amount: the pack was supposed
    assert not home.exists()


def test_packs_are_published_only_after_agreement(tmp_path: Path) -> None:
    home, path = tmp_path / "home", _file(tmp_path, ORDERS)
    words = ["definitions list --kind pack --json", f"import {path}", f"import {path} --dry-run"]
    asked = visit(home, *words, words[0], f"import {path} --yes", words[0], TENURE_LANGUAGE="en")
    packs = [[row["key"] for row in answer.data] for answer in (asked[0], asked[3], asked[5])]
    assert packs == [["core"], ["core"], ["core", "general"]]
    assert "general" in asked[4].err


def test_a_file_without_customers_needs_a_map_that_says_so(tmp_path: Path) -> None:
    home, path = tmp_path / "home", _file(tmp_path, "date,amount\n2024-02-01,5\n", "sales.csv")
    kept = tmp_path / "sales.yaml"
    words = ["--yes", "--yes --dry-run", f"--save-map {kept}", f"--map {kept}"]
    asked = visit(home, *(f"import {path} {word}" for word in words), TENURE_LANGUAGE="en")
    assert [answer.code for answer in asked] == [2, 2, 0, 0]
    assert "--save-map" in asked[0].err
    assert "Anonymous events" in asked[3].out


def test_mending_refused_rows_is_told_as_the_import_was(tmp_path: Path) -> None:
    home, path = tmp_path / "home", _file(tmp_path, f"{ORDERS}{MORE}u3,2099-01-01,9\n")
    kept = tmp_path / "orders.yaml"
    words = ["--yes", f"--yes --save-map {kept}", f"--map {kept}"]
    first, *others = visit(
        home, *(f"import {path} {word}" for word in words), TENURE_LANGUAGE="en", COLUMNS="300"
    )
    assert "--save-map MAP.yaml" in first.out
    for other in others:
        assert "with the same --map" in other.out
        assert "--save-map" not in other.out


def test_a_file_of_two_encodings_is_told_once(tmp_path: Path) -> None:
    rows = [f"u{n},2024-03-{n},8,大衣\n" for n in range(10, 30)]
    path = tmp_path / "mixed.csv"
    path.write_bytes(
        f"userid,date,amount,name\n{''.join(rows)}".encode() + "".join(rows[:12]).encode("gbk")
    )
    [trial] = visit(tmp_path / "home", f"import {path} --yes --dry-run", TENURE_LANGUAGE="en")
    assert trial.out.count("from line 22 this looks like GB18030 (12 rows)") == 1
