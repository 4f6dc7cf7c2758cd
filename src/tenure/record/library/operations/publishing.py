"""Publishing definitions: the only act that others see. Nothing published is ever edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from tenure.actor import Actor
from tenure.definitions import Definition, Library, load_packs
from tenure.definitions.writing import dump, fingerprint
from tenure.ids import uuid7
from tenure.record.library.models import DefinitionVersion, Publication
from tenure.record.library.queries import published_versions

_LOCK = 0x7E2E_0002
"""Number of the advisory lock that makes publishing one at a time on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Published:
    """A definition in its new version."""

    kind: str
    key: str
    number: int
    fingerprint: str


def publish(
    definitions: Iterable[Definition], *, note: str, by: Actor, at: datetime
) -> list[Published]:
    """Publish definitions: each that says something new gets its next version.

    The whole library, the published part with the new definitions in it, must hold together.

    Args:
        definitions: new or changed ones; those that say what is published already are left out.
        note: why, for those who read the history.
        by: who publishes.
        at: the moment of publishing, aware.

    Returns:
        The new versions; empty when nothing changed.

    Raises:
        DefinitionError: the library as a whole would not hold together; nothing is published.
    """
    with transaction.atomic():
        _lock()
        in_force = {(row.kind, row.key): row for row in published_versions()}
        offered = tuple(definitions)
        given = {(new.kind, new.key): new for new in offered}
        kept = [row.definition() for name, row in in_force.items() if name not in given]
        Library.of([*kept, *offered])
        changed = [
            new
            for name, new in given.items()
            if name not in in_force or in_force[name].fingerprint != fingerprint(new)
        ]
        if not changed:
            return []
        publication = Publication.objects.create(
            token=uuid7(at), published_at=at, published_by=by.key, note=note
        )
        rows = [
            DefinitionVersion(
                publication=publication,
                kind=new.kind,
                key=new.key,
                number=in_force[new.kind, new.key].number + 1
                if (new.kind, new.key) in in_force
                else 1,
                fingerprint=fingerprint(new),
                body=dump(new),
            )
            for new in changed
        ]
        DefinitionVersion.objects.bulk_create(rows)
    return [Published(row.kind, row.key, row.number, row.fingerprint) for row in rows]


def publish_packs(keys: list[str], *, note: str, by: Actor, at: datetime) -> list[Published]:
    """Publish packs that come with Tenure, and those they require.

    Raises:
        DefinitionError: no such pack, or it does not fit what is published.
    """
    return publish(load_packs(keys), note=note, by=by, at=at)


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
