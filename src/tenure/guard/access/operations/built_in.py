"""The roles every installation begins with, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenure.guard.access.queries.rights import FIELD_GROUPS, RIGHTS
from tenure.words import Words

ADMINISTRATOR = "administrator"
_SENSITIVE = ("identity", "health", "finance")
_PLAIN = tuple(group for group in FIELD_GROUPS if group not in _SENSITIVE)


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A role as it comes.

    Attributes:
        name: how it is called.
        grants: right to the name of a scope.
        reads: field groups read unmasked.
        reveals: field groups unmasked one by one, noted in the audit.
    """

    name: Words
    grants: Mapping[str, str]
    reads: tuple[str, ...] = ()
    reveals: tuple[str, ...] = ()


def _to(scope: str, *rights: str) -> dict[str, str]:
    return dict.fromkeys(rights, scope)


BUILT_IN_ROLES: Mapping[str, BuiltIn] = {
    "executive": BuiltIn(
        Words("高管", "Executive"),
        _to("all", "customer.view", "definition.view", "import.view", "health.view"),
        reads=("name",),
    ),
    "marketing": BuiltIn(
        Words("市场营销", "Marketing"),
        _to(
            "all",
            *("customer.view", "customer.edit", "customer.export"),
            *("definition.view", "import.view", "import.run", "health.view", "form.manage"),
        ),
        reads=("name",),
        reveals=("phone", "email"),
    ),
    "sales": BuiltIn(
        Words("销售", "Sales"),
        _to("own", "customer.view", "customer.edit", "stage.pin") | _to("all", "definition.view"),
        reads=("name", "phone", "email", "address"),
        reveals=("other",),
    ),
    "sales_manager": BuiltIn(
        Words("销售经理", "Sales manager"),
        _to(
            "department",
            *("customer.view", "customer.edit", "customer.assign", "customer.merge"),
            *("customer.export", "stage.pin"),
        )
        | _to("all", "definition.view", "health.view"),
        reads=("name", "phone", "email", "address", "other"),
        reveals=("finance",),
    ),
    "call_centre": BuiltIn(
        Words("呼叫中心", "Call centre"),
        _to("all", "customer.view", "customer.edit"),
        reads=("name", "phone"),
        reveals=("email", "address"),
    ),
    "service": BuiltIn(
        Words("客户服务", "Service"),
        _to("all", "customer.view", "customer.edit", "definition.view"),
        reads=("name", "phone", "email", "address"),
        reveals=("identity", "other"),
    ),
    "account_manager": BuiltIn(
        Words("客户经理", "Account manager"),
        _to("team", "customer.view", "customer.edit")
        | _to("own", "customer.merge", "customer.export", "stage.pin")
        | _to("all", "definition.view"),
        reads=("name", "phone", "email", "address", "other"),
        reveals=("identity", "finance"),
    ),
    "analyst": BuiltIn(
        Words("分析师", "Analyst"),
        _to("all", "customer.view", "definition.view", "import.view", "health.view"),
    ),
    "finance_risk": BuiltIn(
        Words("财务与风控", "Finance and risk"),
        _to("all", "customer.view", "customer.export", "definition.view", "health.view"),
        reads=("name", "finance"),
        reveals=("phone", "email", "identity", "address"),
    ),
    "data_administrator": BuiltIn(
        Words("数据管理员", "Data administrator"),
        _to(
            "all",
            *("customer.view", "customer.edit", "customer.merge", "customer.export"),
            *("definition.view", "definition.publish", "import.view", "import.run"),
            *("health.view", "event.mend", "event.record", "source.manage", "form.manage"),
            "webhook.manage",
        ),
        reads=_PLAIN,
        reveals=_SENSITIVE,
    ),
    ADMINISTRATOR: BuiltIn(
        Words("系统管理员", "Administrator"),
        _to("all", *RIGHTS),
        reads=_PLAIN,
        reveals=_SENSITIVE,
    ),
}
"""By key, in the order in which they are shown."""
