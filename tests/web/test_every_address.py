"""Every address, asked by everybody, with right and with absurd parts: no fault and no leak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tenure.definitions import load_text
from tenure.derive.lifecycles.operations import rebuild
from tenure.guard.access.models import Account, Role
from tenure.guard.access.operations import ensure_roles
from tenure.record.library.operations import publish
from tests.derive.company import TESTER
from tests.derive.staff import PEOPLE, START, meet, shop
from tests.derive.test_roster import LISTING

ABSURD = {"a": "'; --", "q": "<script>", "page": "-1", "sort": "no_such", "as_of": "2026-02-31"}
ABSURD_TEXTS = ("M001", "nothing", "\u202ex", "a" * 300)
SECRETS = [
    text for one in PEOPLE for text in (one.name, one.phone, one.phone[-8:], one.email) if text
]


@pytest.fixture
def customers(db: None) -> Iterator[list[int]]:
    """A house whose customers belong to nobody, so only who may see all sees them."""
    with shop():
        publish(load_text(LISTING, "listing"), note="test", by=TESTER, at=START)
        known = meet()
        rebuild(at=START + timedelta(minutes=1))
        yield known


def patterns(
    resolver: URLResolver | None = None, before: str = "/"
) -> Iterator[tuple[str, dict[str, str]]]:
    """Every address of the project with the kinds of its parts."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(getattr(entry.pattern, "_route", entry.pattern))
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            kinds = {
                name: type(converter).__name__
                for name, converter in entry.pattern.converters.items()
            }
            yield route, kinds


def addresses(values: dict[str, tuple[str, ...]]) -> list[str]:
    """Every address with its parts filled in, by kind of part; absurd ones in turn."""
    found = []
    for route, kinds in patterns():
        parts = [values["number" if "Int" in kind else "text"] for kind in kinds.values()]
        for turn in range(max(map(len, parts), default=1)):
            address = route
            for options in parts:
                start, end = address.index("<"), address.index(">")
                address = address[:start] + options[turn % len(options)] + address[end + 1 :]
            found.append(address)
    return found


def body_of(answer: HttpResponseBase) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")  # type: ignore[attr-defined]
    return answer.content.decode(errors="replace")  # type: ignore[attr-defined]


def ask(person: Account | None, address: str, *, post: bool) -> HttpResponseBase:
    """What an address answers; whatever it did is taken back."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    with transaction.atomic():
        answer = client.post(address, ABSURD) if post else client.get(address, ABSURD)
        text = body_of(answer)
        transaction.set_rollback(True)
    answer.told = text  # type: ignore[attr-defined]
    return answer


def somebody(role: str | None) -> Account | None:
    """One who holds a built-in role, or none, or (``None``) nobody who has logged in."""
    if role is None:
        return None
    one = Account.objects.create_user(f"{role}@example.com", name=role, created_at=START)
    if role != "nothing":
        one.roles.add(Role.objects.get(key=role))
    return one


ROLES = [
    None, "nothing", "executive", "marketing", "sales", "sales_manager", "call_centre", "service",
    "account_manager", "analyst", "finance_risk", "data_administrator", "administrator",
]  # fmt: skip


def test_these_are_all_roles(db: None) -> None:
    ensure_roles(by=TESTER, at=START)
    assert {*ROLES[2:]} == {*Role.objects.values_list("key", flat=True)}


@pytest.mark.slow
@pytest.mark.parametrize("post", [False, True], ids=["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_no_fault_and_no_leak(customers: list[int], role: str | None, post: bool) -> None:
    ensure_roles(by=TESTER, at=START)
    person = somebody(role)
    sees_all = person is not None and any(
        one.grants.get("customer.view") == "all" for one in person.roles.all()
    )
    thorough = role in (None, "sales", "administrator")
    numbers = (customers[0], 0, 2**63 - 1)[: 3 if thorough else 1]
    values = {
        "number": tuple(str(number) for number in numbers),
        "text": ABSURD_TEXTS[: 4 if thorough else 1],
    }
    faults, leaks = [], []
    for address in addresses(values):
        answer = ask(person, address, post=post)
        if answer.status_code >= 500:
            faults.append(f"{address} {answer.status_code}")
        if not sees_all and any(secret in answer.told for secret in SECRETS):  # type: ignore[attr-defined]
            leaks.append(address)
    assert not faults
    assert not leaks
