"""What an import came to, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.derive.lifecycles.jobs import catch_up
from tenure.guard.audit.operations import note
from tenure.record.imports.jobs import go_on, plain_actor
from tenure.record.imports.operations import undo_import
from tenure.record.imports.operations.problems import CannotImportError
from tenure.record.imports.operations.uploading import map_name, remember_job
from tenure.record.imports.queries import (
    STATUS,
    ImportSummary,
    broken_key_words,
    import_summary,
    mended_by,
    money_in,
    odd_lines,
    row_lines,
    type_lines,
    upload_of,
    upload_view,
)
from tenure.web.components.people import actor_names
from tenure.web.components.toasts import toast
from tenure.web.imports.views.mapping import map_answer
from tenure.web.language import reader_language
from tenure.web.viewer import page, rights_on, viewer_of
from tenure.words import Words
from tenure.work import Progress


@dataclass(frozen=True, slots=True)
class _Behind:
    """The upload an import came from, and how far its job is."""

    upload_id: int | None
    progress: Progress | None


def found(import_id: int) -> ImportSummary:
    """An import.

    Raises:
        CannotImportError: there is none.
    """
    summary = import_summary(import_id)
    if summary is None:
        raise CannotImportError(
            Words(zh=f"没有编号为 {import_id} 的导入", en=f"there is no import {import_id}")
        )
    return summary


@page("import.view")
def report(request: HttpRequest, import_id: int) -> HttpResponse:
    """The page of an import."""
    summary = found(import_id)
    behind = _behind(summary)
    may_run = rights_on(request).may("import.run")
    mended = mended_by(import_id)
    tally = summary.tally
    context = {
        "one": summary,
        "status": STATUS[summary.status],
        "name": actor_names([summary.by])[summary.by],
        "types": type_lines(tally),
        "money_in": money_in(summary.map_text, summary.file_name),
        "lines": row_lines(tally),
        "odd": odd_lines(tally),
        "broken": broken_key_words(tally),
        "mended": mended,
        "upload_id": behind.upload_id,
        "may_run": may_run,
        **_progress(summary, behind),
    }
    return render(request, "imports/report.html", context)


@page("import.view")
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """The part of its page that tells how far it is; the page anew once it is over."""
    summary = found(import_id)
    context = {"one": summary, **_progress(summary, _behind(summary))}
    response = render(request, "imports/progress.html", context)
    if context["over"]:
        response.headers["HX-Refresh"] = "true"
    return response


@page("import.view")
def map_file(request: HttpRequest, import_id: int) -> HttpResponse:
    """The map it was read by."""
    summary = found(import_id)
    return map_answer(summary.map_text, map_name(summary.file_name))


@page("import.run")
@require_POST
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take a whole import back."""
    by, at = viewer_of(request), now()
    reason = request.POST.get("reason", "").strip()[:500] or "-"
    with transaction.atomic():
        tally = undo_import(import_id, reason=reason, by=by, at=at)
        catch_up.enqueue()
        note(
            "import.undone",
            by=by,
            at=at,
            about=f"import:{import_id}",
            detail={"events": tally.accepted},
            address=request.META.get("REMOTE_ADDR", ""),
        )
    toast(
        request,
        Words(
            zh=f"已撤销：{tally.accepted:,} 个事件不再计入，阶段随后更新。文件可以重新导入",
            en=f"Undone: {tally.accepted:,} events no longer count and stages follow. "
            "The file may be imported again",
        ),
    )
    return redirect("imports:report", import_id)


@page("import.run")
@require_POST
def resume(request: HttpRequest, import_id: int) -> HttpResponse:
    """Go on with an import that stopped."""
    summary = found(import_id)
    by, at = viewer_of(request), now()
    with transaction.atomic():
        job = go_on.enqueue(import_id, plain_actor(by), reader_language())
        upload_id = upload_of(summary.path)
        if upload_id is not None:
            remember_job(upload_id, run=job.id)
        note("import.resumed", by=by, at=at, about=f"import:{import_id}")
    return redirect("imports:report", import_id)


def _behind(summary: ImportSummary) -> _Behind:
    upload_id = upload_of(summary.path)
    if upload_id is None:
        return _Behind(None, None)
    upload = upload_view(upload_id)
    of_this = upload.import_id == summary.id
    return _Behind(upload_id, upload.running if of_this else None)


def _progress(summary: ImportSummary, behind: _Behind) -> dict[str, object]:
    waits = behind.progress is not None and not behind.progress.is_over
    failed = behind.progress is not None and behind.progress.state == "dead"
    over = not waits and summary.status != "running"
    return {
        "progress": behind.progress if waits else None,
        "failed": behind.progress if failed and summary.status == "stopped" else None,
        "over": over,
    }
