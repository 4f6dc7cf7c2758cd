"""Definitions: reading, checking, comparing, publishing."""

from __future__ import annotations

from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from tenure.api.rest.door import demand_match
from tenure.api.rest.problems import NotFoundError
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.definitions import (
    Changed,
    DefinitionShown,
    Difference,
    Differences,
    Offered,
    Publish,
    PublishedLine,
    PublishedNow,
    VersionLine,
    Versions,
)
from tenure.api.rest.shapes.parts import Told
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.definitions import load_text
from tenure.definitions.explanation import explain_words
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.operations import publish_definitions
from tenure.record.library.queries import (
    Version,
    check_with_published,
    current_library,
    diff_with_published,
    published_versions,
    versions,
)

router = Router(tags=["definitions"])
Kind = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
Key = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_.]{0,128}$")]


@operation(router, "GET", "", right="definition.view", answer=Versions)
def list_definitions(
    request: HttpRequest,
    response: HttpResponse,
    kind: Annotated[str, Query(max_length=40, description="Only of this kind")] = "",
) -> Versions:
    """The version in force of every definition; the entity tag is that of the whole library."""
    library = current_library()[1]
    if not kind:
        response.headers["ETag"] = f'"{library}"'
    return Versions(
        library=library,
        items=[_line(one) for one in published_versions() if kind in ("", one.kind)],
    )


@operation(router, "GET", "/{kind}/{key}", right="definition.view", answer=DefinitionShown)
def read_definition(request: HttpRequest, kind: Kind, key: Key) -> DefinitionShown:
    """A definition as published, in words, with all its versions."""
    found = versions(kind, key)
    if not found:
        raise NotFoundError
    last = found[-1]
    words = explain_words(last.definition(), current_library()[0])
    return DefinitionShown(
        kind=kind,
        key=key,
        version=last.number,
        yaml=last.body,
        explained=Told.of(words),
        versions=[_line(one) for one in found],
    )


@operation(router, "POST", "/check", right="definition.view", answer=Differences)
def check_definitions(request: HttpRequest, body: Offered) -> Differences:
    """Whether definitions hold together with those in force, and what they would change.

    Nothing is published; every problem is told with its place.
    """
    offered = load_text(body.yaml)
    check_with_published(offered)
    return Differences(
        items=[
            Difference(
                kind=one.kind,
                key=one.key,
                version=one.number,
                changes=[
                    Changed(path=change.path, words=Told.of(change.words)) for change in one.changes
                ],
            )
            for one in diff_with_published(offered)
        ]
    )


@operation(router, "POST", "/publish", right="definition.publish", answer=PublishedNow)
def publish(request: HttpRequest, body: Publish) -> PublishedNow:
    """Publish definitions; with `If-Match` only over the library whose fingerprint it names."""
    viewer, at = viewer_of(request), now()
    offered = load_text(body.yaml)
    with transaction.atomic():
        demand_match(request, f'"{current_library()[1]}"')
        published = publish_definitions(
            offered,
            note=body.note,
            by=viewer,
            at=at,
            address=str(request.META.get("REMOTE_ADDR", "")),
        )
        if published:
            transaction.on_commit(follow_log.enqueue)
    return PublishedNow(
        items=[PublishedLine(kind=one.kind, key=one.key, version=one.number) for one in published]
    )


def _line(one: Version) -> VersionLine:
    return VersionLine(
        kind=one.kind,
        key=one.key,
        version=one.number,
        fingerprint=one.fingerprint,
        published_at=one.published_at,
        published_by=one.published_by,
        note=one.note,
    )
