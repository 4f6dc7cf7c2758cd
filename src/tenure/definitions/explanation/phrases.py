"""The turns of phrase of explanations, in both languages side by side."""

from __future__ import annotations

from tenure.words import Words

AMOUNTS = {
    "<": Words("{a} 少于 {b}", "{a} is less than {b}"),
    "<=": Words("{a} 不超过 {b}", "{a} is at most {b}"),
    ">": Words("{a} 超过 {b}", "{a} is more than {b}"),
    ">=": Words("{a} 不少于 {b}", "{a} is at least {b}"),
    "=": Words("{a} 等于 {b}", "{a} is {b}"),
    "<>": Words("{a} 不等于 {b}", "{a} is not {b}"),
}
RATIOS = {
    **AMOUNTS,
    "<": Words("{a} 低于 {b}", "{a} is below {b}"),
    "<=": Words("{a} 不高于 {b}", "{a} is at most {b}"),
    ">": Words("{a} 高于 {b}", "{a} is above {b}"),
    ">=": Words("{a} 不低于 {b}", "{a} is at least {b}"),
}
TEXTS = {
    **RATIOS,
    "=": Words("{a} 是 {b}", "{a} is {b}"),
    "<>": Words("{a} 不是 {b}", "{a} is not {b}"),
}
DATES = {
    **TEXTS,
    "<": Words("{a} 早于 {b}", "{a} is before {b}"),
    "<=": Words("{a} 不晚于 {b}", "{a} is no later than {b}"),
    ">": Words("{a} 晚于 {b}", "{a} is after {b}"),
    ">=": Words("{a} 不早于 {b}", "{a} is no earlier than {b}"),
}
INVERSE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}

HOLDS = Words("满足“{a}”", "“{a}” holds")
HOLDS_NOT = Words("不满足“{a}”", "“{a}” does not hold")
BETWEEN = Words("{a} 介于 {b} 与 {c} 之间（含两端）", "{a} is between {b} and {c} (both included)")
NOT_BETWEEN = Words("{a} 不在 {b} 与 {c} 之间", "{a} is not between {b} and {c}")
ONE_OF = Words("{a} 是{b}之一", "{a} is one of {b}")
NONE_OF = Words("{a} 不是{b}中的任何一个", "{a} is none of {b}")
EMPTY = Words("{a} 没有值", "{a} has no value")
PRESENT = Words("{a} 有值", "{a} has a value")
DENIED = Words("并非（{a}）", "it is not true that ({a})")
AND = Words("，并且 ", ", and ")
OR = Words("，或者 ", ", or ")
BRACKETS = Words("（{a}）", "({a})")

BRANCH = Words("如果 {a}，则为 {b}", "{b} if {a}")
OTHERWISE = Words("否则为 {a}", "otherwise {a}")
OTHERWISE_NOTHING = Words("否则没有值", "otherwise no value")
BRANCHES = Words("；", "; ")

FALLBACK = Words("{a}（没有值时取 {b}）", "{a} (or {b} when it has no value)")
GREATER = Words("{a} 与 {b} 中较大的", "the larger of {a} and {b}")
LESSER = Words("{a} 与 {b} 中较小的", "the smaller of {a} and {b}")
GREATEST = Words("{a} 与 {b} 中最大的", "the largest of {a} and {b}")
LEAST = Words("{a} 与 {b} 中最小的", "the smallest of {a} and {b}")
ABSOLUTE = Words("{a} 的绝对值", "the absolute value of {a}")
LOWER = Words("{a} 的小写", "{a} in lower case")
MINUS = Words("负的 {a}", "minus {a}")
DAYS = Words("{a} 天", "{a} days")
DAY = Words("{a} 天", "{a} day")
COMMA = Words("、", ", ")
TRUE = Words("真", "true")
FALSE = Words("假", "false")
MONTHS = "January February March April May June July August September October November December"
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
