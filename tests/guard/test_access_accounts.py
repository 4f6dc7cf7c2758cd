"""Accounts, links, departments and teams."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tenure.actor import SYSTEM
from tenure.guard.access.models import Account, Department, Invitation, LoginLink, Role
from tenure.guard.access.operations import (
    accept_invitation,
    add_department,
    add_team,
    change_access,
    change_profile,
    edit_role,
    ensure_administrator,
    ensure_roles,
    invite,
    make_account,
    move_department,
    one_time_login,
    remove_department,
    revoke_invitation,
    switch_off,
    switch_on,
    use_login_link,
)
from tenure.guard.access.queries import (
    ForbiddenError,
    Scope,
    departments,
    explain,
    people,
    rights_of,
)
from tenure.guard.trail.models import AuditEntry
from tenure.words import TenureError, Words
from tests.guard.staff import AT, number, staff

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def _accounts_clerk() -> object:
    ensure_roles(by=SYSTEM, at=AT)
    Role.objects.create(
        key="clerk", name_zh="账号员", name_en="Clerk", grants={"account.manage": "all"}
    )
    return staff("clerk")


def test_the_first_administrator_is_made_once_and_has_no_password() -> None:
    first = ensure_administrator(email="admin@localhost", by=SYSTEM, at=AT)
    assert ensure_administrator(email="other@localhost", by=SYSTEM, at=AT) == first
    assert not Account.objects.get(pk=first).has_usable_password()


def test_a_login_link_works_once_and_soon() -> None:
    person = number(staff("sales"))
    token = one_time_login(account_id=person, by=SYSTEM, at=AT)
    assert token.encode() not in bytes(LoginLink.objects.get().digest)
    assert use_login_link(token=token, at=AT + MINUTE) == person
    late = one_time_login(account_id=person, by=SYSTEM, at=AT)
    for spent, at in ((token, AT + MINUTE), (late, AT + 16 * MINUTE), ("guessed", AT)):
        with pytest.raises(TenureError, match="this link"):
            use_login_link(token=spent, at=at)


def test_the_last_administrator_cannot_be_locked_out() -> None:
    admin = staff("administrator")
    for change in (
        lambda: switch_off(account_id=number(admin), by=SYSTEM, at=AT),
        lambda: change_access(
            account_id=number(admin),
            roles=["sales"],
            department_id=None,
            team_ids=[],
            by=admin,
            at=AT,
        ),
        lambda: edit_role(
            key="administrator",
            name=Words("管理员", "Admin"),
            grants={"customer.view": Scope.ALL},
            reads=[],
            reveals=[],
            by=admin,
            at=AT,
        ),
    ):
        with pytest.raises(TenureError, match="nobody could manage"):
            change()
    assert rights_of(admin).may("account.manage")
    second = staff("administrator")
    switch_off(account_id=number(admin), by=second, at=AT)
    assert not rights_of(admin).grants
    switch_on(account_id=number(admin), by=second, at=AT)
    assert rights_of(admin).may("account.manage")


def test_nobody_gives_more_than_they_have() -> None:
    clerk, admin = _accounts_clerk(), staff("administrator")
    for forbidden in (
        lambda: invite(email="a@example.com", roles=["administrator"], by=clerk, at=AT),
        lambda: change_access(
            account_id=number(clerk),
            roles=["sales"],
            department_id=None,
            team_ids=[],
            by=clerk,
            at=AT,
        ),
        lambda: one_time_login(account_id=number(admin), by=clerk, at=AT),
        lambda: switch_off(account_id=number(admin), by=clerk, at=AT),
    ):
        with pytest.raises(TenureError, match="further than your own"):
            forbidden()
    invite(email="b@example.com", roles=["clerk"], by=clerk, at=AT)


def test_only_who_manages_accounts_makes_them() -> None:
    seller = staff("sales")
    with pytest.raises(ForbiddenError):
        make_account(email="x@example.com", by=seller, at=AT)
    with pytest.raises(ForbiddenError):
        people(seller)
    with pytest.raises(ForbiddenError):
        change_profile(
            name="x",
            language="zh",
            theme="auto",
            time_zone="",
            by=seller,
            account_id=number(staff("sales")),
            at=AT,
        )


def test_an_invitation_is_accepted_once() -> None:
    department = add_department(name="华东", parent_id=None, by=SYSTEM, at=AT)
    team = add_team(name="重点客户", by=SYSTEM, at=AT)
    invited = invite(
        email="New@Example.com",
        name="新人",
        roles=["sales"],
        department_id=department,
        team_ids=[team],
        by=SYSTEM,
        at=AT,
    )
    made = accept_invitation(
        token=invited.token, name="", password="correct horse", language="en", at=AT + MINUTE
    )
    account = Account.objects.get(pk=made)
    assert (account.email, account.name, account.department_id) == (
        "new@example.com",
        "新人",
        department,
    )
    assert account.check_password("correct horse")
    assert [r.key for r in account.roles.all()] == ["sales"]
    with pytest.raises(TenureError, match="this link"):
        accept_invitation(
            token=invited.token, name="", password="correct horse", language="en", at=AT + MINUTE
        )


def test_a_newer_invitation_and_a_revocation_end_an_older_one() -> None:
    old = invite(email="a@example.com", by=SYSTEM, at=AT)
    new = invite(email="A@example.com", by=SYSTEM, at=AT)
    revoke_invitation(invitation_id=new.invitation_id, by=SYSTEM, at=AT)
    for invited in (old, new):
        with pytest.raises(TenureError, match="this link"):
            accept_invitation(
                token=invited.token, name="", password="long enough", language="zh", at=AT
            )
    assert Invitation.objects.filter(revoked_at=None).count() == 0


def test_moving_a_department_takes_all_below_it_along() -> None:
    top = add_department(name="总部", parent_id=None, by=SYSTEM, at=AT)
    east = add_department(name="华东", parent_id=top, by=SYSTEM, at=AT)
    city = add_department(name="上海", parent_id=east, by=SYSTEM, at=AT)
    other = add_department(name="分公司", parent_id=None, by=SYSTEM, at=AT)
    move_department(department_id=east, parent_id=other, by=SYSTEM, at=AT)
    assert Department.objects.get(pk=city).path == f"/{other}/{east}/{city}/"
    for circle in (east, city):
        with pytest.raises(TenureError, match="cannot come under itself"):
            move_department(department_id=east, parent_id=circle, by=SYSTEM, at=AT)
    with pytest.raises(TenureError, match="below it"):
        remove_department(department_id=east, by=SYSTEM, at=AT)
    tree = [(d.name, d.depth) for d in departments(SYSTEM)]
    assert tree == [("分公司", 0), ("华东", 1), ("上海", 2), ("总部", 0)]


def test_explanations_name_the_role_the_scope_and_the_owner() -> None:
    top = add_department(name="销售部", parent_id=None, by=SYSTEM, at=AT)
    below = add_department(name="一组", parent_id=top, by=SYSTEM, at=AT)
    manager = staff("sales_manager", department_id=top)
    seller, stranger = staff("sales", department_id=below), staff("sales")
    told = explain(manager, "customer.view", number(seller))
    assert "可以查看客户" in told.zh
    assert "“销售经理”" in told.zh
    assert "属于其部门或下级部门" in told.zh
    assert "may not" in explain(manager, "customer.view", number(stranger)).en
    assert "has no owner" in explain(seller, "customer.view", None).en
    assert "no role of theirs" in explain(seller, "customer.assign", number(seller)).en
    switch_off(account_id=number(seller), by=SYSTEM, at=AT)
    assert "停用" in explain(seller, "customer.view", number(seller)).zh


def test_every_change_is_in_the_audit() -> None:
    admin = staff("administrator")
    made = make_account(email="x@example.com", roles=["sales"], by=admin, at=AT)
    switch_off(account_id=made, by=admin, at=AT)
    entries = AuditEntry.objects.filter(actor=admin.key, about=f"account:{made}").order_by("id")
    assert [e.action for e in entries] == ["account.made", "account.switched_off"]
    assert "x@example.com" not in str([e.detail for e in entries])


def test_the_list_of_people_takes_few_queries(django_assert_max_num_queries: object) -> None:
    admin = staff("administrator")
    for _ in range(30):
        staff("sales", "service")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        page = people(admin, limit=20)
    assert (len(page.people), page.total) == (20, 31)
