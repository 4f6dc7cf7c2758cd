"""The condition language: what it means and what it refuses, by example."""

from __future__ import annotations

from datetime import date

import pytest

from tenure.definitions import DefinitionError, parse, render, type_of
from tenure.definitions.expression import (
    Arithmetic,
    Between,
    Case,
    Comparison,
    Constant,
    Function,
    Logic,
    Membership,
    Name,
    Negate,
    Not,
    NullTest,
)
from tests.definitions.hostile import ACCEPTED, REFUSED
from tests.definitions.strategies import NAMES

ORDERS, VIP, CHANNEL = Name("orders"), Name("vip"), Name("channel")


def number(value: float) -> Constant:
    return Constant(value, "number")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("orders >= 2", Comparison(">=", ORDERS, number(2))),
        ("orders > 30d", Comparison(">", ORDERS, number(30))),
        ("orders > 12h", Comparison(">", ORDERS, number(0.5))),
        ("orders > 2w", Comparison(">", ORDERS, number(14))),
        ("orders > 1.5e2", Comparison(">", ORDERS, number(150))),
        ("channel = 'it''s'", Comparison("=", CHANNEL, Constant("it's", "text"))),
        ("channel = '北京'", Comparison("=", CHANNEL, Constant("北京", "text"))),
        (
            "birthday < DATE '2024-05-01'",
            Comparison("<", Name("birthday"), Constant(date(2024, 5, 1), "date")),
        ),
        ("date > 1", Comparison(">", Name("date"), number(1))),
        ("orders - 1 - 2", Arithmetic("-", Arithmetic("-", ORDERS, number(1)), number(2))),
        ("-2 * orders", Arithmetic("*", number(-2), ORDERS)),
        ("-(2)", Negate(number(2))),
        ("- orders", Negate(ORDERS)),
        ("vip or vip and not vip", Logic("or", (VIP, Logic("and", (VIP, Not(VIP)))))),
        ("not orders = 1", Not(Comparison("=", ORDERS, number(1)))),
        ("orders not between 1 and 2", Between(ORDERS, number(1), number(2), True)),
        ("orders in (1, -2)", Membership(ORDERS, (number(1), number(-2)))),
        ("channel IS NOT NULL", NullTest(CHANNEL, True)),
        ("(orders = 1) is null", NullTest(Comparison("=", ORDERS, number(1)))),
        ("greatest(orders, 1)", Function("greatest", (ORDERS, number(1)))),
        ("case when vip then 1 else null end", Case(((VIP, number(1)),))),
        ("orders - (1 - 2)", Arithmetic("-", ORDERS, Arithmetic("-", number(1), number(2)))),
        ("orders / (1 * 2)", Arithmetic("/", ORDERS, Arithmetic("*", number(1), number(2)))),
        ("orders * (1 + 2)", Arithmetic("*", ORDERS, Arithmetic("+", number(1), number(2)))),
        ("(vip or vip) and vip", Logic("and", (Logic("or", (VIP, VIP)), VIP))),
        ("not (vip and vip)", Not(Logic("and", (VIP, VIP)))),
        ("vip = (orders = 1)", Comparison("=", VIP, Comparison("=", ORDERS, number(1)))),
    ],
)
def test_trees(text: str, tree: object) -> None:
    assert parse(text, NAMES) == tree
    assert parse(render(parse(text, NAMES)), NAMES) == tree


def test_between_takes_its_own_and() -> None:
    tree = parse("orders between 1 and 2 and vip", NAMES)
    assert tree == Logic("and", (Between(ORDERS, number(1), number(2)), VIP))


def test_names_are_typed() -> None:
    tree = parse("coalesce(channel, 'x')", NAMES)
    assert type_of(tree) == "text"
    with pytest.raises(ValueError, match="Library"):
        type_of(parse("orders"))


def test_canonical_text() -> None:
    written = "((ORDERS)>=2.0)AND(not(vip))".replace("ORDERS", "orders")
    assert render(parse(written, NAMES)) == "orders >= 2 and not vip"


@pytest.mark.parametrize("text", REFUSED)
def test_hostile_texts_are_refused_with_their_place(text: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(text, NAMES, expected="boolean")
    (problem,) = caught.value.problems
    assert problem.line == 1
    assert problem.column is not None
    assert 1 <= problem.column <= len(text) + 1
    assert problem.excerpt is not None
    assert "^" in problem.excerpt
    for words in (problem.cause, caught.value.words):
        assert words.zh != words.en
        assert "sqlglot" not in words.en.lower()


@pytest.mark.parametrize("text", ACCEPTED)
def test_harmless_texts_stay_data(text: str) -> None:
    tree = parse(text, NAMES, expected="boolean")
    assert parse(render(tree), NAMES) == tree


@pytest.mark.parametrize(
    ("text", "column", "cause", "nearest"),
    [
        ("orders > 1 and\n  ordrs > 2", (2, 3), "nothing is named ordrs", "orders"),
        ("cont(orders) > 1", (1, 1), "there is no function cont", None),
        ("lowwer(channel) = 'x'", (1, 1), "there is no function lowwer", "lower"),
        ("orders ＞ 1", (1, 8), "write the plain > in place of ＞", None),
        ("оrders > 1", (1, 1), "CYRILLIC SMALL LETTER O", None),
        ("birthday > '2024-05-01'", (1, 12), "write date '2024-05-01'", None),
        ("orders = '1'", (1, 10), "numbers take no quotes", None),
        ("1 < orders < 3", (1, 12), "comparisons cannot be chained", None),
        ("orders >", (1, 9), "the expression ends here", None),
        ("orders > 30days", (1, 10), "'days' after a number is no unit of time", None),
        ("", (1, 1), "the expression ends here", None),
    ],
)
def test_messages(text: str, column: tuple[int, int], cause: str, nearest: str | None) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(text, NAMES)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == column
    assert cause in problem.cause.en
    assert problem.nearest == nearest


def test_the_message_as_people_see_it() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(
            "channel = '北京' and ordrs_90 > 1", {**NAMES, "orders_90": "number"}, "shop.yaml", 7, 9
        )
    assert caught.value.words.en == (
        "shop.yaml, line 7, column 28: nothing is named ordrs_90 (did you mean orders_90?)\n"
        "  channel = '北京' and ordrs_90 > 1\n"
        "             \u3000\u3000      ^^^^^^^^"
    )
    assert caught.value.words.zh.startswith(
        "shop.yaml，第 7 行第 28 列：没有名为 ordrs_90 的值（是否想写 orders_90？）"
    )


@pytest.mark.parametrize(
    "text",
    [
        "(" * 60 + "vip" + ")" * 60,
        "not " * 60 + "vip",
        "-" * 3 + " - " * 60 + "1 > 0",
        " or ".join(["vip"] * 500),
        "+".join(["orders"] * 100) + " > 1",
        "orders in (" + ", ".join(["1"] * 500) + ")",
        "orders > 1" + " " * 5000,
        "case when " * 50 + "vip",
        "abs(" * 50 + "orders",
    ],
)
def test_limits(text: str) -> None:
    with pytest.raises(DefinitionError):
        parse(text, NAMES)


def test_long_but_reasonable() -> None:
    assert parse(" or ".join(["orders = 1"] * 100), NAMES)
    assert parse("orders in (" + ", ".join(map(str, range(300))) + ")", NAMES)
