"""Laws of who may: whatever the company looks like."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tenure.actor import SYSTEM, Actor
from tenure.guard.access.models import Account, Department, Role
from tenure.guard.access.operations import (
    add_department,
    add_team,
    make_account,
    move_department,
    switch_off,
)
from tenure.guard.access.queries import RIGHTS, SCOPED_RIGHTS, Scope, actor_of, explain, rights_of
from tenure.guard.trail.models import AuditEntry
from tenure.guard.trail.operations import note
from tenure.words import TenureError
from tests.guard.staff import AT

APPEND_ONLY = import_module("tenure.guard.trail.migrations.0002_append_only")
SCOPES = [scope.name.lower() for scope in Scope]
GRANTS = st.dictionaries(
    st.sampled_from(sorted(SCOPED_RIGHTS)), st.sampled_from(SCOPES), max_size=4
)
"""What one role grants."""


@dataclass(frozen=True)
class Company:
    """Plans of a company: parents of departments (earlier ones), moves, roles, people."""

    parents: list[int | None]
    moves: list[tuple[int, int | None]]
    roles: list[dict[str, str]]
    people: list[tuple[int | None, set[int], set[int]]]


@st.composite
def companies(draw: st.DrawFn) -> Company:
    count = draw(st.integers(1, 7))
    parents = [None] + [draw(st.none() | st.integers(0, n - 1)) for n in range(1, count)]
    some = st.integers(0, count - 1)
    roles = draw(st.lists(GRANTS, min_size=1, max_size=3))
    person = st.tuples(
        st.none() | some,
        st.sets(st.integers(0, 1)),
        st.sets(st.integers(0, len(roles) - 1)),
    )
    return Company(
        parents,
        draw(st.lists(st.tuples(some, st.none() | some), max_size=5)),
        roles,
        draw(st.lists(person, min_size=1, max_size=5)),
    )


def built(plan: Company) -> tuple[dict[int, int | None], list[Actor]]:
    """The company in the database; parents of departments as they should be, and its people."""
    departments: list[int] = []
    tree: dict[int, int | None] = {}
    for parent in plan.parents:
        above = None if parent is None else departments[parent]
        departments.append(add_department(name="d", parent_id=above, by=SYSTEM, at=AT))
        tree[departments[-1]] = above
    for moved, under in plan.moves:
        target = None if under is None else departments[under]
        with suppress(TenureError):
            move_department(department_id=departments[moved], parent_id=target, by=SYSTEM, at=AT)
            tree[departments[moved]] = target
    teams = [add_team(name=f"t{n}", by=SYSTEM, at=AT) for n in range(2)]
    for n, grants in enumerate(plan.roles):
        Role.objects.create(key=f"r{n}", name_zh="角", name_en="r", grants=grants)
    people = [
        make_account(
            email=f"p{n}@example.com",
            roles=[f"r{r}" for r in sorted(held)],
            department_id=None if place is None else departments[place],
            team_ids=[teams[t] for t in sorted(in_teams)],
            by=SYSTEM,
            at=AT,
        )
        for n, (place, in_teams, held) in enumerate(plan.people)
    ]
    return tree, [actor_of(Account.objects.get(pk=number)) for number in people]


def above(tree: dict[int, int | None], department: int | None) -> list[int]:
    """The department and all over it; a circle would never end, so it is counted."""
    chain: list[int] = []
    while department is not None:
        chain.append(department)
        assert len(chain) <= len(tree)
        department = tree[department]
    return chain


class AccessLaws(TestCase):
    @given(companies())
    @settings(max_examples=40)
    def test_paths_follow_the_tree_whatever_is_moved(self, plan: Company) -> None:
        tree, _ = built(plan)
        for row in Department.objects.all():
            chain = above(tree, row.pk)
            assert row.parent_id == tree[row.pk]
            assert row.path == "/" + "".join(f"{number}/" for number in reversed(chain))

    @given(companies())
    @settings(max_examples=40)
    def test_a_right_reaches_as_far_as_the_widest_role_says_and_no_further(
        self, plan: Company
    ) -> None:
        tree, people = built(plan)
        rows = {actor.key: Account.objects.get(pk=actor.key[8:]) for actor in people}
        for actor, (_, _, held) in zip(people, plan.people, strict=True):
            rights, me = rights_of(actor), rows[actor.key]
            for right in RIGHTS:
                scopes = [Scope[plan.roles[r].get(right, "nothing").upper()] for r in held]
                widest = max(scopes, default=Scope.NOTHING)
                assert rights.scope(right) == widest
                assert rights.reaches(right, None) == (widest is Scope.ALL)
                for other in rows.values():
                    reached = rights.reaches(right, other.pk)
                    assert reached == _should_reach(widest, me, other, tree)
            for other in rows.values():
                told = explain(actor, "customer.view", other.pk).zh
                assert ("可以" in told) == rights.reaches("customer.view", other.pk)

    @given(companies(), st.data())
    @settings(max_examples=25)
    def test_an_account_that_is_switched_off_may_nothing(
        self, plan: Company, data: st.DataObject
    ) -> None:
        _, people = built(plan)
        gone = data.draw(st.sampled_from(people))
        switch_off(account_id=int(gone.key[8:]), by=SYSTEM, at=AT)
        rights = rights_of(gone)
        assert not any(rights.may(right) for right in RIGHTS)
        assert not any(rights.reaches(right, int(gone.key[8:])) for right in RIGHTS)
        assert not rights.reads | rights.reveals


def _should_reach(widest: Scope, me: Account, other: Account, tree: dict[int, int | None]) -> bool:
    same = me.pk == other.pk
    teams = set(me.teams.values_list("pk", flat=True)) & set(
        other.teams.values_list("pk", flat=True)
    )
    below = me.department_id is not None and me.department_id in above(tree, other.department_id)
    return {
        Scope.NOTHING: False,
        Scope.OWN: same,
        Scope.TEAM: same or bool(teams),
        Scope.DEPARTMENT: same or below,
        Scope.ALL: True,
    }[widest]


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_the_audit(verb: str) -> None:
    note("customer.viewed", by=SYSTEM, at=AT, about="customer:1")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # taken away for the clean-up of other tests
            cursor.execute(APPEND_ONLY.statements("sqlite")[1])
    change = {
        "update": lambda: AuditEntry.objects.update(about="customer:2"),
        "delete": lambda: AuditEntry.objects.all().delete(),
    }[verb]
    with pytest.raises(DatabaseError, match="never rewritten nor removed"), transaction.atomic():
        change()
    assert AuditEntry.objects.get().about == "customer:1"
