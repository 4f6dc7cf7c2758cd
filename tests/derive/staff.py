"""Accounts with the roles of a small company, and a shop's customers with names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from tenure.actor import Actor
from tenure.definitions import load_packs
from tenure.guard.access.models import Account, Department, Role, Team
from tenure.guard.access.queries import actor_of
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import find_identifiers
from tenure.record.library import queries as library_queries
from tenure.record.library.operations import publish
from tests.derive.company import TESTER, _new_home

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody the shop knows."""

    member_no: str
    name: str
    phone: str
    email: str = ""
    channel: str = "app"


PEOPLE = (
    Person("M001", "王小明", "13800138001", "xm.wang@example.com", "store"),
    Person("M002", "曾国华", "13912345678", "zeng@example.com"),
    Person("M003", "单晓燕", "13700001111", "shan@example.com"),
    Person("M004", "John Smith", "13655556666", "john.smith@example.com", "web"),
    Person("M005", "陳美麗", "13544443333", "meili@example.com"),
)


@contextmanager
def shop(packs: Sequence[str] = ("core",)) -> Iterator[None]:
    """An empty house with the definitions of some packs."""
    from django.test import override_settings

    library_queries._current.clear()
    try:
        with _new_home() as home, override_settings(TENURE_HOME=home):
            publish(load_packs(list(packs)), note="test", by=TESTER, at=START)
            yield
    finally:
        library_queries._current.clear()


def meet(people: Sequence[Person] = PEOPLE, at: datetime = START) -> list[int]:
    """Record that people registered with their names; their identifiers' numbers."""
    events = []
    for one in people:
        who = {"member_no": one.member_no, "phone": one.phone}
        if one.email:
            who["email"] = one.email
        events.append(
            IncomingEvent("customer.registered", at, who, {"channel": one.channel}, f"r{one.phone}")
        )
        events.append(
            IncomingEvent(
                "customer.profiled", at, {"member_no": one.member_no},
                {"full_name": one.name}, f"p{one.phone}",
            )
        )  # fmt: skip
    record_events(events, source="shop", by=TESTER, at=at)
    return [number_of(one.member_no) for one in people]


def number_of(member_no: str) -> int:
    [found] = [one for one in find_identifiers(member_no) if one.type == "member_no"]
    return found.id


def account(
    email: str,
    grants: dict[str, str],
    *,
    reads: Sequence[str] = (),
    department: Department | None = None,
    team: Team | None = None,
    language: str = "zh",
) -> Account:
    """An account with one role of its own."""
    role = Role.objects.create(
        key=f"role-{email}", name_zh=email, name_en=email, grants=grants, reads=list(reads)
    )
    one = Account.objects.create_user(
        email,
        name=email.partition("@")[0],
        department=department,
        language=language,
        created_at=START,
    )
    one.roles.add(role)
    if team is not None:
        one.teams.add(team)
    return one


def actor(one: Account) -> Actor:
    return actor_of(one)
