"""Forms of the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict

from tenure.actor import Actor
from tenure.guard.access.queries import departments, roles, teams
from tenure.web.language import told
from tenure.words import Words

_LABELS: Mapping[str, Words] = {
    "email": Words("邮箱", "E-mail"),
    "name": Words("姓名", "Name"),
    "roles": Words("角色", "Roles"),
    "department": Words("部门", "Department"),
    "teams": Words("团队", "Teams"),
}
_HELP: Mapping[str, Words] = {
    "email": Words("用它登录", "They log in with it"),
    "department": Words(
        "决定“本部门及下级部门”的范围", "Decides what “department and below” reaches"
    ),
    "teams": Words("同团队的人可共享客户的范围", "People of one team may share their customers"),
}


class AccessForm(forms.Form):
    """Roles, department and teams of an account."""

    roles = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}), required=False
    )
    department = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    teams = forms.TypedMultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, required=False, coerce=int
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        viewer: Actor,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self._choose("roles", [(role.key, told(role.name)) for role in roles(viewer)])
        self._choose("department", [("", "—"), *department_choices(viewer)])
        self._choose("teams", [(team.team_id, team.name) for team in teams(viewer)])
        for name, field in self.fields.items():
            field.label = told(_LABELS[name])
            field.help_text = told(_HELP[name]) if name in _HELP else ""
        if not cast(forms.ChoiceField, self.fields["teams"]).choices:
            del self.fields["teams"]

    @property
    def access(self) -> dict[str, Any]:
        """As operations take it."""
        cleaned = self.cleaned_data
        return {
            "roles": cleaned["roles"],
            "department_id": cleaned["department"],
            "team_ids": cleaned.get("teams", []),
        }

    def _choose(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)


class PersonForm(AccessForm):
    """Who an account is, and as what."""

    email = forms.EmailField()
    name = forms.CharField(max_length=100, required=False)
    field_order = ("email", "name", "roles", "department", "teams")


def department_choices(viewer: Actor) -> list[tuple[int, str]]:
    """Departments in the order of the tree, indented by their depth."""
    return [(one.department_id, "\u2003" * one.depth + one.name) for one in departments(viewer)]
