"""What each built-in role may, and how roles are changed."""

from __future__ import annotations

import pytest

from tenure.actor import SYSTEM
from tenure.guard.access.models import Role
from tenure.guard.access.operations import (
    BUILT_IN_ROLES,
    copy_role,
    edit_role,
    ensure_roles,
    remove_role,
    reset_role,
)
from tenure.guard.access.queries import (
    FIELD_GROUPS,
    RIGHTS,
    SCOPED_RIGHTS,
    ForbiddenError,
    Scope,
    rights_of,
    role,
)
from tenure.guard.trail.models import AuditEntry
from tenure.words import TenureError, Words
from tests.guard.staff import AT, staff

pytestmark = pytest.mark.django_db

# role: scope over customers to see, to edit, to export; may publish, import, manage accounts; reads
TABLE = {
    "executive": ("all", "-", "-", False, False, False, "name"),
    "marketing": ("all", "all", "all", False, True, False, "name"),
    "sales": ("own", "own", "-", False, False, False, "name phone email address"),
    "sales_manager": (
        *("department", "department", "department", False, False, False),
        "name phone email address other",
    ),
    "call_centre": ("all", "all", "-", False, False, False, "name phone"),
    "service": ("all", "all", "-", False, False, False, "name phone email address"),
    "account_manager": (
        *("team", "team", "own", False, False, False),
        "name phone email address other",
    ),
    "analyst": ("all", "-", "-", False, False, False, ""),
    "finance_risk": ("all", "-", "all", False, False, False, "name finance"),
    "data_administrator": (
        *("all", "all", "all", True, True, False),
        "name phone email address other",
    ),
    "administrator": ("all", "all", "all", True, True, True, "name phone email address other"),
}


@pytest.mark.parametrize("key", BUILT_IN_ROLES)
def test_a_built_in_role_may_what_the_table_says(key: str) -> None:
    rights = rights_of(staff(key))
    scopes = [
        "-" if not rights.may(r) else rights.scope(r).name.lower()
        for r in ("customer.view", "customer.edit", "customer.export")
    ]
    may = [rights.may(r) for r in ("definition.publish", "import.run", "account.manage")]
    assert (*scopes, *may, " ".join(g for g in FIELD_GROUPS if g in rights.reads)) == TABLE[key]


def test_built_in_roles_are_well_formed() -> None:
    for built_in in BUILT_IN_ROLES.values():
        assert set(built_in.grants) <= set(RIGHTS)
        assert {*built_in.reads, *built_in.reveals} <= set(FIELD_GROUPS)
        assert not set(built_in.reads) & set(built_in.reveals)
        for right, scope in built_in.grants.items():
            assert right in SCOPED_RIGHTS or scope == "all"


def test_an_edited_role_stays_as_it_is_until_it_is_reset() -> None:
    ensure_roles(by=SYSTEM, at=AT)
    edit_role(
        key="analyst",
        name=Words("数据分析", "Data analysis"),
        grants={"customer.view": Scope.TEAM},
        reads=["name"],
        reveals=["name", "phone"],
        by=SYSTEM,
        at=AT,
    )
    ensure_roles(by=SYSTEM, at=AT)
    edited = role("analyst", SYSTEM)
    assert (edited.name.en, edited.grants) == ("Data analysis", {"customer.view": Scope.TEAM})
    assert (edited.reads, edited.reveals) == ({"name"}, {"phone"})
    reset_role(key="analyst", by=SYSTEM, at=AT)
    assert role("analyst", SYSTEM).grants["health.view"] is Scope.ALL
    actions = AuditEntry.objects.filter(about="role:analyst").order_by("id")
    assert [e.action for e in actions] == ["role.brought", "role.edited", "role.reset"]


def test_a_copy_begins_like_its_source_and_can_be_removed() -> None:
    ensure_roles(by=SYSTEM, at=AT)
    key = copy_role(key="sales", name=Words("高级销售", "Senior sales"), by=SYSTEM, at=AT)
    assert role(key, SYSTEM).grants == role("sales", SYSTEM).grants
    with pytest.raises(TenureError, match="not a built-in"):
        reset_role(key=key, by=SYSTEM, at=AT)
    holder = staff(key)
    with pytest.raises(TenureError, match="held"):
        remove_role(key=key, by=SYSTEM, at=AT)
    Role.objects.get(key=key).holders.clear()
    remove_role(key=key, by=SYSTEM, at=AT)
    assert not rights_of(holder).grants


@pytest.mark.parametrize(
    "grants", [{"customer.view": Scope.ALL, "nothing.known": Scope.ALL}, {"audit.view": Scope.TEAM}]
)
def test_unknown_rights_and_scopes_are_refused(grants: dict[str, Scope]) -> None:
    ensure_roles(by=SYSTEM, at=AT)
    with pytest.raises(TenureError, match="unknown right"):
        edit_role(
            key="sales",
            name=Words("销售", "Sales"),
            grants=grants,
            reads=[],
            reveals=[],
            by=SYSTEM,
            at=AT,
        )


def test_only_who_manages_roles_changes_them() -> None:
    with pytest.raises(ForbiddenError):
        copy_role(key="sales", name=Words("甲", "A"), by=staff("data_administrator"), at=AT)
    assert Role.objects.filter(built_in=False).count() == 0
