"""Every write of webhooks."""

from __future__ import annotations

from tenure.act.webhooks.operations.addresses import AddressError
from tenure.act.webhooks.operations.cleaning import clean_deliveries, note_disclosures
from tenure.act.webhooks.operations.finding import WebhookError
from tenure.act.webhooks.operations.keeping import (
    USUAL_DAYS,
    AddedEndpoint,
    Wanted,
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    switch_endpoint_off,
    switch_endpoint_on,
)
from tenure.act.webhooks.operations.resending import send_again, send_test
from tenure.act.webhooks.operations.routing import anything_to_route, route_events
from tenure.act.webhooks.operations.secret import rotate_secret
from tenure.act.webhooks.operations.sending import Wanting, send_due, wanting

__all__ = [
    "USUAL_DAYS",
    "AddedEndpoint",
    "AddressError",
    "Wanted",
    "Wanting",
    "WebhookError",
    "add_endpoint",
    "anything_to_route",
    "change_endpoint",
    "clean_deliveries",
    "note_disclosures",
    "remove_endpoint",
    "rotate_secret",
    "route_events",
    "send_again",
    "send_due",
    "send_test",
    "switch_endpoint_off",
    "switch_endpoint_on",
    "wanting",
]
