"""The rows that operations change."""

from __future__ import annotations

from tenure.act.webhooks.models import Endpoint
from tenure.words import TenureError, Words


class WebhookError(TenureError):
    """An endpoint or a delivery cannot be as it was asked for, or there is none."""


def locked(endpoint_id: int) -> Endpoint:
    """An endpoint, held until the transaction ends.

    Raises:
        WebhookError: there is none of this number.
    """
    row = Endpoint.objects.select_for_update().filter(id=endpoint_id).first()
    if row is None:
        raise WebhookError(
            Words(zh=f"没有推送地址 {endpoint_id}", en=f"there is no endpoint {endpoint_id}")
        )
    return row
