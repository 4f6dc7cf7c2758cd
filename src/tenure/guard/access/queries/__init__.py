"""Every read of access."""

from __future__ import annotations

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
    "WHOLE_RIGHTS",
    "ForbiddenError",
    "Rights",
    "Scope",
    "account_id_of",
    "actor_of",
    "demand",
    "rights_of",
]
