"""Forms as definitions: what they must ask, what may embed them, what differs between versions."""

from __future__ import annotations

import pytest

from tenure.definitions import (
    DefinitionError,
    Form,
    Library,
    diff,
    explain,
    load_pack,
    load_text,
    questions_of,
)
from tenure.definitions.usage import users_of

CORE = load_pack("core")
FORM = """
kind: form
key: note
name: {zh: 留言, en: Leave a note}
party: person
fields:
  - {field: phone, required: true}
  - {field: birth_date}
  - {field: gender}
  - {field: remark}
consents:
  - {purpose: service, text: {zh: 同意, en: I agree}, version: "1"}
sites: [https://shop.example]
"""


def loaded(text: str) -> Form:
    [form] = load_text(text)
    assert isinstance(form, Form)
    return form


def problem(text: str) -> str:
    with pytest.raises(DefinitionError) as raised:
        Library.of([*CORE, *load_text(text)])
    return raised.value.words.en


def test_the_kind_of_input_follows_the_field() -> None:
    library = Library.of([*CORE, loaded(FORM)])
    party = library.party_types["person"]
    found = {one.key: one.input for one in questions_of(library.forms["note"], party)}
    assert found == {"phone": "phone", "birth_date": "date", "gender": "choice", "remark": "lines"}
    assert "note" in {one.key for one in users_of(library, party)}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("party: person", "party: persn", "did you mean person?"),
        ("field: gender", "field: gendr", "did you mean gender?"),
        ("field: phone", "field: city", "asks nothing by which a customer is recognised"),
        ("field: gender", "field: cookie", "people cannot be asked for it"),
        ("field: gender", "field: phone", "phone is written twice"),
        ("https://shop.example", "https://shop.example/path", "is no origin"),
        ("https://shop.example", "'*'", "is no origin"),
        ('version: "1"', 'versio: "1"', "version is missing"),
        ("en: I agree", f"en: {'x' * 801}", "at most 800 characters"),
        ("party: person", "party: person\nsource: a b", "a source is made of letters"),
        ("party: person", "party: person\nhourly_limit: 0", "whole number above 0"),
    ],
)
def test_what_is_wrong_is_told(before: str, after: str, words: str) -> None:
    assert words in problem(FORM.replace(before, after))


def test_differences_by_question_and_consent() -> None:
    changed = FORM.replace("{field: gender}", "{field: gender, required: true}")
    changed = changed.replace("en: I agree", "en: I do agree") + "closed: true\n"
    found = [one.words.en for one in diff(loaded(FORM), loaded(changed))]
    assert found == [
        "field gender › required: changed from “no” to “yes”",
        "consent service/* › wording: changed from “I agree” to “I do agree”",
        "closed: changed from “no” to “yes”",
    ]
    moved = FORM.replace("  - {field: remark}\n", "").replace(
        "fields:\n", "fields:\n  - {field: remark}\n"
    )
    assert [one.path for one in diff(loaded(FORM), loaded(moved))] == ["field_order"]


def test_said_in_both_languages() -> None:
    library = Library.of([*CORE, loaded(FORM)])
    assert "Phone (required), Date of birth" in explain(library.forms["note"], "en", library)
    assert "从不预先勾选" in explain(library.forms["note"], "zh", library)
