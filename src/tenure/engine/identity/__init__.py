"""Who is who: identifiers are nodes, links are edges, customers are connected components."""

from tenure.engine.identity.affected import Affected, EdgesOf, affected
from tenure.engine.identity.components import EDGES, LIMITS, REFUSED, Components, components

__all__ = [
    "EDGES",
    "LIMITS",
    "REFUSED",
    "Affected",
    "Components",
    "EdgesOf",
    "affected",
    "components",
]
