"""A thin client of the interface, for programs in Python; needs no Django.

>>> from tenure.api.client import Tenure
>>> tenure = Tenure("http://127.0.0.1:8080", "tn_…")  # doctest: +SKIP
>>> for customer in tenure.customers("orders >= 2", columns=["orders"]):  # doctest: +SKIP
...     print(customer.name, customer.values["orders"])
"""

from __future__ import annotations

from tenure.api.client.calling import ProblemError, Request, Response, Sender
from tenure.api.client.shapes import (
    Customer,
    Event,
    EventShown,
    Life,
    ListedCustomer,
    Metric,
    Receipt,
)
from tenure.api.client.tenure import Tenure
from tenure.api.client.webhooks import AddedWebhook, Delivery, Webhook

__all__ = [
    "AddedWebhook",
    "Customer",
    "Delivery",
    "Event",
    "EventShown",
    "Life",
    "ListedCustomer",
    "Metric",
    "ProblemError",
    "Receipt",
    "Request",
    "Response",
    "Sender",
    "Tenure",
    "Webhook",
]
