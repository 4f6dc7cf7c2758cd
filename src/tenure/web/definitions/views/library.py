"""The library: every definition in force, what it says, its versions, what uses it."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tenure.definitions import Definition, Library, diff, explain_words
from tenure.definitions.usage import users_of
from tenure.derive.lifecycles.queries import following, waiting_lifecycles
from tenure.record.library.queries import Version, current_library, draft, drafts, versions
from tenure.web.components.pages import Pages, page_number
from tenure.web.definitions.authors import author_names
from tenure.web.definitions.kinds import EDITED, KINDS
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words

_ROWS = 60


@page("definition.view")
def everything(request: HttpRequest) -> HttpResponse:
    """All definitions by kind, searched by key and name."""
    library, _ = current_library()
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip().casefold()
    matching = [one for one in library.definitions if _matches(one, text)]
    counts = Counter(one.kind for one in matching)
    if kind not in KINDS:
        kind = next((known for known in KINDS if counts[known]), "lifecycle")
    chosen = sorted((one for one in matching if one.kind == kind), key=lambda one: one.key)
    pages = Pages(page_number(request.GET.get("page")), _ROWS, len(chosen))
    shown = chosen[(pages.number - 1) * _ROWS : pages.number * _ROWS]
    context = {
        "kind": kind,
        "text": request.GET.get("q", "").strip(),
        "kinds": [(key, words, counts[key]) for key, words in KINDS.items()],
        "rows": [(one, _said(one, library)) for one in shown],
        "pages": pages,
        "empty": not library.definitions,
        "drafts": drafts(viewer_of(request)),
        "kind_words": KINDS,
        "may_publish": rights_on(request).may("definition.publish"),
    }
    return render(request, "definitions/library.html", context)


@page("definition.view")
def one(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One definition."""
    library, _ = current_library()
    known = versions(kind, key)
    mine = draft(kind, key, viewer_of(request))
    if not known and mine is None:
        raise Http404
    definition = found(library, kind, key) if known else None
    older, newer, changes = _compared(request, known)
    is_lifecycle = definition is not None and kind == "lifecycle"
    context = {
        "kind": kind,
        "key": key,
        "kind_words": KINDS[kind],
        "kinds": KINDS,
        "definition": definition,
        "explanation": explain_words(definition, library) if definition else None,
        "versions": list(reversed(known)),
        "authors": author_names(version.published_by for version in known),
        "older": older,
        "newer": newer,
        "changes": changes,
        "users": users_of(library, definition) if definition else (),
        "draft": mine,
        "may_publish": rights_on(request).may("definition.publish") and kind in EDITED,
        "following": following(key) if is_lifecycle else None,
        "waiting": [] if is_lifecycle else waiting_lifecycles(),
    }
    return render(request, "definitions/one.html", context)


def found(library: Library, kind: str, key: str) -> Definition:
    """A definition of the library.

    Raises:
        Http404: there is none.
    """
    for definition in library.definitions:
        if definition.kind == kind and definition.key == key:
            return definition
    raise Http404


def _compared(
    request: HttpRequest, known: list[Version]
) -> tuple[Version | None, Version | None, list[object]]:
    """The two versions to compare: those asked for, else the last two."""
    by_number = {str(version.number): version for version in known}
    newer = by_number.get(request.GET.get("to", "")) or (known[-1] if known else None)
    before = known[-2] if len(known) > 1 else None
    older = by_number.get(request.GET.get("from", "")) or before
    if older is None or newer is None or older.number == newer.number:
        return older, newer, []
    return older, newer, list(diff(older.definition(), newer.definition()))


def _said(definition: Definition, library: Library) -> Words | None:
    """What the list says of a definition; of a lifecycle it shows the stages."""
    return None if definition.kind == "lifecycle" else explain_words(definition, library)


def _matches(definition: Definition, text: str) -> bool:
    said = f"{definition.key} {definition.name.zh} {definition.name.en}".casefold()
    return all(word in said for word in text.split())
