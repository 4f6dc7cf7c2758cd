"""What is known of every customer of one party, as records to compare.

Personal values are opened for the comparison only and kept in memory; the caller is a job.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from tenure.definitions import PROFILED
from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.projection.mapping import identity_map
from tenure.engine.identity.suggesting import RECORDS
from tenure.record.events.queries import events_of, identifiers
from tenure.record.vault.queries import reveal

TOLD_BY = (PROFILED, "customer.registered")
"""Types of the events that tell of who somebody is."""
_IDENTIFIERS = {
    "phone": "phone",
    "email": "email",
    "id_number": "number",
    "company_no": "number",
    "company_name": "name",
    "domain": "email",
}
_FIELDS = {
    "full_name": "name",
    "birth_date": "birth_date",
    "address": "address",
    "city": "city",
    "headquarters": "city",
    "company": "company",
    "employer": "company",
    "postcode": "postcode",
}
_PART = 500

Known = dict[int, dict[str, str]]


def likeness_records(party: str) -> pa.Table:
    """One record of each customer of a party who has a card; columns of ``RECORDS``."""
    rows = CustomerCard.objects.filter(party=party).order_by("customer_id")
    known: Known = {}
    named: dict[int, tuple[int, str]] = {}
    for number, event_id, field in rows.values_list(
        "customer_id", "name_event_id", "name_field"
    ).iterator(chunk_size=50_000):
        known[number] = {}
        if event_id is not None:
            named[event_id] = (number, field)
    owners = _owners(known)
    for part in _parts(sorted(owners)):
        _add_identifiers(known, owners, part)
        _add_fields(known, owners, part)
    for part in _parts(sorted(named)):
        for event_id, secrets in reveal("event", part).items():
            number, field = named[event_id]
            if name := secrets.get(field):
                known[number]["name"] = name
    return _table(known)


def _owners(known: Known) -> dict[int, int]:
    """Every identifier of these customers to its customer."""
    members = identity_map()
    mine = np.isin(members["customer_id"].to_numpy(), np.fromiter(known, np.int64, len(known)))
    members = members.filter(pa.array(mine))
    others = members["identifier_id"].to_numpy().tolist()
    whose = members["customer_id"].to_numpy().tolist()
    return {**{one: one for one in known}, **dict(zip(others, whose, strict=True))}


def _add_identifiers(known: Known, owners: dict[int, int], part: list[int]) -> None:
    for one, view in identifiers(part, with_personal=True).items():
        field = _IDENTIFIERS.get(view.type)
        if field and view.value:
            value = f"@{view.value}" if view.type == "domain" else view.value
            known[owners[one]].setdefault(field, value)


def _add_fields(known: Known, owners: dict[int, int], part: list[int]) -> None:
    """The newest word on each field; events come newest first."""
    for event in events_of(part, types=TOLD_BY, with_personal=True):
        if event.identifier_id is None:
            continue
        told = known[owners[event.identifier_id]]
        for key, value in {**event.properties, **event.personal}.items():
            field = _FIELDS.get(key)
            if field and isinstance(value, str) and value:
                told.setdefault(field, value)


def _table(known: Known) -> pa.Table:
    names = [name for name in RECORDS.names if name != "id"]
    columns = {name: [told.get(name) for told in known.values()] for name in names}
    return pa.table({"id": [*known], **columns}, schema=RECORDS)


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), _PART):
        yield numbers[start : start + _PART]
