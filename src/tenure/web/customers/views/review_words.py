"""Evidence for two customers being one, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenure.derive.customers.queries.suggestions import Evidence
from tenure.words import Words

FIELDS: Mapping[str, Words] = {
    "name": Words("名称", "Name"),
    "birth_date": Words("出生日期", "Date of birth"),
    "number": Words("证件或登记号", "Registered number"),
    "phone": Words("电话", "Phone"),
    "email": Words("邮箱或域名", "E-mail or domain"),
    "company": Words("单位", "Company"),
    "city": Words("城市", "City"),
    "address": Words("地址", "Address"),
    "postcode": Words("邮编", "Postcode"),
}
_LEVELS: Mapping[str, Words] = {
    "same": Words("相同", "the same"),
    "homophone": Words("同音不同字", "other characters of the same sound"),
    "same_sound": Words("读音相同（拼音或语序不同）", "the same sound, romanised or reordered"),
    "other_reading": Words("按字的另一种读音相同", "the same by another reading of the characters"),
    "near_sound": Words("读音相差很小", "almost the same sound"),
    "near_part": Words(
        "一方只写了一部分，且有笔误", "one side is a part of the other, with a slip"
    ),
    "shared": Words(
        "姓或名相同，另一部分不同", "one part of the name the same, the other different"
    ),
    "other_part": Words("各只写了一部分，无从比较", "each side gives another part of the name"),
    "household": Words(
        "相同，但名字不同：也可能是家人或同事",
        "the same, but of another given name: a relative or colleague has it too",
    ),
    "core": Words("字号相同，一方没写行业", "the same name without trade and place"),
    "core_sound": Words("字号读音相同，一方没写行业", "the same sound without trade and place"),
    "other_trade": Words("字号读音相同，行业不同", "the same sound, another trade"),
    "initials": Words("一方是另一方的首字母缩写", "one side is the other's initials"),
    "switchboard": Words("同一总机，分机不同", "the same switchboard, another extension"),
    "same_domain": Words("邮箱或网站的域名相同", "the same mail or web domain"),
    "jumbled": Words("字母相同，次序颠倒", "the same letters in another order"),
    "month": Words("相差不到一个月", "less than a month apart"),
    "year": Words("年份相差一年左右", "about a year apart"),
    "decade": Words("年份相差十年之内", "within ten years"),
    "similar_sound": Words("读音相近", "a similar sound"),
    "part": Words("一方只写了一部分", "one side is a part of the other"),
    "short": Words("一方是另一方的简称", "one side is short for the other"),
    "near": Words("只差一处", "one slip apart"),
    "near_two": Words("只差两处", "two slips apart"),
    "similar": Words("相近", "similar"),
    "same_user": Words("邮箱名相同，域名不同", "the same name before the @"),
    "near_user": Words("邮箱名只差一处", "one slip apart before the @"),
    "differs": Words("不同", "different"),
    "unknown": Words("一方没有", "missing on one side"),
}
_STRONG, _SOME = 6.0, 1.5


@dataclass(frozen=True, slots=True)
class Told:
    """One field's evidence as a page shows it.

    Attributes:
        field: its code.
        name: how people call it.
        agreement: how far the two agree.
        says: what that means.
        weight: signed, with one decimal.
        tone: colour of the badge.
    """

    field: str
    name: Words
    agreement: Words
    says: Words
    weight: str
    tone: str


def told(evidence: Evidence) -> Told:
    """A field's evidence in words."""
    says, tone = _meaning(evidence)
    return Told(
        field=evidence.field,
        name=FIELDS.get(evidence.field, Words(evidence.field, evidence.field)),
        agreement=_LEVELS.get(evidence.level, Words(evidence.level, evidence.level)),
        says=says,
        weight=f"{evidence.weight:+.1f}",
        tone=tone,
    )


def _meaning(evidence: Evidence) -> tuple[Words, str]:
    weight = evidence.weight
    if evidence.level == "unknown":
        return Words("不说明什么", "says nothing"), "secondary"
    if weight >= _STRONG:
        return Words("有力支持", "speaks strongly for it"), "green"
    if weight >= _SOME:
        return Words("支持", "speaks for it"), "teal"
    if weight > -_SOME:
        return Words("影响不大", "says little"), "secondary"
    return Words("反对", "speaks against it"), "red"
