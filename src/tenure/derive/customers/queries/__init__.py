"""Every read of customers."""

from __future__ import annotations

from tenure.derive.customers.queries.cards import Card, cards
from tenure.derive.customers.queries.identity import (
    CustomerFound,
    MergeView,
    RefusedLinkView,
    customer_of,
    customers_found,
    identifier_views_of,
    identifiers_of,
    merges,
    refused_link_count,
    refused_links,
)
from tenure.derive.customers.queries.masking import group_of, masked, shown
from tenure.derive.customers.queries.search import (
    SearchResult,
    Sought,
    customers_sought,
    search_customers,
)
from tenure.derive.customers.queries.views import ViewShown, saved_views
from tenure.derive.customers.queries.visibility import Visible, owned_by, visible

__all__ = [
    "Card",
    "CustomerFound",
    "MergeView",
    "RefusedLinkView",
    "SearchResult",
    "Sought",
    "ViewShown",
    "Visible",
    "cards",
    "customer_of",
    "customers_found",
    "customers_sought",
    "group_of",
    "identifier_views_of",
    "identifiers_of",
    "masked",
    "merges",
    "owned_by",
    "refused_link_count",
    "refused_links",
    "saved_views",
    "search_customers",
    "shown",
    "visible",
]
