"""Traits of people and organisations, to identifiers and profile fields."""

from __future__ import annotations

import re

from tenure.definitions import Library
from tenure.definitions.event_type import Field
from tenure.record.sources.translating.fitting import put
from tenure.record.sources.translating.naming import PROFILED, field_name
from tenure.record.sources.translating.reading import Json, as_json, id_of, mapping, text_of

Identifiers = dict[str, list[str]]
"""Identifier type to values, the event's own first."""

_LATIN = re.compile(r"[\x00-\u024f]*")

_PERSON_IDENTIFIERS = {
    "email": "email", "email_address": "email", "mail": "email", "邮箱": "email",
    "phone": "phone", "phone_number": "phone", "mobile": "phone", "mobile_phone": "phone",
    "telephone": "phone", "tel": "phone", "cellphone": "phone", "手机": "phone", "手机号": "phone",
    "customer_id": "customer_id", "member_no": "member_no", "member_id": "member_no",
    "会员号": "member_no", "unionid": "wechat_unionid", "union_id": "wechat_unionid",
    "wechat_unionid": "wechat_unionid", "openid": "wechat_openid", "open_id": "wechat_openid",
    "wechat_openid": "wechat_openid", "id_number": "id_number", "id_card": "id_number",
    "身份证号": "id_number",
}  # fmt: skip
_PERSON_FIELDS = {
    "name": "full_name", "fullname": "full_name", "display_name": "full_name",
    "real_name": "full_name", "姓名": "full_name", "sex": "gender", "性别": "gender",
    "birthday": "birth_date", "birthdate": "birth_date", "dob": "birth_date",
    "date_of_birth": "birth_date", "生日": "birth_date", "出生日期": "birth_date", "年龄": "age",
    "state": "province", "region": "province", "省份": "province", "城市": "city",
    "country_code": "country", "title": "occupation", "job_title": "occupation",
    "profession": "occupation", "职业": "occupation", "学历": "education",
    "level": "membership_level", "vip_level": "membership_level",
    "member_level": "membership_level", "会员等级": "membership_level", "description": "remark",
    "bio": "remark", "about": "remark", "备注": "remark", "地址": "address",
}  # fmt: skip
_ADDRESS = {"city": "city", "state": "province", "region": "province", "province": "province",
            "country": "country"}  # fmt: skip
_ORGANISATION_IDENTIFIERS = {
    "name": "company_name", "company_name": "company_name", "domain": "domain",
    "company_no": "company_no", "registration_number": "company_no",
}  # fmt: skip
_ORGANISATION_FIELDS = {
    "employee_count": "employees", "num_employees": "employees", "size": "employees",
    "revenue": "annual_revenue", "founded": "founded_year", "parent": "parent_company",
    "address": "headquarters",
}  # fmt: skip


def add_identifier(identifiers: Identifiers, kind: str, value: str | None) -> None:
    """Note a further value of a type, unless there is none or it is there already."""
    if value is not None and value not in (known := identifiers.setdefault(kind, [])):
        known.append(value)


def add_contacts(identifiers: Identifiers, traits: Json) -> None:
    """Only the identifiers among the traits of a person, as context to something else."""
    for name, value in traits.items():
        kind = _PERSON_IDENTIFIERS.get(field_name(name))
        if kind is not None:
            add_identifier(identifiers, kind, id_of(value))


def person_fields(traits: Json, identifiers: Identifiers, library: Library) -> Json:
    """Profile fields of a person; identifiers among the traits are added to ``identifiers``.

    A trait that is neither stays under its own name.
    """
    traits = _with_whole_name(traits)
    fields: Json = {}
    address = traits.get("address")
    if isinstance(address, dict):
        traits = {**_of_address(address), **traits, "address": _address_text(address)}
    _sort_out(traits, (_PERSON_IDENTIFIERS, _PERSON_FIELDS), identifiers, fields, _profile(library))
    return fields


def organisation_fields(traits: Json, identifiers: Identifiers, library: Library) -> Json:
    """As :func:`person_fields`, of an organisation."""
    fields: Json = {}
    tables = (_ORGANISATION_IDENTIFIERS, _ORGANISATION_FIELDS)
    _sort_out(traits, tables, identifiers, fields, _profile(library))
    return fields


def _sort_out(
    traits: Json,
    tables: tuple[dict[str, str], dict[str, str]],
    identifiers: Identifiers,
    fields: Json,
    profile: dict[str, Field],
) -> None:
    names, renamed = tables
    for name, value in traits.items():
        key = field_name(name)
        kind = names.get(key)
        if kind is not None and id_of(value) is not None:
            add_identifier(identifiers, kind, id_of(value))
            continue
        spec = profile.get(key) or profile.get(renamed.get(key, ""))
        if value is None:
            continue
        if spec is None or (spec.key != key and spec.key in fields):
            fields[key if key not in fields else name] = value
        else:
            put(fields, spec, value)


def _profile(library: Library) -> dict[str, Field]:
    """The fields of ``customer.profiled``: those of all party types."""
    kind = library.event_types.get(PROFILED)
    return {field.key: field for field in kind.fields} if kind else {}


def _with_whole_name(traits: Json) -> Json:
    """First and last name as one; in Chinese the family name comes first, without a space."""
    known = {field_name(name): name for name in traits}
    if any(name in known for name in ("name", "full_name", "fullname", "display_name")):
        return traits
    places = [known.get(name, "") for name in ("first_name", "last_name")]
    first, last = (text_of(traits.get(place)) for place in places)
    if first is None and last is None:
        return traits
    latin = _LATIN.fullmatch(f"{first or ''}{last or ''}")
    parts = [first, last] if latin else [last, first]
    whole = (" " if latin else "").join(part for part in parts if part)
    return {"name": whole, **{k: v for k, v in traits.items() if k not in places}}


def _of_address(address: Json) -> Json:
    known = {field_name(name): value for name, value in address.items()}
    return {field: known[name] for name, field in _ADDRESS.items() if text_of(known.get(name))}


def _address_text(address: Json) -> str:
    """An address in one line; in parts nobody knows, as it is."""
    known = {field_name(name): text_of(value) for name, value in address.items()}
    order = ("street", "city", "state", "province", "postal_code", "zip", "country")
    parts = [text for name in order if (text := known.get(name))]
    whole = len(parts) == sum(text is not None for text in known.values())
    return ", ".join(parts) if parts and whole else as_json(mapping(address))
