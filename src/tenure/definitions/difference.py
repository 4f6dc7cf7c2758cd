"""What changed between two versions of a definition, field by field, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tenure.definitions.base import Definition
from tenure.definitions.form import Form
from tenure.definitions.writing import Plain, to_plain
from tenure.words import Language, Words

_LABELS = {
    "name": Words("名称", "name"),
    "description": Words("说明", "description"),
    "party": Words("主体类型", "party type"),
    "fields": Words("字段", "field"),
    "type": Words("类型", "type"),
    "required": Words("必填", "required"),
    "personal": Words("个人信息", "personal"),
    "choices": Words("取值的叫法", "words for values"),
    "of": Words("事件类型", "event types"),
    "where": Words("筛选条件", "filter"),
    "agg": Words("汇总方式", "aggregate"),
    "field": Words("汇总字段", "field"),
    "window": Words("时间窗口", "window"),
    "expression": Words("表达式", "expression"),
    "unit": Words("单位", "unit"),
    "is": Words("条件", "condition"),
    "identifiers": Words("标识", "identifier"),
    "strength": Words("强弱", "strength"),
    "normalise": Words("归一方式", "normalisation"),
    "region": Words("地区", "region"),
    "limit": Words("上限", "limit"),
    "blocked": Words("屏蔽值", "blocked values"),
    "fleeting": Words("临时", "fleeting"),
    "unique": Words("唯一", "unique"),
    "single": Words("至多一个", "at most one"),
    "survival": Words("多个值时显示", "which value is shown"),
    "rule": Words("规则", "rule"),
    "sources": Words("来源的先后", "order of sources"),
    "model": Words("对应要求", "requirement"),
    "stages": Words("阶段", "stage"),
    "order": Words("阶段的显示次序", "order of stages"),
    "identifier_order": Words("标识的次序", "order of identifiers"),
    "check": Words("判断次序", "order of trial"),
    "canonical": Words("通用阶段", "canonical stage"),
    "owner_role": Words("负责角色", "owner role"),
    "when": Words("条件", "condition"),
    "entry": Words("进入标准", "entry criterion"),
    "playbook": Words("运营手册", "playbook"),
    "goal": Words("目标", "goal"),
    "actions": Words("动作", "actions"),
    "content": Words("内容", "content"),
    "channels": Words("渠道", "channels"),
    "kpis": Words("考核指标", "KPIs"),
    "requires": Words("依赖", "required packs"),
    "title": Words("标题", "heading"),
    "intro": Words("导语", "introduction"),
    "label": Words("问题", "label"),
    "help": Words("提示", "help"),
    "consents": Words("同意条款", "consent"),
    "purpose": Words("用途", "purpose"),
    "channel": Words("渠道", "channel"),
    "text": Words("文字", "wording"),
    "version": Words("条款版本", "version of the wording"),
    "button": Words("按钮", "button"),
    "thanks": Words("提交后的话", "words of thanks"),
    "registration": Words("成为会员", "makes a member"),
    "source": Words("来源", "source"),
    "campaign": Words("营销活动", "campaign"),
    "language": Words("语言", "language"),
    "sites": Words("可嵌入的网站", "sites that may embed it"),
    "challenge": Words("浏览器验证", "puzzle for browsers"),
    "hourly_limit": Words("每小时上限", "limit an hour"),
    "closed": Words("停用", "closed"),
    "field_order": Words("问题的次序", "order of questions"),
    "key": Words("键", "key"),
    "kind": Words("种类", "kind"),
}
_NAMED = ("fields", "identifiers", "stages", "consents")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        path: where, such as ``stages.active.when``; empty for the definition as a whole.
        before: the old value in words; None when it was added.
        after: the new value in words; None when it was removed.
        words: the whole difference as a sentence.
    """

    path: str
    before: Words | None
    after: Words | None
    words: Words


def diff(old: Definition | None, new: Definition | None) -> tuple[Change, ...]:
    """What changed from ``old`` to ``new``; None stands for "not there".

    Formatting does not count: definitions of one fingerprint have no differences.
    """
    if old is None or new is None:
        present = old or new
        if present is None:
            return ()
        label = Words(*(f"{present.kind} {present.key}" for _ in range(2)))
        before, after = (None, present.name) if old is None else (present.name, None)
        return (Change("", before, after, _sentence(label, before, after)),)
    return tuple(_compare((), _keyed(old), _keyed(new)))


def _keyed(definition: Definition) -> dict[str, Plain]:
    """Plain data with stages by code, so that one moved stage is one difference."""
    plain = to_plain(definition)
    stages = plain.get("stages")
    if isinstance(stages, list):
        plain["stages"] = {stage["code"]: stage for stage in stages}
        plain["order"] = [stage["code"] for stage in stages]
    if isinstance(definition, Form):
        plain["field_order"] = [one.field for one in definition.fields]
        named = zip(definition.fields, _rows(plain.get("fields")), strict=True)
        plain["fields"] = {one.field: row for one, row in named}
        agreed = zip(definition.consents, _rows(plain.get("consents")), strict=True)
        plain["consents"] = {f"{one.purpose}/{one.channel or '*'}": row for one, row in agreed}
    if isinstance(plain.get("identifiers"), dict):
        plain["identifier_order"] = list(_mapping(plain["identifiers"]))
    return plain


def _compare(
    path: tuple[str, ...], old: Mapping[str, Plain], new: Mapping[str, Plain]
) -> list[Change]:
    changes: list[Change] = []
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if isinstance(before, bool) or isinstance(after, bool):
            before, after = before or False, after or False
        if before == after:
            continue
        here = (*path, key)
        nested = isinstance(before, Mapping) and isinstance(after, Mapping)
        if nested or (path == () and key in _NAMED):
            changes += _compare(here, _mapping(before), _mapping(after))
        else:
            changes.append(_change(here, before, after))
    return changes


def _change(path: tuple[str, ...], before: Plain | None, after: Plain | None) -> Change:
    old = None if before is None else _spoken(before)
    new = None if after is None else _spoken(after)
    label = Words(_label(path, "zh"), _label(path, "en"))
    return Change(".".join(path), old, new, _sentence(label, old, new))


def _label(path: tuple[str, ...], language: Language) -> str:
    parts: list[str] = []
    named = False
    for key in path:
        if named:
            parts[-1] += f" {key}"
            named = False
            continue
        label = _LABELS.get(key)
        parts.append(label.to(language) if label else key)
        named = key in _NAMED
    return " › ".join(parts)


def _sentence(label: Words, before: Words | None, after: Words | None) -> Words:
    if before is None and after is not None:
        return Words(f"{label.zh}：新增“{after.zh}”", f"{label.en}: added “{after.en}”")
    if after is None and before is not None:
        return Words(f"{label.zh}：删除“{before.zh}”", f"{label.en}: removed “{before.en}”")
    assert before is not None
    assert after is not None
    return Words(
        f"{label.zh}：由“{before.zh}”改为“{after.zh}”",
        f"{label.en}: changed from “{before.en}” to “{after.en}”",
    )


def _spoken(value: Plain) -> Words:
    if isinstance(value, Words):
        return value
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if isinstance(value, str | int):
        return Words(str(value), str(value))
    if isinstance(value, Mapping):
        return _spoken_mapping(value)
    parts = [_spoken(part) for part in value]
    return Words("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _spoken_mapping(value: Mapping[str, Plain]) -> Words:
    """A whole stage, field, identifier or playbook by what it is called."""
    for key in ("name", "goal", "type", "label", "text", "field"):
        found = value.get(key)
        if found is not None:
            return _spoken(found)
    return _spoken(list(value.values()))


def _rows(value: Plain | None) -> Sequence[Plain]:
    return value if isinstance(value, list) else ()


def _mapping(value: Plain | None) -> Mapping[str, Plain]:
    return value if isinstance(value, Mapping) else {}
