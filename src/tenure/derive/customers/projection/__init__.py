"""Who is who, computed from the links of the log: all at once, or what the news changes."""

from __future__ import annotations

from tenure.derive.customers.projection.copying import copy_identity, map_after
from tenure.derive.customers.projection.mapping import customers_of, identity_map, members_of
from tenure.derive.customers.projection.resolving import (
    IdentityChange,
    follow_links,
    identity_known_at,
    identity_state,
    members_known_at,
    moves_between,
    resolve_all,
)

__all__ = [
    "IdentityChange",
    "copy_identity",
    "customers_of",
    "follow_links",
    "identity_known_at",
    "identity_map",
    "identity_state",
    "map_after",
    "members_known_at",
    "members_of",
    "moves_between",
    "resolve_all",
]
