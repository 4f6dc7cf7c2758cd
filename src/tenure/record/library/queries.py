"""Every read of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from tenure.actor import Actor
from tenure.definitions import Definition, Library, dump, load_text
from tenure.definitions.difference import Change, diff
from tenure.record.library.models import DefinitionDraft, DefinitionVersion, Publication


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a definition; ``published_at`` is aware."""

    kind: str
    key: str
    number: int
    fingerprint: str
    body: str
    published_at: datetime
    published_by: str
    note: str

    def definition(self) -> Definition:
        """The definition as it was published."""
        return load_definition(self.kind, self.key, self.number, self.body)


@dataclass(frozen=True, slots=True)
class Difference:
    """How a definition differs from its published version; all of it when that is ``None``."""

    kind: str
    key: str
    number: int | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A definition somebody is writing.

    Attributes:
        author: key of the actor.
        base: number of the published version it began with; 0 where there was none.
        revision: how often it was saved.
        updated_at: when it was saved last, aware.
    """

    kind: str
    key: str
    author: str
    author_name: str
    base: int
    body: str
    revision: int
    updated_at: datetime


_current: dict[str, tuple[UUID | None, Library, str]] = {}
_ONLY = "current"
_supposed: ContextVar[tuple[Library, str] | None] = ContextVar("supposed", default=None)


def current_library() -> tuple[Library, str]:
    """The library in force and its fingerprint; empty before the first publication.

    Kept per process and made again when there is a newer publication (one indexed query).
    Inside :func:`supposing` it is the supposed one.
    """
    supposed = _supposed.get()
    if supposed is not None:
        return supposed
    newest = Publication.objects.order_by("-id").values_list("id", "token").first()
    number, token = newest or (0, None)
    known = _current.get(_ONLY)
    if known is None or known[0] != token:
        versions = _latest(DefinitionVersion.objects.filter(publication_id__lte=number))
        known = (token, _library(versions), library_fingerprint(versions))
        _current[_ONLY] = known
    return known[1], known[2]


@contextmanager
def supposing(definitions: Iterable[Definition]) -> Iterator[Library]:
    """The library as it would be with ``definitions`` in it; nothing is published.

    For trials: within it :func:`current_library` gives the supposed library.

    Raises:
        DefinitionError: it would not hold together.
    """
    given = {(new.kind, new.key): new for new in definitions}
    library, fingerprint = current_library()
    if not given:
        yield library
        return
    kept = [one for one in library.definitions if (one.kind, one.key) not in given]
    supposed = Library.of([*kept, *given.values()])
    said = "".join(dump(new) for new in given.values())
    token = _supposed.set((supposed, sha256(f"{fingerprint}{said}".encode()).hexdigest()))
    try:
        yield supposed
    finally:
        _supposed.reset(token)


def as_published(at: datetime) -> tuple[Library, str]:
    """The library that was in force at a moment (aware), and its fingerprint."""
    published = DefinitionVersion.objects.filter(publication__published_at__lte=at)
    versions = _latest(published)
    return _library(versions), library_fingerprint(versions)


def versions(kind: str, key: str) -> list[Version]:
    """Every published version of a definition, oldest first; empty when there is none."""
    rows = DefinitionVersion.objects.filter(kind=kind, key=key).order_by("number")
    return [_version(row) for row in rows.select_related("publication")]


def published_versions() -> list[Version]:
    """The version in force of every definition, by kind and key."""
    rows = DefinitionVersion.objects.select_related("publication")
    return [_version(row) for row in _latest(rows)]


def diff_with_published(definitions: Iterable[Definition]) -> list[Difference]:
    """What publishing ``definitions`` would change; those that would not are left out."""
    in_force = {(row.kind, row.key): row for row in _latest(DefinitionVersion.objects.all())}
    found: list[Difference] = []
    for new in definitions:
        row = in_force.get((new.kind, new.key))
        old = load_definition(row.kind, row.key, row.number, row.body) if row else None
        changes = diff(old, new)
        if row is None or changes:
            found.append(Difference(new.kind, new.key, row.number if row else None, changes))
    return found


def check_with_published(definitions: Iterable[Definition]) -> None:
    """Look whether what is published, with ``definitions`` in it, would hold together.

    Raises:
        DefinitionError: it would not: unknown names, circles, types that do not fit.
    """
    given = {(new.kind, new.key): new for new in definitions}
    rows = (row for row in published_versions() if (row.kind, row.key) not in given)
    Library.of([*(row.definition() for row in rows), *given.values()])


def drafts(viewer: Actor, *, kind: str | None = None) -> list[DraftView]:
    """The viewer's own drafts, the latest first."""
    rows = DefinitionDraft.objects.filter(author=viewer.key).order_by("-updated_at")
    return [view_of_draft(row) for row in (rows.filter(kind=kind) if kind else rows)]


def draft(kind: str, key: str, viewer: Actor) -> DraftView | None:
    """The viewer's own draft of a definition; ``None`` without one."""
    row = DefinitionDraft.objects.filter(kind=kind, key=key, author=viewer.key).first()
    return view_of_draft(row) if row else None


def other_writers(kind: str, key: str, viewer: Actor) -> list[tuple[str, datetime]]:
    """Who else has a draft of a definition, and when they saved it; not what it says."""
    rows = DefinitionDraft.objects.filter(kind=kind, key=key).exclude(author=viewer.key)
    return list(rows.order_by("-updated_at").values_list("author_name", "updated_at"))


def view_of_draft(row: DefinitionDraft) -> DraftView:
    """A stored draft as others read it."""
    return DraftView(
        kind=row.kind,
        key=row.key,
        author=row.author,
        author_name=row.author_name,
        base=row.base,
        body=row.body,
        revision=row.revision,
        updated_at=row.updated_at,
    )


def load_definition(kind: str, key: str, number: int, body: str) -> Definition:
    """A stored definition read back."""
    [definition] = load_text(body, f"{kind} {key} v{number}")
    return definition


def library_fingerprint(versions: Sequence[DefinitionVersion]) -> str:
    """One hash over all definitions in force: equal exactly when they say the same."""
    lines = sorted(f"{row.kind}\x1f{row.key}\x1f{row.fingerprint}\n" for row in versions)
    return sha256("".join(lines).encode()).hexdigest()


def _latest(rows: Iterable[DefinitionVersion]) -> list[DefinitionVersion]:
    latest: dict[tuple[str, str], DefinitionVersion] = {}
    for row in rows:
        held = latest.get((row.kind, row.key))
        if held is None or held.number < row.number:
            latest[row.kind, row.key] = row
    return [latest[name] for name in sorted(latest)]


def _library(rows: Sequence[DefinitionVersion]) -> Library:
    return Library.of([load_definition(row.kind, row.key, row.number, row.body) for row in rows])


def _version(row: DefinitionVersion) -> Version:
    publication = row.publication
    return Version(
        kind=row.kind,
        key=row.key,
        number=row.number,
        fingerprint=row.fingerprint,
        body=row.body,
        published_at=publication.published_at,
        published_by=publication.published_by,
        note=publication.note,
    )
