"""Every write of access; all are noted in the audit in the same transaction."""

from __future__ import annotations

from tenure.guard.access.operations.accounts import (
    THEMES,
    change_access,
    change_login,
    change_profile,
    ensure_administrator,
    make_account,
    switch_off,
    switch_on,
)
from tenure.guard.access.operations.built_in import BUILT_IN_ROLES
from tenure.guard.access.operations.departments import (
    add_department,
    add_team,
    move_department,
    remove_department,
    remove_team,
    rename_department,
    rename_team,
)
from tenure.guard.access.operations.links import (
    Invited,
    accept_by_address,
    accept_invitation,
    invite,
    one_time_login,
    revoke_invitation,
    use_login_link,
)
from tenure.guard.access.operations.organisation import (
    change_basis,
    change_organisation,
    set_fresh_days,
)
from tenure.guard.access.operations.programs import (
    add_service,
    change_service,
    switch_service,
)
from tenure.guard.access.operations.roles import (
    copy_role,
    edit_role,
    ensure_roles,
    remove_role,
    reset_role,
)
from tenure.guard.access.operations.tokens import (
    TokenMade,
    TokenRequest,
    make_service_token,
    make_token,
    make_token_of_account,
    note_use,
    revoke_token,
)

__all__ = [
    "BUILT_IN_ROLES",
    "THEMES",
    "Invited",
    "TokenMade",
    "TokenRequest",
    "accept_by_address",
    "accept_invitation",
    "add_department",
    "add_service",
    "add_team",
    "change_access",
    "change_basis",
    "change_login",
    "change_organisation",
    "change_profile",
    "change_service",
    "copy_role",
    "edit_role",
    "ensure_administrator",
    "ensure_roles",
    "invite",
    "make_account",
    "make_service_token",
    "make_token",
    "make_token_of_account",
    "move_department",
    "note_use",
    "one_time_login",
    "remove_department",
    "remove_role",
    "remove_team",
    "rename_department",
    "rename_team",
    "reset_role",
    "revoke_invitation",
    "revoke_token",
    "set_fresh_days",
    "switch_off",
    "switch_on",
    "switch_service",
    "use_login_link",
]
