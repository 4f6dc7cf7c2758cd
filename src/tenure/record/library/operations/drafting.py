"""Drafts: definitions while somebody writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tenure.actor import Actor
from tenure.record.library.models import DefinitionDraft
from tenure.record.library.queries import DraftView, versions, view_of_draft
from tenure.words import TenureError, Words

MOST_CHARACTERS = 500_000


class DraftConflictError(TenureError):
    """The draft was saved elsewhere since it was read; carries what is stored."""

    def __init__(self, stored: DraftView) -> None:
        super().__init__(
            Words(
                zh="这份草稿已在另一个窗口里改过。请重新载入，或用这里的内容覆盖它",
                en="this draft was changed in another window; load it again, or overwrite it",
            )
        )
        self.stored = stored


class DraftTooLongError(TenureError):
    """No definition is that long."""


def begin_draft(
    kind: str, key: str, *, body: str, by: Actor, at: datetime, anew: bool = False
) -> DraftView:
    """The actor's draft of a definition, made of ``body`` where there is none yet.

    Args:
        kind: of the definition.
        key: of the definition.
        body: YAML to begin with: the published version, an older one, or a new document.
        by: whose draft.
        at: the moment, aware.
        anew: begin with ``body`` even where there is a draft.
    """
    published = versions(kind, key)
    fresh = {
        "author_name": by.name[:150],
        "base": published[-1].number if published else 0,
        "body": body,
        "revision": 1,
        "updated_at": at,
    }
    whose: dict[str, Any] = {"kind": kind, "key": key, "author": by.key}
    if anew:
        row, _ = DefinitionDraft.objects.update_or_create(**whose, defaults=fresh)
    else:
        row, _ = DefinitionDraft.objects.get_or_create(**whose, defaults=fresh)
    return view_of_draft(row)


def save_draft(
    kind: str, key: str, *, body: str, revision: int | None, by: Actor, at: datetime
) -> DraftView:
    """Store what the actor has written so far, however unfinished.

    Args:
        kind: of the definition.
        key: of the definition.
        body: the YAML as it stands.
        revision: of the draft as the writer last saw it; ``None`` overwrites whatever is there.
        by: whose draft.
        at: the moment, aware.

    Raises:
        DraftConflictError: it was saved elsewhere since.
        DraftTooLongError: half a million characters is no definition.
    """
    if len(body) > MOST_CHARACTERS:
        raise DraftTooLongError(
            Words(
                zh=f"草稿超过 {MOST_CHARACTERS:,} 个字符",
                en=f"the draft has more than {MOST_CHARACTERS:,} characters",
            )
        )
    with transaction.atomic():
        whose = DefinitionDraft.objects.select_for_update()
        row = whose.filter(kind=kind, key=key, author=by.key).first()
        if row is None:
            return begin_draft(kind, key, body=body, by=by, at=at)
        if revision is not None and row.revision != revision and row.body != body:
            raise DraftConflictError(view_of_draft(row))
        if row.body != body:
            row.body, row.revision, row.updated_at = body, row.revision + 1, at
            row.save(update_fields=["body", "revision", "updated_at"])
        return view_of_draft(row)


def discard_draft(kind: str, key: str, *, by: Actor) -> bool:
    """Throw the actor's draft away; whether there was one."""
    gone, _ = DefinitionDraft.objects.filter(kind=kind, key=key, author=by.key).delete()
    return bool(gone)
