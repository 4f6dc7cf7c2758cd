"""Forms in words."""

from __future__ import annotations

from tenure.definitions.form import ConsentText, Form, FormField
from tenure.definitions.library import Library
from tenure.definitions.party_type import PartyType
from tenure.words import Words


def explain_form(form: Form, library: Library | None) -> Words:
    """What a form asks, of whom, what it asks consent to, and what becomes of it."""
    party = library.party_types.get(form.party) if library else None
    whose = party.name if party else Words(form.party, form.party)
    zh = [f"{form.name.zh}（{form.key}）：由{whose.zh}填写的表单。"]
    en = [f"{form.name.en} ({form.key}): a form filled in by a {whose.en.lower()}."]
    asked = [_field(one, party) for one in form.fields]
    zh.append(f"询问：{'、'.join(one.zh for one in asked)}。")
    en.append(f"It asks for {', '.join(one.en for one in asked)}.")
    agreed = [_consent(one) for one in form.consents]
    if agreed:
        zh.append(f"征求同意（从不预先勾选）：{'；'.join(one.zh for one in agreed)}。")
        en.append(f"Consent is asked for, never ticked: {'; '.join(one.en for one in agreed)}.")
    outcome = _outcome(form)
    zh.append(outcome.zh)
    en.append(outcome.en)
    return Words("\n".join(zh), "\n".join(en))


def _field(asked: FormField, party: PartyType | None) -> Words:
    names: dict[str, Words | None] = {}
    if party:
        names = {one.key: one.name for one in party.fields}
        names |= {one.key: one.name for one in party.identifiers}
    named = names.get(asked.field)
    label = asked.label or named or Words(asked.field, asked.field)
    if asked.required:
        return Words(f"{label.zh}（必填）", f"{label.en} (required)")
    return label


def _consent(consent: ConsentText) -> Words:
    channel = f"/{consent.channel}" if consent.channel else ""
    need = Words("，必须" if consent.required else "", ", required" if consent.required else "")
    what = f"{consent.purpose}{channel}"
    return Words(
        f"{what}（第 {consent.version} 版{need.zh}）“{consent.text.zh}”",
        f"{what} (version {consent.version}{need.en}) “{consent.text.en}”",
    )


def _outcome(form: Form) -> Words:
    zh, en = [], []
    if form.registration:
        zh.append("提交后成为会员")
        en.append("whoever sends it becomes a member")
    if form.campaign:
        zh.append(f"没有其他来路时记在营销活动 {form.campaign} 名下")
        en.append(f"without another origin it counts for the campaign {form.campaign}")
    if form.sites:
        zh.append(f"可嵌入 {'、'.join(form.sites)}")
        en.append(f"it may be embedded by {', '.join(form.sites)}")
    if form.closed:
        zh.append("现在停用")
        en.append("it is closed for now")
    zh.append(f"事件的来源是 {form.source_key}")
    en.append(f"its events have the source {form.source_key}")
    said = "; ".join(en)
    return Words(f"{'；'.join(zh)}。", f"{said[0].upper()}{said[1:]}.")
