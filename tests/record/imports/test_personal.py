"""Personal text of a file comes to the vault and the report of refused rows, and nowhere else."""

from __future__ import annotations

import json
import string
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import override_settings
from hypothesis import given, note, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tenure.actor import SYSTEM
from tenure.record.imports.operations import Outcome
from tenure.record.imports.operations.masking import masked, shortened
from tenure.record.imports.queries import imports
from tenure.record.library.operations import publish
from tenure.words import Words
from tests.laws.test_log import cells

from .files import AT, load, put, vocabulary

RULES = """
customer: {customer_id: id, phone: phone, passport: passport}
join:
  - {file: members.csv, on: phone}
  - {file: names.csv, on: nick}
  - {file: products.csv, on: product}
events:
  - {type: order.placed, at: at, when: {phone: {not: {is: z}}},
     fields: {amount: amount, category: series}}
profile: {at: at, fields: {birth_date: born, full_name: full, city: city}}
"""
HEADER = "id,at,phone,passport,born,nick,amount,product"


def _load(folder: Path, rows: list[str], rules: str = RULES) -> Outcome:
    put(folder, "phone,city\n13912340000,X\n13912340000,Y\n", "members.csv")
    put(folder, "nick,full\nMaggie Mae,Mei\n", "names.csv")
    put(folder, "product,series\nGTX Pro,GTX\n", "products.csv")
    return load(put(folder, "\n".join([HEADER, *rows]) + "\n"), rules)


def _told(outcome: Outcome) -> str:
    """All that a program is told of an import."""
    words = [why for _, why in outcome.examples] + list(outcome.notes)
    return json.dumps(
        [outcome.tally.broken_keys, outcome.tally.warnings, [[w.zh, w.en] for w in words]],
        ensure_ascii=False,
    )


@pytest.mark.usefixtures("library")
def test_what_is_told_of_refused_rows_hides_people_and_the_report_does_not(
    tmp_path: Path,
) -> None:
    rows = [
        "K1,2024-05-01,13912340001,P1,1990-31-07,Maggy Mae,5,GTXPro",
        "K2,2024-05-01,13912340002,P2,1990-07-31,Zed,five,GTX Pro",
    ]
    outcome = _load(tmp_path, rows)
    told = _told(outcome)
    for text in ("1990-31-07", "13912340001", "13912340000", "Maggy", "Maggie", "Zed"):
        assert text not in told
    assert "“1…7” does not fit" in told
    assert "“five” is not a number" in told
    assert ("products.csv", "GTXPro", 1, "GTX Pro") in outcome.tally.broken_keys
    assert ("members.csv", "1…1", 1, "") in outcome.tally.broken_keys
    assert ("names.csv", "M…e", 1, "") in outcome.tally.broken_keys
    assert outcome.report is not None
    assert "“1990-31-07” does not fit" in outcome.report.read_text("utf-8-sig")
    assert imports()[0].tally.broken_keys == outcome.tally.broken_keys


@pytest.mark.usefixtures("library")
def test_a_key_without_a_match_is_hidden_with_the_one_like_it(tmp_path: Path) -> None:
    strict = RULES.replace("on: nick", "on: nick, missing: refuse")
    told = _told(_load(tmp_path, ["K1,2024-05-01,1,P1,,Maggy Mae,5,GTX Pro"], strict))
    assert "names.csv has no “M…e”" in told
    assert "Maggy" not in told
    assert "Maggie" not in told


def test_other_rows_of_a_group_are_hidden_too() -> None:
    words = Words(
        zh="列「电话」：「138 0000 1111」不是数字", en="phone: “138 0000 1111” is no number"
    )
    rows = [(1, ["a", "x"]), (2, ["b", " 13800001111 "]), (3, ["c"])]
    hidden = masked(words, rows, {1})
    assert (hidden.zh, hidden.en) == ("列「电话」：「1…1」不是数字", "phone: “1…1” is no number")
    assert masked(words, rows, set()) is words
    assert masked(words, rows, {0}) == words


def test_quotes_in_a_cell_hide_nothing_less() -> None:
    text = "Li “Leo” Lei”"
    hidden = masked(Words(zh=f"「{text}」不对", en=f"“{text}” is wrong"), [(1, [text])], {0})
    assert (hidden.zh, hidden.en) == ("「L…”」不对", "“L…”” is wrong")


@pytest.mark.parametrize(
    ("text", "short"),
    [("", ""), ("王", "…"), ("李雷", "李…"), ("欧阳修", "欧…"), ("Maggie", "M…e")],
)
def test_little_is_left_of_a_short_text(text: str, short: str) -> None:
    assert shortened(text) == short


# No word of a definition begins like this, whatever Hypothesis takes from the source.
words = st.text(string.ascii_letters, min_size=12, max_size=16).map("Zq{}".format)


class ImportLaws(TestCase):
    """One database transaction per example, undone after it."""

    @classmethod
    def setUpTestData(cls) -> None:
        publish(vocabulary(), note="tests", by=SYSTEM, at=AT)

    @given(st.lists(st.tuples(words, words, words, st.booleans()), min_size=1, max_size=5))
    @settings(max_examples=25)
    def test_personal_text_of_a_file_is_in_no_table(
        self, people: list[tuple[str, str, str, bool]]
    ) -> None:
        rows = []
        personal = []
        for phone, passport, nick, broken in people:
            born = f"{phone[::-1]}-13"
            rows.append(f"K,2024-05-01,{phone},{passport},{born if broken else ''},{nick},1,GTXPro")
            personal += [phone, passport, born, nick]
        with TemporaryDirectory() as folder, override_settings(TENURE_HOME=Path(folder) / "home"):
            outcome = _load(Path(folder), rows)
        everything = f"{cells()}\n{_told(outcome)}".lower()
        for text in personal:
            note(text)
            assert text.lower() not in everything
