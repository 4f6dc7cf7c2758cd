"""Every read of webhooks."""

from __future__ import annotations

from tenure.act.webhooks.queries.deliveries import (
    STATUSES,
    DeliveryPage,
    DeliveryView,
    deliveries,
    delivery,
    payload_shown,
)
from tenure.act.webhooks.queries.listing import (
    Counts,
    EndpointView,
    deliveries_by_state,
    endpoint,
    endpoints,
    oldest_pending,
)
from tenure.act.webhooks.queries.managing import RIGHT

__all__ = [
    "RIGHT",
    "STATUSES",
    "Counts",
    "DeliveryPage",
    "DeliveryView",
    "EndpointView",
    "deliveries",
    "deliveries_by_state",
    "delivery",
    "endpoint",
    "endpoints",
    "oldest_pending",
    "payload_shown",
]
