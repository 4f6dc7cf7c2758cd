"""Packs: what each brings, and installing it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.definitions import Definition, Pack, load_packs, pack_keys
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.operations import publish_definitions
from tenure.record.library.queries import (
    Difference,
    check_with_published,
    diff_with_published,
    published_versions,
)
from tenure.web.components.toasts import toast
from tenure.web.definitions.kinds import KINDS
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack in the list: what it holds itself, and whether it is in force."""

    pack: Pack
    holds: list[tuple[Words, int]]
    installed: bool


@page("definition.view")
def everything(request: HttpRequest) -> HttpResponse:
    """All packs that come with Tenure."""
    installed = {row.key for row in published_versions() if row.kind == "pack"}
    rows = [_row(key, installed) for key in pack_keys()]
    rows.sort(key=lambda row: (row.installed, row.pack.key))
    context = {"rows": rows, "installed": sum(row.installed for row in rows)}
    return render(request, "definitions/packs.html", context)


@page("definition.view")
def one(request: HttpRequest, key: str) -> HttpResponse:
    """What a pack brings: new, changed and same definitions."""
    pack, whole = _pack(key)
    differences = diff_with_published(whole)
    check_with_published(whole)
    changed = {(one.kind, one.key) for one in differences}
    by_name = {(one.kind, one.key): one for one in whole}
    context = {
        "pack": pack,
        "kinds": KINDS,
        "new": _grouped([one for one in differences if one.number is None], by_name),
        "changed": [
            (one, by_name[one.kind, one.key]) for one in differences if one.number is not None
        ],
        "new_count": sum(1 for one in differences if one.number is None),
        "same": len(whole) - len(changed),
        "may_publish": rights_on(request).may("definition.publish"),
    }
    return render(request, "definitions/pack.html", context)


@require_POST
@page("definition.publish")
def install(request: HttpRequest, key: str) -> HttpResponse:
    """Publish a pack and all it requires."""
    pack, whole = _pack(key)
    published = publish_definitions(
        whole,
        note=request.POST.get("note", ""),
        by=viewer_of(request),
        at=now(),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    transaction.on_commit(follow_log.enqueue)
    count = len(published)
    words = Words(
        f"已安装“{pack.name.zh}”：{count} 个定义有了新版本，正在重新计算",
        f"Installed {pack.name.en}: {count} definitions have a new version; computing anew",
    )
    toast(request, words)
    return redirect("definitions:pack", key)


def _pack(key: str) -> tuple[Pack, tuple[Definition, ...]]:
    """A pack and everything it brings, those it requires included.

    Raises:
        Http404: no such pack.
    """
    if key not in pack_keys():
        raise Http404
    return _loaded(key)


@lru_cache(maxsize=32)
def _loaded(key: str) -> tuple[Pack, tuple[Definition, ...]]:
    """Packs are files of Tenure: read once for a process."""
    whole = load_packs([key])
    return next(one for one in whole if isinstance(one, Pack) and one.key == key), whole


def _row(key: str, installed: set[str]) -> PackRow:
    pack, whole = _pack(key)
    folder = f"packs/{key}/"
    own = [one for one in whole if one.origin and (one.origin.file or "").startswith(folder)]
    counted = Counter(one.kind for one in own)
    holds = [(KINDS[kind], counted[kind]) for kind in KINDS if kind != "pack" and counted[kind]]
    return PackRow(pack, holds, key in installed)


def _grouped(
    new: list[Difference], by_name: dict[tuple[str, str], Definition]
) -> list[tuple[Words, list[Definition]]]:
    return [
        (words, [by_name[one.kind, one.key] for one in new if one.kind == kind])
        for kind, words in KINDS.items()
        if any(one.kind == kind for one in new)
    ]
