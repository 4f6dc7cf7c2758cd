"""Sources and their write keys: changed by whoever may, noted in the audit with the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from tenure.actor import Actor
from tenure.guard.access.queries import demand
from tenure.guard.trail.operations import note
from tenure.record.sources import operations as sources

MANAGE = "source.manage"


@transaction.atomic
def add_source(
    key: str,
    *,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    settings: Mapping[str, object] | None = None,
) -> sources.AddedSource:
    """As ``record.sources.operations.add_source``, by right.

    Raises:
        ForbiddenError: ``by`` does not manage sources.
    """
    demand(by, MANAGE)
    added = sources.add_source(key, name=name, kind=kind, by=by, at=at, settings=settings)
    _note("source.added", added.source_id, by=by, at=at, kind=kind)
    return added


@transaction.atomic
def rotate_key(source_id: int, *, grace: timedelta, by: Actor, at: datetime) -> str:
    """As ``record.sources.operations.rotate_key``, by right.

    Raises:
        ForbiddenError: ``by`` does not manage sources.
    """
    demand(by, MANAGE)
    made = sources.rotate_key(source_id, grace=grace, by=by, at=at)
    _note("source.key_rotated", source_id, by=by, at=at, grace_hours=_hours(grace))
    return made


@transaction.atomic
def revoke_key(source_id: int, key_id: int, *, grace: timedelta, by: Actor, at: datetime) -> None:
    """As ``record.sources.operations.revoke_key``, by right, of one source's key.

    Raises:
        ForbiddenError: ``by`` does not manage sources.
    """
    demand(by, MANAGE)
    sources.revoke_key(key_id, of=source_id, grace=grace, by=by, at=at)
    said = {"key": key_id, "grace_hours": _hours(grace)}
    _note("source.key_revoked", source_id, by=by, at=at, **said)


@transaction.atomic
def keep_key(source_id: int, key_id: int, *, by: Actor, at: datetime) -> None:
    """As ``record.sources.operations.keep_key``, by right, of one source's key.

    Raises:
        ForbiddenError: ``by`` does not manage sources.
    """
    demand(by, MANAGE)
    sources.keep_key(key_id, of=source_id, by=by, at=at)
    _note("source.key_kept", source_id, by=by, at=at, key=key_id)


@transaction.atomic
def pause_source(source_id: int, *, by: Actor, at: datetime) -> None:
    """As ``record.sources.operations.pause_source``, by right.

    Raises:
        ForbiddenError: ``by`` does not manage sources.
    """
    demand(by, MANAGE)
    if sources.pause_source(source_id, by=by, at=at):
        _note("source.paused", source_id, by=by, at=at)


@transaction.atomic
def resume_source(source_id: int, *, by: Actor, at: datetime) -> None:
    """As ``record.sources.operations.resume_source``, by right.

    Raises:
        ForbiddenError: ``by`` does not manage sources.
    """
    demand(by, MANAGE)
    if sources.resume_source(source_id, by=by, at=at):
        _note("source.resumed", source_id, by=by, at=at)


def _note(action: str, source_id: int, *, by: Actor, at: datetime, **detail: object) -> None:
    note(action, by=by, at=at, about=f"source:{source_id}", detail=detail)


def _hours(grace: timedelta) -> float:
    return grace / timedelta(hours=1)
