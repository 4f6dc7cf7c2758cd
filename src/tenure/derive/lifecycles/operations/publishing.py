"""Publishing at a door: by right, and noted in the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.definitions import Definition, Form
from tenure.guard.access.queries import demand, rights_of
from tenure.guard.audit.operations import note as note_in_audit
from tenure.record.events.operations.sealing import seal_published
from tenure.record.library.operations import Published, discard_draft, publish
from tenure.record.library.queries import versions
from tenure.words import TenureError, Words

PUBLISH = "definition.publish"
MANAGE_FORMS = "form.manage"


class NoteMissingError(TenureError):
    """Those who come later would not know why."""


class NoSuchVersionError(TenureError):
    """A definition has no version of this number."""


def publish_definitions(
    definitions: Iterable[Definition], *, note: str, by: Actor, at: datetime, address: str = ""
) -> list[Published]:
    """Publish definitions, end the publisher's drafts of them, and note it in the audit.

    Values that were kept before they were declared are put in their place. Stages are computed
    anew by the next tick.

    Args:
        definitions: new or changed ones.
        note: why; kept with the version.
        by: who publishes; must have the right ``definition.publish``, for forms alone
            ``form.manage`` will do.
        at: the moment, aware.
        address: where from, for the audit.

    Returns:
        The new versions; empty where nothing changed.

    Raises:
        DefinitionError: the library would not hold together; nothing is published.
        ForbiddenError: the right is missing.
        NoteMissingError: no note.
    """
    _demand(by, offered := tuple(definitions))
    if not note.strip():
        raise NoteMissingError(
            Words(zh="请写明为什么发布，留给以后的人看", en="say why, for those who come later")
        )
    with transaction.atomic():
        published = publish(offered, note=note.strip(), by=by, at=at)
        seal_published(published, by=by, at=at)
        for one in offered:
            discard_draft(one.kind, one.key, by=by)
        for new in published:
            note_in_audit(
                "definition.published",
                by=by,
                at=at,
                about=f"{new.kind}:{new.key}",
                detail={"version": new.number, "note": note.strip()[:500]},
                address=address,
            )
    return published


def roll_forward(
    kind: str, key: str, number: int, *, note: str, by: Actor, at: datetime, address: str = ""
) -> list[Published]:
    """Publish what an older version said as a new one; nothing of the history is lost.

    Args:
        kind: of the definition.
        key: of the definition.
        number: of the older version.
        note: why.
        by: who publishes.
        at: the moment, aware.
        address: where from, for the audit.

    Raises:
        DefinitionError: it does not fit the library of today.
        NoSuchVersionError: there is no such version.
    """
    found = [one for one in versions(kind, key) if one.number == number]
    if not found:
        raise NoSuchVersionError(
            Words(zh=f"{key} 没有第 {number} 版", en=f"{key} has no version {number}")
        )
    definitions = [found[0].definition()]
    return publish_definitions(definitions, note=note, by=by, at=at, address=address)


def _demand(by: Actor, offered: tuple[Definition, ...]) -> None:
    """Forms alone may be published by whoever manages forms."""
    forms = bool(offered) and all(isinstance(one, Form) for one in offered)
    if not (forms and rights_of(by).may(MANAGE_FORMS)):
        demand(by, PUBLISH)
