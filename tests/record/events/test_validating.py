"""Numbers with check digits: read, brought to one form, or left out with the event kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.record.events.operations.identifying import normal_value
from tenure.record.events.operations.validating import company_code, opaque_id, resident_id
from tenure.record.events.operations.warning import oddity_words


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("11010519491231002X", "11010519491231002x"),  # the example of GB 11643-1999
        ("11010519491231002x", "11010519491231002x"),
        ("110105 19491231 002X", "11010519491231002x"),
        ("110105491231002", "11010519491231002x"),  # as on a card of before 1999
        ("440524188001010014", "440524188001010014"),  # its second example
        ("110105194912310021", None),
        ("110105194913310020", None),
        ("12345", None),
        ("", None),
    ],
)
def test_identity_cards(raw: str, read: str | None) -> None:
    assert resident_id(raw) == read


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("91110000600037341L", "91110000600037341l"),
        ("91110000600037341l", "91110000600037341l"),
        ("9111 0000 6000 3734 1L", "91110000600037341l"),
        ("91110000600037342L", None),
        ("91110000600037341I", None),
        ("01234567", None),
    ],
)
def test_company_codes(raw: str, read: str | None) -> None:
    assert company_code(raw) == read


def test_wechat_ids_keep_their_case() -> None:
    assert opaque_id(" oGZUI0egBJY1zhBYw2KhdUfwVJJE ") == "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
    assert opaque_id("没有") is None


@given(st.text(max_size=40), st.sampled_from(["resident_id", "company_code", "opaque_id"]))
def test_one_form_for_good(raw: str, how: str) -> None:
    read = normal_value(how, None, raw)
    assert read is None or normal_value(how, None, read) == read


@given(st.integers(0, 9), st.integers(0, 16))
def test_one_wrong_digit_is_always_seen(digit: int, place: int) -> None:
    right = "440524188001010014"
    wrong = f"{right[:place]}{digit}{right[place + 1 :]}"
    assert (resident_id(wrong) is not None) == (wrong == right)


def test_the_warning_says_what_became_of_it() -> None:
    words = oddity_words("unreadable_identifier", "order.placed", "id_number")
    assert "校验位不符" in words.zh
    assert "kept in the vault" in words.en
