"""Definitions in words, and differences in words."""

from __future__ import annotations

import pytest

from tenure.definitions import Library, diff, explain, load_text, parse
from tenure.definitions.expression.types import known_type
from tests.definitions.shop import SHOP

DEFINITIONS = load_text(SHOP)
LIBRARY = Library.of(DEFINITIONS)
NAMES = {
    **{key: known_type(metric.expression) or "number" if metric.expression else "number"
       for key, metric in LIBRARY.metrics.items()},
    "last_channel": "text",
    "joined": "date",
    "is_repeat_buyer": "boolean",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "orders >= 2 and days_since_last_order <= 2 * median_gap_days",
            "订单数 不少于 2，并且 距上次下单天数 不超过 2 × 购买间隔中位数",
            "Orders is at least 2, and days since last order is at most 2 × median gap",
        ),
        (
            "days_since_last_order > 30d or not is_repeat_buyer and orders <> 0",
            "距上次下单天数 超过 30 天，或者（不满足“复购客户”，并且 订单数 不等于 0）",
            (
                "Days since last order is more than 30 days, "
                "or (“repeat buyer” does not hold, and orders is not 0)"
            ),
        ),
        (
            "last_channel in ('app', 'web') and joined >= date '2024-05-01'",
            "最近渠道 是“app”、“web”之一，并且 入会日期 不早于 2024年5月1日",
            "Last channel is one of “app”, “web”, and join date is no earlier than 1 May 2024",
        ),
        (
            "not (orders < 1 or last_channel is null)",
            "并非（订单数 少于 1，或者 最近渠道 没有值）",
            "It is not true that (orders is less than 1, or last channel has no value)",
        ),
        (
            "not orders < 1 and not last_channel is null",
            "订单数 不少于 1，并且 最近渠道 有值",
            "Orders is at least 1, and last channel has a value",
        ),
        (
            "days_since_last_order > greatest(2 * coalesce(median_gap_days, 45), 1)",
            "距上次下单天数 超过 2 ×（购买间隔中位数（没有值时取 45 天））与 1 天 中较大的",
            (
                "Days since last order is more than the larger of "
                "2 × (median gap (or 45 days when it has no value)) and 1 day"
            ),
        ),
        (
            "orders not between 1 and 3 and lower(last_channel) <> 'app'",
            "订单数 不在 1 与 3 之间，并且 最近渠道 的小写 不是 “app”",
            "Orders is not between 1 and 3, and last channel in lower case is not “app”",
        ),
        (
            "case when orders > 1 then 10 else 0 end > abs(-age)",
            "（如果 订单数 超过 1，则为 10；否则为 0）超过 负的 年龄 的绝对值",
            (
                "(10 if orders is more than 1; otherwise 0) is more than "
                "the absolute value of minus age"
            ),
        ),
        (
            "(orders - 1) / 3 - (age - 2) > 0",
            "（订单数 − 1）÷ 3 −（年龄 − 2）超过 0",
            "(orders − 1) ÷ 3 − (age − 2) is more than 0",
        ),
    ],
)
def test_conditions(text: str, zh: str, en: str) -> None:
    node = parse(text, NAMES)  # type: ignore[arg-type]
    assert explain(node, "en", LIBRARY) == en
    assert explain(node, "zh", LIBRARY) == zh


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        (
            "orders",
            "订单数（orders）：“下单”的次数，只计 渠道 不是 “gift” 的事件。没有这样的事件时为 0。",
            (
                "Orders (orders): the number of “Order placed” events, counting only those where "
                "channel is not “gift”. Without such events it is 0."
            ),
        ),
        (
            "revenue",
            "销售额（revenue）：“下单”或“退款”的金额合计，只看最近 90 天。没有这样的事件时为 0。",
            (
                "Revenue (revenue): the total amount of “Order placed” or “Order refunded” events, "
                "within the last 90 days. Without such events it is 0."
            ),
        ),
        (
            "median_gap_days",
            "购买间隔中位数（median_gap_days）：相邻两次“下单”间隔天数的中位数。没有这样的事件时没有值。",
            (
                "Median gap (median_gap_days): the median of the days between one “Order placed” "
                "event and the next. Without such events it has no value."
            ),
        ),
        (
            "average_order_value",
            "客单价（average_order_value）：等于 销售额 ÷ 订单数。",
            "Average order value (average_order_value): Revenue ÷ orders.",
        ),
    ],
)
def test_metrics(key: str, zh: str, en: str) -> None:
    assert explain(LIBRARY.metrics[key], "zh", LIBRARY) == zh
    assert explain(LIBRARY.metrics[key], "en", LIBRARY) == en


BENEATH_SHOP = (LIBRARY.expressions["is_repeat_buyer"], LIBRARY.metrics["average_order_value"])
"""What its conditions name without saying what it is."""


def test_lifecycle() -> None:
    assert explain(LIBRARY.lifecycles["shop"], "zh", LIBRARY).splitlines() == [
        "小店（shop）：“个人”的生命周期。依次判断，第一个成立的就是客户所处的阶段：",
        "1. 忠诚（loyal）：满足“复购客户”，并且 客单价 超过 100",
        "2. 活跃（active）：距上次下单天数 不超过 2 × 购买间隔中位数",
        "3. 潜在（potential）：其余客户",
        "其中：",
        *(f"· {explain(one, 'zh', LIBRARY)}" for one in BENEATH_SHOP),
    ]


def test_every_kind_is_explained_in_both_languages() -> None:
    for definition in DEFINITIONS:
        for library in (LIBRARY, None):
            zh, en = explain(definition, "zh", library), explain(definition, "en", library)
            assert definition.name.zh in zh
            assert definition.key in en
            assert not any("\u4e00" <= character <= "\u9fff" for character in en)


@pytest.mark.parametrize(
    ("before", "after", "path", "zh", "en"),
    [
        (
            "is_repeat_buyer and average_order_value > 100",
            "is_repeat_buyer",
            "stages.loyal.when",
            ("阶段 loyal › 条件：由“is_repeat_buyer and average_order_value > 100”"
            "改为“is_repeat_buyer”"),
            ("stage loyal › condition: changed from "
                "“is_repeat_buyer and average_order_value > 100” "
            "to “is_repeat_buyer”"),
        ),
        ("en: Loyal", "en: Devoted", "stages.loyal.name",
         "阶段 loyal › 名称：由“忠诚”改为“忠诚”",
         "stage loyal › name: changed from “Loyal” to “Devoted”"),
        ("window: 90d", "window: 12h", "window",
         "时间窗口：由“90d”改为“12h”", "window: changed from “90d” to “12h”"),
        ("window: 90d\n", "", "window", "时间窗口：删除“90d”", "window: removed “90d”"),
        ("gift: {type: boolean}", "gift: {type: boolean, required: true}", "fields.gift.required",
         "字段 gift › 必填：由“否”改为“是”", "field gift › required: changed from “no” to “yes”"),
        ("  reason: {type: string}\n", "", "fields.reason",
         "字段 reason：删除“string”", "field reason: removed “string”"),
        ("check: [loyal, active, potential]", "check: [active, loyal, potential]", "check",
         "判断次序：由“loyal、active、potential”改为“active、loyal、potential”",
         ("order of trial: changed from “loyal, active, potential” "
         "to “active, loyal, potential”")),
    ],
)  # fmt: skip
def test_differences(before: str, after: str, path: str, zh: str, en: str) -> None:
    assert before in SHOP
    new = load_text(SHOP.replace(before, after))
    (change,) = [c for pair in zip(DEFINITIONS, new, strict=True) for c in diff(*pair)]
    assert change.path == path
    assert change.words.zh == zh
    assert change.words.en == en


def test_added_removed_and_unchanged() -> None:
    first = DEFINITIONS[0]
    assert diff(first, first) == ()
    assert diff(None, None) == ()
    (added,) = diff(None, first)
    assert added.words.en == "party_type person: added “Person”"
    (removed,) = diff(first, None)
    assert removed.words.zh == "party_type person：删除“个人”"
