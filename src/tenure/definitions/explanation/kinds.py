"""Whole definitions in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tenure.clock import DAY_US
from tenure.definitions.base import Definition
from tenure.definitions.event_type import PROFILED, EventType, Field
from tenure.definitions.explanation.conditions import Speaker
from tenure.definitions.explanation.vocabulary import Vocabulary, capitalised, uncapitalised
from tenure.definitions.expression import Node, names_in
from tenure.definitions.expression.render import render_number
from tenure.definitions.expression.types import known_type
from tenure.definitions.library import Library
from tenure.definitions.lifecycle import Lifecycle
from tenure.definitions.metric import Metric
from tenure.definitions.named_expression import NamedExpression
from tenure.definitions.pack import Pack
from tenure.definitions.party_type import IdentifierType, PartyType
from tenure.words import Words

_FIELD_TYPES = {
    "string": Words("短文本", "short text"),
    "text": Words("长文本", "free text"),
    "integer": Words("整数", "whole number"),
    "number": Words("数字", "number"),
    "boolean": Words("是或否", "yes or no"),
    "date": Words("日期", "date"),
    "money": Words("金额", "amount of money"),
}
_NORMALISATIONS = {
    "none": Words("按原样比较", "compared as written"),
    "trim": Words("去掉首尾空格后比较", "compared without spaces around it"),
    "lower": Words("不分大小写", "compared without regard to case"),
    "phone": Words("按电话号码统一写法", "compared as a phone number"),
    "email": Words("按邮箱统一写法", "compared as an e-mail address"),
    "digits": Words("只比较数字", "compared by its digits alone"),
    "resident_id": Words(
        "按身份证号校验，15 位自动升为 18 位", "checked as an identity card, 15 digits made 18"
    ),
    "company_code": Words("按统一社会信用代码校验", "checked as a unified social credit code"),
    "opaque_id": Words(
        "按字母数字编号校验，区分大小写", "checked as letters and digits, case kept"
    ),
}
_AGGREGATES = {
    "count": Words("{e}的次数", "the number of {e} events"),
    "sum": Words("{e}的{f}合计", "the total {f} of {e} events"),
    "mean": Words("{e}的{f}平均值", "the mean {f} of {e} events"),
    "min": Words("{e}的{f}最小值", "the smallest {f} of {e} events"),
    "max": Words("{e}的{f}最大值", "the largest {f} of {e} events"),
    "first": Words("首次{e}的{f}", "the {f} of the first {e} event that has one"),
    "last": Words("最近一次{e}的{f}", "the {f} of the latest {e} event that has one"),
    "distinct": Words("{e}中不同{f}的个数", "the number of different {f} values of {e} events"),
    "days_since_first": Words("距首次{e}的天数", "the days since the first {e} event"),
    "days_since_last": Words("距最近一次{e}的天数", "the days since the latest {e} event"),
    "gap_median": Words(
        "相邻两次{e}间隔天数的中位数", "the median of the days between one {e} event and the next"
    ),
    "gap_max": Words(
        "相邻两次{e}间隔天数的最大值", "the most days between one {e} event and the next"
    ),
    "gap_last": Words("最近两次{e}相隔的天数", "the days between the latest two {e} events"),
}
_ZERO_WHEN_EMPTY = ("count", "sum", "distinct")


def explain_metric(metric: Metric, library: Library | None) -> Words:
    """What a metric measures, over what, and what it is when there is nothing."""
    metric = library.metrics.get(metric.key, metric) if library else metric
    head = _head(metric)
    if metric.expression is not None:
        said = say(metric.expression, library)
        if known_type(metric.expression) == "boolean":
            return Words(f"{head.zh}：{said.zh}。", f"{head.en}: {said.en}.")
        return Words(f"{head.zh}：等于 {said.zh}。", f"{head.en}: {said.en}.")
    events = _event_names(metric.of, library)
    field = _field_name(metric, library)
    phrase = _AGGREGATES[metric.agg or "count"]
    where = _where(metric, library)
    window = _window(metric.window_us)
    empty = Words("没有这样的事件时没有值", "without such events it has no value")
    if metric.agg in _ZERO_WHEN_EMPTY:
        empty = Words("没有这样的事件时为 0", "without such events it is 0")
    zh = phrase.zh.format(e=events.zh, f=field.zh).rstrip()
    en = phrase.en.format(e=events.en, f=field.en)
    return Words(
        f"{head.zh}：{zh}{where.zh}{window.zh}。{empty.zh}。",
        f"{head.en}: {en}{where.en}{window.en}. {capitalised(empty.en)}.",
    )


def explain_expression(definition: NamedExpression, library: Library | None) -> Words:
    """What a named expression stands for."""
    definition = library.expressions.get(definition.key, definition) if library else definition
    head, said = _head(definition), say(definition.expression, library)
    return Words(f"{head.zh}：{said.zh}。", f"{head.en}: {said.en}.")


def explain_event_type(definition: EventType, library: Library | None) -> Words:
    """What an event tells, about whom."""
    if library and definition.key == PROFILED:
        definition = library.event_types.get(definition.key, definition)
    head = _head(definition)
    party = _party(definition.party, library)
    zh, en = f"{head.zh}：事件", f"{head.en}: an event"
    if definition.party:
        zh, en = f"{zh}，关于{party.zh}", f"{en} about a party of type {party.en}"
    fields = _fields(definition.fields)
    if definition.fields:
        return Words(f"{zh}。字段：{fields.zh}。", f"{en}. Fields: {fields.en}.")
    return Words(f"{zh}。没有字段。", f"{en}. It has no fields.")


def explain_party_type(definition: PartyType, _library: Library | None) -> Words:
    """By what a party is recognised and what is known of it."""
    head = _head(definition)
    parts = [Words(f"{head.zh}：主体类型", f"{head.en}: a type of party")]
    if definition.identifiers:
        found = _joined("；", "; ", [_identifier(one) for one in definition.identifiers])
        parts.append(Words(f"识别依据：{found.zh}", f"Recognised by: {found.en}"))
    if definition.fields:
        found = _fields(definition.fields)
        parts.append(Words(f"资料：{found.zh}", f"Profile: {found.en}"))
        parts.append(_survival(definition))
    said = _joined("。", ". ", parts)
    return Words(f"{said.zh}。", f"{said.en}.")


def _survival(definition: PartyType) -> Words:
    """Which value of a field is shown where several were told."""
    usual, own = definition.survival.usual.explained(), definition.survival.fields
    zh = [f"同一字段有多个值时显示{usual.zh}"]
    en = [f"Of several values of a field {usual.en} is shown"]
    names = {field.key: field.name for field in definition.fields}
    for key, rule in own:
        name, said = names.get(key) or Words(key, key), rule.explained()
        zh.append(f"{name.zh}取{said.zh}")
        en.append(f"of {uncapitalised(name.en)}, {said.en}")
    return Words("，".join(zh), "; ".join(en))


def explain_lifecycle(definition: Lifecycle, library: Library | None) -> Words:
    """The stages in the order in which they are tried, each with its condition."""
    definition = library.lifecycles.get(definition.key, definition) if library else definition
    head, party = _head(definition), _party(definition.party, library)
    zh = [f"{head.zh}：{party.zh}的生命周期。依次判断，第一个成立的就是客户所处的阶段："]
    en = [f"{head.en}: a lifecycle of {party.en}. The first stage that holds is the customer's:"]
    for index, code in enumerate(definition.check, start=1):
        stage = definition.stage(code)
        said = Words("其余客户", "everyone else")
        if stage.when is not None:
            said = say(stage.when, library)
        zh.append(f"{index}. {stage.name.zh}（{code}）：{said.zh}")
        en.append(f"{index}. {stage.name.en} ({code}): {uncapitalised(said.en)}")
    beneath = _beneath(definition, library) if library else []
    if beneath:
        zh += ["其中：", *(f"· {said.zh}" for said in beneath)]
        en += ["Where:", *(f"· {said.en}" for said in beneath)]
    return Words("\n".join(zh), "\n".join(en))


def _beneath(definition: Lifecycle, library: Library) -> list[Words]:
    """The named expressions and derived metrics that the conditions use, and those these use."""
    said: dict[str, Words] = {}
    nodes = [s.when for code in definition.check if (s := definition.stage(code)).when]
    keys = [key for node in nodes for key in names_in(node)]
    while keys:
        key = keys.pop(0)
        named, metric = library.expressions.get(key), library.metrics.get(key)
        if key in said:
            continue
        if named is not None:
            said[key] = explain_expression(named, library)
            keys += names_in(named.expression)
        elif metric is not None and metric.expression is not None:
            said[key] = explain_metric(metric, library)
            keys += names_in(metric.expression)
    return list(said.values())


def explain_pack(definition: Pack, library: Library | None) -> Words:
    """What a pack is and what it builds on."""
    head = _head(definition)
    zh, en = f"{head.zh}：行业包", f"{head.en}: a pack of definitions"
    if definition.requires:
        zh += f"，依赖 {'、'.join(definition.requires)}"
        en += f" that builds on {', '.join(definition.requires)}"
    about = definition.description
    return Words(
        f"{zh}。{about.zh}" if about else f"{zh}。", f"{en}. {about.en}" if about else f"{en}."
    )


def say(node: Node, library: Library | None, fields: dict[str, Field] | None = None) -> Words:
    """An expression in both languages, the English starting with a capital letter."""
    vocabulary = Vocabulary(library, fields)
    zh = Speaker(vocabulary, "zh").say(node)
    # Full-width brackets bring their own space.
    zh = zh.replace(" （", "（").replace("） ", "）")
    return Words(zh, capitalised(Speaker(vocabulary, "en").say(node)))


def _head(definition: Definition) -> Words:
    name, key = definition.name, definition.key
    return Words(f"{name.zh}（{key}）", f"{name.en} ({key})")


def _event_names(keys: Iterable[str], library: Library | None) -> Words:
    names = []
    for key in keys:
        found = library.event_types.get(key) if library else None
        names.append(found.name if found else Words(key, key))
    quoted = [Words(f"“{name.zh}”", f"“{name.en}”") for name in names]
    return _joined("或", " or ", quoted)


def _field_name(metric: Metric, library: Library | None) -> Words:
    key = metric.field or ""
    field = _metric_fields(metric, library).get(key)
    name = field.name if field and field.name else None
    return Words(name.zh, uncapitalised(name.en)) if name else Words(f" {key} ", key)


def _metric_fields(metric: Metric, library: Library | None) -> dict[str, Field]:
    if library is None:
        return {}
    return library.fields_of(key for key in metric.of if key in library.event_types)


def _where(metric: Metric, library: Library | None) -> Words:
    if metric.where is None:
        return Words("", "")
    said = say(metric.where, library, _metric_fields(metric, library))
    return Words(
        f"，只计 {said.zh} 的事件", f", counting only those where {uncapitalised(said.en)}"
    )


def _window(window_us: int | None) -> Words:
    if window_us is None:
        return Words("", "")
    days = render_number(window_us / DAY_US)
    if window_us % DAY_US:
        hours = window_us // (DAY_US // 24)
        return Words(f"，只看最近 {hours} 小时", f", within the last {hours} hours")
    plural = "" if days == "1" else "s"
    return Words(f"，只看最近 {days} 天", f", within the last {days} day{plural}")


def _party(key: str | None, library: Library | None) -> Words:
    if key is None:
        return Words("任何主体", "any party")
    found = library.party_types.get(key) if library else None
    return Words(f"“{found.name.zh}”", f"“{found.name.en}”") if found else Words(key, key)


def _fields(fields: Sequence[Field]) -> Words:
    return _joined("、", ", ", [_field(field) for field in fields])


def _field(field: Field) -> Words:
    name = field.name or Words(field.key, field.key)
    notes = [_FIELD_TYPES[field.type]]
    if field.required:
        notes.append(Words("必填", "required"))
    if field.personal:
        notes.append(Words("个人信息，加密保存", "personal, kept encrypted"))
    if field.choices:
        called = _joined("、", ", ", [words for _, words in field.choices])
        notes.append(Words(f"如{called.zh}", f"such as {called.en}"))
    said = _joined("，", ", ", notes)
    return Words(f"{name.zh}（{said.zh}）", f"{uncapitalised(name.en)} ({said.en})")


def _identifier(identifier: IdentifierType) -> Words:
    name = identifier.name or Words(identifier.key, identifier.key)
    strong = identifier.strength == "strong"
    notes = [Words("强标识", "strong") if strong else Words("弱标识", "weak")]
    if identifier.personal:
        notes.append(Words("个人信息，加密保存", "personal, kept encrypted"))
    notes.append(_NORMALISATIONS[identifier.normalise])
    if identifier.limit is not None:
        limit = identifier.limit
        each = "个同类的其他标识", f"{limit} others of one type"
        some = "个其他标识", f"{limit} others"
        counted = each if identifier.fleeting else some
        notes.append(
            Words(
                f"关联超过 {limit} {counted[0]}时视为共用",
                f"taken as shared when linked to more than {counted[1]}",
            )
        )
    if identifier.unique:
        notes.append(Words("一个值只属于一位客户", "a value belongs to one customer"))
    if identifier.single:
        notes.append(Words("每位客户至多一个", "a customer has at most one"))
    said = _joined("，", ", ", notes)
    return Words(f"{name.zh}（{said.zh}）", f"{uncapitalised(name.en)} ({said.en})")


def _joined(zh: str, en: str, parts: Sequence[Words]) -> Words:
    return Words(zh.join(part.zh for part in parts), en.join(part.en for part in parts))
