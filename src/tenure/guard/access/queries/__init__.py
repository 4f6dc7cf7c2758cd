"""Every read of access."""

from __future__ import annotations

from tenure.guard.access.queries.explaining import SCOPE_NAMES, explain, explain_for
from tenure.guard.access.queries.organisation import (
    CalendarDay,
    OrganisationView,
    organisation,
)
from tenure.guard.access.queries.people import (
    InvitationView,
    PeoplePage,
    PersonView,
    RoleView,
    account_names,
    colleagues,
    invitations,
    invited_by,
    is_invited,
    people,
    person,
    role,
    roles,
)
from tenure.guard.access.queries.places import DepartmentView, TeamView, departments, teams
from tenure.guard.access.queries.reading import (
    ForbiddenError,
    account_id_of,
    actor_of,
    demand,
    rights_of,
)
from tenure.guard.access.queries.rights import (
    EVERYTHING,
    FIELD_GROUPS,
    RIGHTS,
    SCOPED_RIGHTS,
    WHOLE_RIGHTS,
    Rights,
    Scope,
)

__all__ = [
    "EVERYTHING",
    "FIELD_GROUPS",
    "RIGHTS",
    "SCOPED_RIGHTS",
    "SCOPE_NAMES",
    "WHOLE_RIGHTS",
    "CalendarDay",
    "DepartmentView",
    "ForbiddenError",
    "InvitationView",
    "OrganisationView",
    "PeoplePage",
    "PersonView",
    "Rights",
    "RoleView",
    "Scope",
    "TeamView",
    "account_id_of",
    "account_names",
    "actor_of",
    "colleagues",
    "demand",
    "departments",
    "explain",
    "explain_for",
    "invitations",
    "invited_by",
    "is_invited",
    "organisation",
    "people",
    "person",
    "rights_of",
    "role",
    "roles",
    "teams",
]
