"""Tokens: every operation asks for one and for its right, and none shows another's customers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tenure.actor import SYSTEM
from tenure.api.rest.limits import forget_buckets
from tenure.api.rest.urls import interface
from tenure.clock import now
from tenure.guard.access.models import Account
from tenure.guard.access.operations import TokenRequest, make_token_of_account
from tenure.guard.access.queries import PROGRAM_RIGHTS, RIGHTS, actor_of, rights_of
from tests.api.rest.house import Asker, Shop, house, token_for
from tests.derive.staff import PEOPLE

__all__ = ["house"]
pytestmark = pytest.mark.django_db
BODIES: dict[str, Any] = {
    "find_customers": {"value": PEOPLE[2].phone},
    "put_customer": {"identifiers": {"phone": PEOPLE[2].phone}, "profile": {"full_name": "X"}},
    "edit_customer": {"profile": {"full_name": "X"}},
    "tag_customer": {"add": ["x"]},
    "assign_customer": {"account": None},
    "add_note": {"text": "x"},
    "record_events": {
        "events": [
            {
                "type": "order.placed",
                "occurred_at": "2026-03-02T08:00:00Z",
                "identifiers": {"phone": PEOPLE[2].phone},
            }
        ]
    },
    "check_definitions": {"yaml": "x"},
    "publish": {"yaml": "x", "note": "x"},
    "put_map": {"map": "x"},
    "undo": {"reason": "x"},
    "merge": {"other": "ANOTHER", "reason": "x"},
    "unmerge": {"left": "CUSTOMER", "right": "ANOTHER", "reason": "x"},
    "separate": {"identifiers": ["CUSTOMER"], "reason": "x"},
    "prefer": {"event": "1"},
}
QUERIES = {
    "flows": "from=2026-01-01",
    "merge-preview": "other=ANOTHER",
    "separation-preview": "identifier=CUSTOMER",
}
SECRETS = [
    text
    for person in PEOPLE[2:]
    for text in (person.name, person.phone, person.email, person.member_no)
    if text
]


def operations() -> Iterator[tuple[str, str, str, str | None]]:
    """Method, path, name and right of every operation."""
    for path, methods in interface.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            yield method.upper(), path, described["operationId"], described["x-right"] or None


def filled(path: str, number: int) -> str:
    values = {"customer_id": str(number), "kind": "metric", "key": "orders"}
    address = re.sub(r"{(\w+)}", lambda found: values.get(found[1], "1"), path)
    query = QUERIES.get(address.rpartition("/")[2])
    return f"{address}?{query.replace('CUSTOMER', str(number))}" if query else address


def test_every_operation_needs_a_token(house: Shop) -> None:
    client = Client()
    client.force_login(house.chief)  # being logged in at the pages is nothing here
    for method, path, name, _ in operations():
        for headers in ({}, {"Authorization": "Bearer tn_no"}, {"Authorization": "Basic x"}):
            answer = client.generic(method, filled(path, house.known[0]), headers=headers)
            assert answer.status_code == 401, name


def test_every_operation_needs_its_right(house: Shop) -> None:
    rights = {right for *_, right in operations() if right}
    assert rights <= set(PROGRAM_RIGHTS)
    for method, path, name, right in operations():
        if right is None:
            continue
        forget_buckets()
        others = [one for one in PROGRAM_RIGHTS if one != right]
        asker = token_for(house.chief, *others)
        answer = asker.ask(method, filled(path, house.known[0]), BODIES.get(name))
        assert answer.status_code == 403, name


def test_no_operation_shows_or_changes_another_owners_customer(house: Shop) -> None:
    ann, chief = _all_of(house.ann), token_for(house.chief)
    there = f"/api/customers/{house.known[2]}"
    before = chief.get(there).content
    for method, path, name, _ in operations():
        forget_buckets()
        address = filled(path, house.known[2]).replace("ANOTHER", str(house.known[0]))
        answer = ann.ask(method, address, _body(name, house))
        told = answer.content.decode()
        assert answer.status_code < 500, name
        assert not [secret for secret in SECRETS if secret in told], name
        assert str(house.known[2]) not in told.replace(there, ""), name
        if "{customer_id}" in path:
            assert answer.status_code in {403, 404}, name
    assert chief.get(there).content == before


def _body(name: str, house: Shop) -> Any:
    """What an operation is told about a customer of somebody else, and one of one's own."""
    text = json.dumps(BODIES.get(name))
    for word, number in (("CUSTOMER", house.known[2]), ("ANOTHER", house.known[0])):
        text = text.replace(word, str(number))
    return json.loads(text)


def _all_of(person: Account) -> Asker:
    """A token with all that an account may, which here is everything over its own customers."""
    role = person.roles.get()
    wide = {
        right: "own" if right.startswith(("customer.", "stage.", "event.record")) else "all"
        for right in RIGHTS
        if not right.startswith(("audit.", "import."))  # which show what came, whosever it is
    }
    role.grants = wide
    role.save()
    may = [right for right in PROGRAM_RIGHTS if rights_of(actor_of(person)).may(right)]
    request = TokenRequest("wide", may, [])
    return Asker(make_token_of_account(person.pk, request, by=SYSTEM, at=now()).token)
