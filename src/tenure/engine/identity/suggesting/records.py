"""Records of customers prepared for comparison: every field in its form, and the keys of blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import pyarrow as pa

from tenure.engine.identity.suggesting import fields as forms

Party = Literal["person", "organisation"]
FIELDS = (
    "name", "birth_date", "number", "phone", "email", "company", "city", "address", "postcode",
)  # fmt: skip
"""What is compared, all text, null where unknown. ``name`` of an organisation is its own;
``birth_date`` is ISO 8601; ``number`` is one that only one has, such as an identity card's."""

_RECORD_COLUMNS: dict[str, pa.DataType] = {
    "id": pa.int64(),
    **dict.fromkeys(FIELDS, pa.string()),
}
RECORDS = pa.schema(_RECORD_COLUMNS)
"""Columns of records to compare; a field may be left out altogether."""


def prepared(records: pa.Table, party: Party) -> pa.Table:
    """The columns the model compares, ``unique_id`` first; empty text becomes null.

    Args:
        records: columns of ``RECORDS``, of which only ``id`` must be there.
        party: persons' names and companies' are read differently.
    """
    columns: dict[str, pa.Array[pa.StringScalar]] = {}
    for name, of in _PREPARING[party].items():
        for field, form in of.items():
            columns[field] = _mapped(records, name, form)
    ids = records["id"].cast(pa.int64()).combine_chunks()
    return pa.Table.from_arrays([ids, *columns.values()], names=["unique_id", *columns])


def _name(part: str) -> Callable[[str], str]:
    return lambda raw: str(getattr(forms.name_forms(raw), part))


def _company_sound(raw: str) -> str:
    return forms.company_sound(forms.company_key(raw))


def _sorted_letters(raw: str) -> str:
    return "".join(sorted(_company_sound(raw)))


def _plain(raw: str) -> str:
    return forms.address_words(raw).replace(" ", "")


def _mail(place: int) -> Callable[[str], str]:
    return lambda raw: forms.mail_forms(raw)[place]


_CONTACT: Mapping[str, Mapping[str, Callable[[str], str]]] = {
    "phone": {"phone": forms.phone_digits},
    "email": {"email": _mail(0), "mail_user": _mail(1)},
    "city": {"city": forms.place_key, "city_letters": lambda raw: "".join(sorted(forms.place_key(raw)))},
    "address": {"address": forms.address_words},
    "postcode": {"postcode": _plain},
    "number": {"number": _plain},
}
_PREPARING: Mapping[Party, Mapping[str, Mapping[str, Callable[[str], str]]]] = {
    "person": {
        "name": {
            "whole": _name("whole"),
            "han": _name("han"),
            "sound": _name("sound"),
            "turned": _name("turned"),
            "family": _name("family"),
            "given": lambda raw: forms.name_forms(raw).sound.partition(" ")[2],
            "name_key": _name("key"),
        },
        "birth_date": {"birth_date": _plain},
        "company": {"company": forms.company_key, "company_sound": _company_sound},
        **_CONTACT,
    },
    "organisation": {
        "name": {
            "whole": forms.company_key,
            "han": forms.company_key,
            "sound": _company_sound,
            "name_key": _sorted_letters,
        },
        **_CONTACT,
    },
}


def _mapped(records: pa.Table, name: str, form: Callable[[str], str]) -> pa.Array[pa.StringScalar]:
    """A column in another form, worked out once for each different value."""
    if name not in records.column_names:
        return pa.nulls(len(records), pa.string())
    values = records[name].cast(pa.string()).to_pylist()
    forms_of = {value: form(value) or None for value in {*values} if value is not None}
    return pa.array([forms_of.get(value) if value else None for value in values], pa.string())
