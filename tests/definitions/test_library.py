"""A library as a whole: names, circles, types, and what it hands to the engine."""

from __future__ import annotations

import pytest

from tenure.definitions import (
    DefinitionError,
    EventType,
    Library,
    Metric,
    NamedExpression,
    load_text,
    parse,
    render,
    type_of,
)
from tenure.definitions.expression import Name
from tenure.words import Words
from tests.definitions.shop import SHOP


@pytest.fixture(scope="module")
def shop() -> Library:
    return Library.of(load_text(SHOP, "shop.yaml"))


def refused(text: str) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        Library.of(load_text(text, "shop.yaml"))
    return caught.value


def test_everything_is_found_by_key(shop: Library) -> None:
    assert set(shop.event_types) == {"order.placed", "order.refunded", "customer.profiled"}
    assert set(shop.lifecycles) == {"shop"}
    assert set(shop.expressions) == {"is_repeat_buyer"}
    assert set(shop.party_types) == {"person"}
    assert set(shop.packs) == {"shop"}
    assert len(shop.definitions) == 14


def test_order_of_definitions_does_not_matter(shop: Library) -> None:
    other = Library.of(reversed(load_text(SHOP)))
    assert other.metrics == shop.metrics
    assert other.lifecycles == shop.lifecycles


def test_profile_fields_stand_on_customer_profiled(shop: Library) -> None:
    profiled = shop.event_types["customer.profiled"]
    assert [field.key for field in profiled.fields] == ["age", "joined"]
    declared = EventType("customer.profiled", Words("资料", "Profile"))
    library = Library.of([*load_text(SHOP), declared])
    assert library.event_types["customer.profiled"].name == declared.name
    assert library.event_types["customer.profiled"].fields == profiled.fields


def test_expressions_are_typed(shop: Library) -> None:
    assert type_of(shop.expressions["is_repeat_buyer"].expression) == "boolean"
    average = shop.metrics["average_order_value"].expression
    assert average is not None
    assert type_of(average) == "number"
    where = shop.metrics["orders"].where
    assert where is not None
    assert [name.type for name in (where.left,)] == ["text"]  # type: ignore[union-attr]


def test_resolve_leaves_base_metrics_only(shop: Library) -> None:
    when = shop.lifecycles["shop"].stage("loyal").when
    assert when is not None
    assert render(shop.resolve(when)) == "orders >= 2 and revenue / orders > 100"


def test_what_a_lifecycle_hangs_on(shop: Library) -> None:
    assert [metric.key for metric in shop.lifecycle_metrics("shop")] == [
        "days_since_last_order",
        "median_gap_days",
        "orders",
        "revenue",
    ]
    assert shop.lifecycle_event_types("shop") == ("order.placed", "order.refunded")
    assert list(shop.fields_of(["order.placed", "order.refunded"])) == [
        "amount",
        "channel",
        "note",
        "phone",
        "gift",
        "reason",
    ]


@pytest.mark.parametrize(
    ("before", "after", "there", "cause", "nearest"),
    [
        (
            "[order.placed]\nagg: days",
            "[order.plced]\nagg: days",
            "order.plced",
            "no event type",
            "order.placed",
        ),
        (
            "party: person\nfields",
            "party: persn\nfields",
            "party: persn",
            "no party type persn",
            "person",
        ),
        ("field: channel", "field: chanel", "field: chanel", "has no field chanel", "channel"),
        ("where: channel", "where: chanel", "where: chanel", "nothing is named chanel", "channel"),
        ("where: channel", "where: note", "where: note", "is free text", None),
        ("where: channel", "where: phone", "where: phone", "is personal", None),
        (
            "where: channel <> 'gift'",
            "where: channel",
            "where: channel",
            "must be a condition",
            None,
        ),
        (
            "where: channel <> 'gift'",
            "where: amount > 'x'",
            "where: amount",
            "must be a number",
            None,
        ),
        (
            "where: channel <> 'gift'",
            "where: reason = 'x'",
            "where: reason",
            "nothing is named reason",
            None,
        ),
        ("field: channel", "field: note", "field: note", "is free text", None),
        (
            "agg: sum\nfield: amount",
            "agg: sum\nfield: channel",
            "field: channel",
            "sum needs a number",
            None,
        ),
        (
            "agg: last\nfield: channel",
            "agg: max\nfield: gift",
            "field: gift",
            "true or false",
            None,
        ),
        ("is: orders >= 2", "is: ordrs >= 2", "is: ordrs", "nothing is named ordrs", "orders"),
        (
            "is: orders >= 2",
            "is: last_channel >= 2",
            "is: last_channel",
            "must be text",
            None,
        ),
        ("is: orders >= 2", "is: orders", "when: is_repeat_buyer", "must be a condition", None),
        ("key: is_repeat_buyer", "key: orders", "key: orders", "a metric has the same key", None),
        (
            "key: last_channel",
            "key: orders",
            "key: orders",
            "first in shop.yaml line 2",
            None,
        ),
        (
            "reason: {type: string}",
            "channel: {type: integer}",
            "channel: {type: integer}",
            "fields of one name",
            None,
        ),
        (
            "joined: {type: date}",
            "gift: {type: date}",
            "gift: {type: boolean}",
            "fields of one name",
            None,
        ),
        (
            "key: shop\nname",
            "key: shop\nrequires: [shp]\nname",
            "requires: [shp]",
            "there is no pack shp",
            "shop",
        ),
    ],
)  # fmt: skip
def test_messages(before: str, after: str, there: str, cause: str, nearest: str | None) -> None:
    assert SHOP.count(before) >= 1
    position = SHOP.rindex(before)
    text = SHOP[:position] + after + SHOP[position + len(before) :]
    problems = refused(text).problems
    matching = [problem for problem in problems if cause in problem.cause.en]
    assert matching, [problem.words().en for problem in problems]
    assert there in text.splitlines()[(matching[0].line or 0) - 1]
    assert matching[0].nearest == nearest
    assert matching[0].file == "shop.yaml"


def test_circles_show_their_path() -> None:
    text = """\
kind: metric
key: a
name: {zh: 甲, en: A}
expression: b + 1
---
kind: metric
key: b
name: {zh: 乙, en: B}
expression: 1 + c
---
kind: expression
key: c
name: {zh: 丙, en: C}
is: a * 2
---
kind: metric
key: d
name: {zh: 丁, en: D}
expression: a + 1
"""
    (problem,) = refused(text).problems
    assert "a → b → c → a" in problem.cause.en
    assert "a → b → c → a" in problem.cause.zh
    assert (problem.line, problem.column) == (4, 13)


def test_a_circle_of_one() -> None:
    error = refused("kind: metric\nkey: a\nname: {zh: 甲, en: A}\nexpression: a + 1\n")
    assert "a → a" in error.words.en


def test_expressions_may_not_explode() -> None:
    parts = ["kind: metric\nkey: m0\nname: {zh: 零, en: Zero}\nexpression: 1 + 1"]
    parts += [
        f"kind: metric\nkey: m{n}\nname: {{zh: 数, en: N}}\nexpression: m{n - 1} + m{n - 1}"
        for n in range(1, 25)
    ]
    error = refused("\n---\n".join(parts))
    assert "too large" in error.words.en
    assert Library.of(load_text("\n---\n".join(parts[:8])))


@pytest.mark.parametrize("step", [1, -1])
def test_chains_may_not_be_endless(step: int) -> None:
    parts = [
        f"kind: metric\nkey: m{n}\nname: {{zh: 数, en: N}}\nexpression: m{n - 1}"
        for n in range(1, 1500)
    ]
    parts[0] = parts[0].replace("m0", "1")
    error = refused("\n---\n".join(parts[::step]))
    assert "levels deep" in error.words.en
    assert Library.of(load_text("\n---\n".join(parts[:20][::step])))


def test_definitions_made_in_code_have_messages_too() -> None:
    metric = Metric("a", Words("甲", "A"), expression=parse("orders + ordrs"))
    base = Metric("orders", Words("订单数", "Orders"), of=("order.placed",), agg="count")
    event_type = EventType("order.placed", Words("下单", "Order placed"))
    with pytest.raises(DefinitionError) as caught:
        Library.of([metric, base, event_type])
    (problem,) = caught.value.problems
    assert problem.path == "metric a: expression"
    assert problem.nearest == "orders"
    fine = NamedExpression("x", Words("子", "X"), expression=parse("orders > 1"))
    library = Library.of([base, event_type, fine])
    assert library.resolve(Name("x")) == parse("orders > 1")


def test_the_envelope_may_be_filtered_by() -> None:
    library = Library.of(
        load_text(
            SHOP.replace("channel <> 'gift'", "source = 'app' and currency in ('CNY', 'USD')")
        )
    )
    assert library.metrics["orders"].where is not None


def test_a_field_that_is_personal_anywhere_stays_hidden() -> None:
    both = SHOP.replace("reason: {type: string}", "phone: {type: string}").replace(
        "of: [order.placed]\nwhere: channel", "of: [order.refunded, order.placed]\nwhere: phone"
    )
    (problem,) = refused(both).problems
    assert "is personal" in problem.cause.en
