"""Why somebody may, or may not, reach a customer: in words, by the rules that decide it."""

from __future__ import annotations

from tenure.actor import Actor
from tenure.guard.access.models import Account, Role
from tenure.guard.access.queries.reading import account_id_of, actor_of, demand, rights_of
from tenure.guard.access.queries.rights import RIGHTS, Rights, Scope
from tenure.words import TenureError, Words

SCOPE_NAMES = {
    Scope.NOTHING: Words("无", "nothing"),
    Scope.OWN: Words("本人的客户", "own customers"),
    Scope.TEAM: Words("本团队的客户", "customers of the own teams"),
    Scope.DEPARTMENT: Words(
        "本部门及下级部门的客户", "customers of the own department and those below it"
    ),
    Scope.ALL: Words("所有客户", "all customers"),
}


def explain(viewer: Actor, right: str, owner_id: int | None) -> Words:
    """Why ``viewer`` has, or has not, ``right`` over a customer of this owner.

    Args:
        viewer: whose right it is.
        right: a key of ``RIGHTS``.
        owner_id: account of the customer's owner; ``None``: nobody's customer.

    Returns:
        Which role, which scope, whose customer.
    """
    name, number = RIGHTS[right], account_id_of(viewer)
    if number is None:
        return Words(
            zh=f"可以{name.zh}：终端用户和系统自身不受角色限制",
            en=f"may “{name.en}”: the terminal's user and Tenure itself are bound by no role",
        )
    account = Account.objects.filter(pk=number).select_related("department").first()
    if account is None or not account.is_active:
        who = account.get_full_name() if account else viewer.name
        return Words(
            zh=f"{who}不能{name.zh}：账号已停用", en=f"{who} may not “{name.en}”: switched off"
        )
    rights, who = rights_of(viewer), account.get_full_name()
    if not rights.may(right):
        return _no_role(account, name)
    by = _granting(account, right, rights.scope(right))
    whose = _whose(rights, right, owner_id, account)
    if rights.reaches(right, owner_id):
        return Words(zh=f"{who}可以{name.zh}：{by.zh}；{whose.zh}。", en=_may(who, name, by, whose))
    return Words(
        zh=f"{who}不能{name.zh}：{by.zh}；但{whose.zh}。",
        en=f"{who} may not “{name.en}”: {by.en}; but {whose.en}.",
    )


def explain_for(account_id: int, right: str, owner_id: int | None, viewer: Actor) -> Words:
    """:func:`explain` for another account, for whoever manages accounts.

    Raises:
        ForbiddenError: the viewer does not manage accounts.
        TenureError: there is no such account.
    """
    demand(viewer, "account.manage")
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise TenureError(
            Words(zh=f"没有账号 {account_id}", en=f"there is no account {account_id}")
        )
    return explain(actor_of(account), right, owner_id)


def _may(who: str, name: Words, by: Words, whose: Words) -> str:
    return f"{who} may “{name.en}”: {by.en}; {whose.en}."


def _no_role(account: Account, name: Words) -> Words:
    roles = list(account.roles.all())
    who = account.get_full_name()
    if not roles:
        return Words(
            zh=f"{who}不能{name.zh}：没有任何角色。", en=f"{who} may not “{name.en}”: has no role."
        )
    zh = "、".join(f"“{role.name_zh}”" for role in roles)
    en = ", ".join(f"“{role.name_en}”" for role in roles)
    return Words(
        zh=f"{who}不能{name.zh}：其角色{zh}都没有这项权限。",
        en=f"{who} may not “{name.en}”: no role of theirs ({en}) grants it.",
    )


def _granting(account: Account, right: str, scope: Scope) -> Words:
    granting: list[Role] = [
        role for role in account.roles.all() if role.grants.get(right) == scope.name.lower()
    ]
    zh = "、".join(f"“{role.name_zh}”" for role in granting)
    en = ", ".join(f"“{role.name_en}”" for role in granting)
    reach = SCOPE_NAMES[scope]
    return Words(
        zh=f"角色{zh}的这项权限覆盖{reach.zh}", en=f"the role {en} grants it for {reach.en}"
    )


def _whose(rights: Rights, right: str, owner_id: int | None, account: Account) -> Words:
    if owner_id is None:
        return Words(zh="这位客户没有负责人", en="this customer has no owner")
    if owner_id == account.pk:
        return Words(zh="这位客户由其本人负责", en="this customer is their own")
    owner = Account.objects.filter(pk=owner_id).select_related("department").first()
    if owner is None:
        return Words(zh="这位客户的负责人已不存在", en="the owner of this customer is not known")
    where = f"（{owner.department.name}）" if owner.department else "（无部门）"
    en_where = f" ({owner.department.name})" if owner.department else " (no department)"
    tie = _tie(rights, owner_id)
    return Words(
        zh=f"这位客户由{owner.get_full_name()}{where}负责，{tie.zh}",
        en=f"this customer belongs to {owner.get_full_name()}{en_where}, {tie.en}",
    )


def _tie(rights: Rights, owner_id: int) -> Words:
    if owner_id in rights.teammates:
        return Words(zh="与其同在一个团队", en="who is in the same team")
    if owner_id in rights.department:
        return Words(zh="属于其部门或下级部门", en="who is in their department or below it")
    return Words(zh="不在其团队和部门之内", en="who is neither in their teams nor their department")
