"""Records of customers prepared for comparison: every field in its form, and the keys of blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import pyarrow as pa

from tenure.engine.identity.suggesting import fields as forms
from tenure.engine.identity.suggesting.companies import company_forms, company_key, sound_of

Forms = Callable[[str], tuple[str, ...]]
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
    for name, (fields, forms_of) in _PREPARING[party].items():
        columns |= _mapped(records, name, fields, forms_of)
    ids = records["id"].cast(pa.int64()).combine_chunks()
    return pa.Table.from_arrays([ids, *columns.values()], names=["unique_id", *columns])


def _mapped(
    records: pa.Table, name: str, fields: tuple[str, ...], forms_of: Forms
) -> dict[str, pa.Array[pa.StringScalar]]:
    """A column in its forms, worked out once for each different value."""
    if name not in records.column_names:
        return {field: pa.nulls(len(records), pa.string()) for field in fields}
    column = records[name].cast(pa.string()).combine_chunks().dictionary_encode()
    told = [forms_of(value) for value in column.dictionary.to_pylist() if value is not None]
    return {
        field: pa.array([one[place] or None for one in told], pa.string()).take(column.indices)
        for place, field in enumerate(fields)
    }


def _person_name(raw: str) -> tuple[str, ...]:
    one = forms.name_forms(raw)
    given = one.sound.partition(" ")[2]
    return one.whole, one.han, one.sound, one.turned, one.family, given, one.key, one.other_key


def _company(raw: str) -> tuple[str, ...]:
    key = company_key(raw)
    return key, sound_of(key)


def _organisation(raw: str) -> tuple[str, ...]:
    one = company_forms(raw)
    trade = sound_of(one.trade)
    return (
        one.core + one.trade, one.sound + trade, one.core, one.sound, one.trade, one.place,
        one.initials,
    )  # fmt: skip


def _plain(raw: str) -> tuple[str, ...]:
    return (forms.address_words(raw).replace(" ", ""),)


def _mail(raw: str) -> tuple[str, ...]:
    whole, user = forms.mail_forms(raw)
    return whole, user, "".join(letter for letter in user if letter.isdigit())


def _place(raw: str) -> tuple[str, ...]:
    key = forms.place_key(raw)
    return key, "".join(sorted(key))


_Preparing = Mapping[str, tuple[tuple[str, ...], Forms]]
_CONTACT: _Preparing = {
    "phone": (("phone",), lambda raw: (forms.phone_digits(raw),)),
    "email": (("email", "mail_user", "mail_digits"), _mail),
    "city": (("city", "city_letters"), _place),
    "address": (("address",), lambda raw: (forms.address_words(raw),)),
    "postcode": (("postcode",), _plain),
    "number": (("number",), _plain),
}
_PREPARING: Mapping[Party, _Preparing] = {
    "person": {
        "name": (
            ("whole", "han", "sound", "turned", "family", "given", "name_key", "other_key"),
            _person_name,
        ),
        "birth_date": (("birth_date",), _plain),
        "company": (("company", "company_sound"), _company),
        **_CONTACT,
    },
    "organisation": {
        "name": (
            ("whole", "whole_sound", "core", "core_sound", "trade", "place", "initials"),
            _organisation,
        ),
        **_CONTACT,
    },
}
