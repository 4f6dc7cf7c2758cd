from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tenure.cli.wrapping import wrap

TEXT = st.text(alphabet="ab c，。“”（）客户阶段1.\n", max_size=80)


@given(TEXT, st.integers(8, 40))
def test_nothing_but_spaces_is_lost_and_lines_fit(text: str, width: int) -> None:
    wrapped = wrap(text, width)
    assert "".join(wrapped.split()) == "".join(text.split())
    # Only a unit that may not be broken is ever longer.
    for line in wrapped.split("\n"):
        assert cell_len(line) <= width or not set(line.strip()[1:-1]) & set(" ")


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("short", 10, "short"),
        ("one two three", 8, "one two\nthree"),
        ("有效订单数不少于两笔", 12, "有效订单数不\n少于两笔"),
        ("有效订单数不，少于", 12, "有效订单数\n不，少于"),
        ("他说了这些“好”", 10, "他说了这些\n“好”"),
        ("  indented words here", 12, "  indented\n  words here"),
    ],
)
def test_lines_break_where_readers_expect(text: str, width: int, expected: str) -> None:
    assert wrap(text, width) == expected
