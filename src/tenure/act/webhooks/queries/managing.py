"""Who manages webhooks: nobody else sees where events go or what was answered."""

from __future__ import annotations

from tenure.actor import Actor
from tenure.guard.access.queries import ForbiddenError, Rights, rights_of

RIGHT = "webhook.manage"


def managing(viewer: Actor) -> Rights:
    """The rights of ``viewer``, who must have the one to manage webhooks.

    Raises:
        ForbiddenError: they have not.
    """
    rights = rights_of(viewer)
    if not rights.may(RIGHT):
        raise ForbiddenError(RIGHT)
    return rights
