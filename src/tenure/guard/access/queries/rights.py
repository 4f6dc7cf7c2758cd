"""What an account may do, to whose customers, and which personal fields it reads unmasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from tenure.words import Words


class Scope(IntEnum):
    """Whose customers a right reaches; a wider scope includes the narrower ones."""

    NOTHING = 0
    OWN = 1
    TEAM = 2
    DEPARTMENT = 3
    """The own department and all below it."""
    ALL = 4
    """Everybody's, those of nobody included."""


SCOPED_RIGHTS: Mapping[str, Words] = {
    "customer.view": Words("查看客户", "See customers"),
    "customer.edit": Words("编辑客户", "Edit customers"),
    "customer.assign": Words("分配客户", "Assign customers"),
    "customer.merge": Words("合并与拆分客户", "Merge and unmerge customers"),
    "customer.export": Words("导出客户", "Export customers"),
    "stage.pin": Words("固定阶段", "Pin stages"),
    "event.record": Words("记录客户的事件", "Record events of customers"),
}
"""Rights that reach so many customers as their scope says."""

WHOLE_RIGHTS: Mapping[str, Words] = {
    "definition.view": Words("查看定义", "See definitions"),
    "definition.publish": Words("发布定义", "Publish definitions"),
    "import.view": Words("查看导入", "See imports"),
    "import.run": Words("运行与撤销导入", "Run and undo imports"),
    "health.view": Words("查看数据健康", "See data health"),
    "event.mend": Words("修复被拒事件", "Mend refused events"),
    "source.manage": Words("管理数据源", "Manage data sources"),
    "form.manage": Words("管理表单", "Manage forms"),
    "webhook.manage": Words("管理 Webhook 推送", "Manage webhooks"),
    "account.manage": Words("管理账号与部门", "Manage accounts and departments"),
    "role.manage": Words("管理角色", "Manage roles"),
    "token.manage": Words("管理接口令牌与服务", "Manage API tokens and services"),
    "organisation.manage": Words("管理组织设置", "Manage the organisation"),
    "audit.view": Words("查看审计", "See the audit"),
    "audit.export": Words("导出审计", "Export the audit"),
}
"""Rights one has or has not (scope ``ALL`` or ``NOTHING``)."""

RIGHTS: Mapping[str, Words] = {**SCOPED_RIGHTS, **WHOLE_RIGHTS}

FIELD_GROUPS: Mapping[str, Words] = {
    "name": Words("姓名", "Name"),
    "phone": Words("电话", "Phone"),
    "email": Words("邮箱", "E-mail"),
    "identity": Words("证件号", "Identity number"),
    "address": Words("地址", "Address"),
    "health": Words("健康信息", "Health"),
    "finance": Words("财务信息", "Finance"),
    "other": Words("其他个人信息", "Other personal data"),
}
"""Groups of personal fields; a role reads some as they are, the others masked."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything an actor may.

    Attributes:
        account_id: of a person with an account; ``None`` for programs and the terminal.
        grants: right to the widest scope; what is not in it is not granted.
        by_team: rights that a role grants by team, whatever further another one grants them: a
            team may have members of other departments.
        reads: field groups shown unmasked without asking.
        reveals: field groups that may be unmasked one by one, which the audit notes.
        teammates: account ids of the own teams, the own one included.
        department: account ids of the own department and all below it.
    """

    account_id: int | None
    grants: Mapping[str, Scope]
    by_team: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    reveals: frozenset[str] = frozenset()
    teammates: frozenset[int] = field(default_factory=frozenset)
    department: frozenset[int] = field(default_factory=frozenset)

    def scope(self, right: str) -> Scope:
        """How far ``right`` reaches.

        Raises:
            KeyError: there is no such right.
        """
        _ = RIGHTS[right]
        return self.grants.get(right, Scope.NOTHING)

    def may(self, right: str) -> bool:
        """Whether ``right`` reaches anything at all."""
        return self.scope(right) > Scope.NOTHING

    def owners(self, right: str) -> frozenset[int] | None:
        """Accounts whose customers ``right`` reaches; ``None``: everybody's and nobody's."""
        match self.scope(right):
            case Scope.ALL:
                return None
            case Scope.DEPARTMENT:
                mates = self.teammates if right in self.by_team else frozenset()
                return self.department | mates | self._own()
            case Scope.TEAM:
                return self.teammates | self._own()
            case Scope.OWN:
                return self._own()
        return frozenset()

    def reaches(self, right: str, owner_id: int | None) -> bool:
        """Whether ``right`` reaches a customer of this owner (``None``: of nobody)."""
        owners = self.owners(right)
        return owners is None or owner_id in owners

    def _own(self) -> frozenset[int]:
        return frozenset() if self.account_id is None else frozenset({self.account_id})


EVERYTHING = Rights(
    account_id=None,
    grants=dict.fromkeys(RIGHTS, Scope.ALL),
    reads=frozenset(FIELD_GROUPS),
    reveals=frozenset(FIELD_GROUPS),
)
"""The rights of the terminal's user, who owns the files, and of Tenure itself."""
