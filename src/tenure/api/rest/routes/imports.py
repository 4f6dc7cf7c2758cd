"""Files of events: handing in, running, looking at the report, taking back."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from ninja import File, Path, Router, Status
from ninja.files import UploadedFile

from tenure.api.rest.cursors import cursor, place
from tenure.api.rest.language import language_of
from tenure.api.rest.problems import NotFoundError, ProblemError
from tenure.api.rest.registering import operation
from tenure.api.rest.shapes.imports import (
    Counts,
    Import,
    ImportPage,
    Job,
    MapText,
    Reason,
    Refused,
    RefusedPage,
    Upload,
)
from tenure.api.rest.shapes.parts import Cursor, Limit, Told
from tenure.api.rest.tokens import viewer_of
from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.imports.jobs import plain_actor, run_upload
from tenure.record.imports.operations import undo_import
from tenure.record.imports.operations.agreeing import is_anonymous
from tenure.record.imports.operations.drafts import draft_of
from tenure.record.imports.operations.problems import CannotImportError
from tenure.record.imports.operations.uploading import (
    ready_to_run,
    receive_upload,
    remember_job,
    settle_map,
)
from tenure.record.imports.queries import (
    ImportSummary,
    UploadView,
    import_summary,
    imports_before,
    refused_page,
    upload_view,
)
from tenure.words import Words
from tenure.work import Progress

router = Router(tags=["imports"])
Id = Annotated[int, Path(ge=1, le=2**31)]


@operation(router, "POST", "/uploads", right="import.run", answer=Upload, status=201, by_alias=True)
def upload_file(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> Status[Upload]:
    """Hand in a file; the answer holds the map that is guessed for it."""
    if file.size is None or file.size > settings.UPLOAD_LIMIT_BYTES:
        raise ProblemError(413, Words("文件太大", "the file is too large"))
    number = receive_upload(
        file.name or "",
        file.chunks(),
        by=viewer_of(request),
        at=now(),
        language=language_of(request),
    )
    draft = draft_of(number)
    if not draft.is_open and not is_anonymous(draft.guess):
        settle_map(number, draft.text, choices={}, own=False)
    return Status(201, _upload(_found_upload(number)))


@operation(router, "GET", "/uploads/{upload_id}", right="import.run", answer=Upload, by_alias=True)
def read_upload(request: HttpRequest, upload_id: Id) -> Upload:
    """A file handed in: its map, how far its run is, which import it became."""
    return _upload(_found_upload(upload_id))


@operation(
    router, "PUT", "/uploads/{upload_id}/map", right="import.run", answer=Upload, by_alias=True
)
def put_map(request: HttpRequest, upload_id: Id, body: MapText) -> Upload:
    """Say how the columns are read."""
    found = _found_upload(upload_id)
    settle_map(upload_id, body.map, choices=found.choices, own=True)
    return _upload(_found_upload(upload_id))


@operation(
    router, "POST", "/uploads/{upload_id}/run", right="import.run",
    answer=Upload, status=202, by_alias=True,
)  # fmt: skip
def run(request: HttpRequest, upload_id: Id) -> Status[Upload]:
    """Import the file in the background."""
    by, at = viewer_of(request), now()
    found = _found_upload(upload_id)
    if not found.map_text:
        raise ProblemError(
            422,
            Words(
                "这个文件还没有完整的映射，请先提交映射",
                "this file has no whole map yet; send one first",
            ),
        )
    with transaction.atomic():
        upload = ready_to_run(upload_id)
        job = run_upload.enqueue(upload_id, plain_actor(by))
        remember_job(upload_id, run=job.id)
        said = {"file": upload.file_name, "bytes": upload.size, "door": "api"}
        note("import.started", by=by, at=at, about=f"upload:{upload_id}", detail=said)
    return Status(202, _upload(_found_upload(upload_id)))


@operation(router, "GET", "", right="import.view", answer=ImportPage)
def list_imports(
    request: HttpRequest,
    limit: Limit = 50,
    cursor_: Cursor = None,
) -> ImportPage:
    """Imports, the newest first."""
    of = ["imports", "before"]
    begun = place(cursor_, of=of)
    rows, last = imports_before(begun[0] if begun else None, size=limit)
    goes_on = None if last is None else [last]
    return ImportPage(items=[_import(one) for one in rows], next=cursor(goes_on, of=of))


@operation(router, "GET", "/{import_id}", right="import.view", answer=Import)
def read_import(request: HttpRequest, import_id: Id) -> Import:
    """What an import came to."""
    return _import(_found(import_id))


@operation(router, "GET", "/{import_id}/refused", right="import.run", answer=RefusedPage)
def read_refused(
    request: HttpRequest,
    import_id: Id,
    limit: Limit = 50,
    cursor_: Cursor = None,
) -> RefusedPage:
    """Refused rows with the reason of each; noted in the audit, for they are as they came."""
    of = ["refused", import_id]
    begun = place(cursor_, of=of)
    start = begun[0] if begun else 0
    report = _found(import_id).report
    if report is None or not report.is_file():
        return RefusedPage(columns=[], items=[], next=None)
    found = refused_page(import_id, report, start=start, size=limit)
    said = {"rows": len(found.rows), "door": "api"}
    about = f"import:{import_id}"
    note("import_rows.viewed", by=viewer_of(request), at=now(), about=about, detail=said)
    goes_on = [start + limit] if start + limit < found.total else None
    return RefusedPage(
        columns=list(found.columns),
        items=[
            Refused(line=row.line, cells=list(row.cells), reason=row.reason) for row in found.rows
        ],
        next=cursor(goes_on, of=of),
    )


@operation(router, "POST", "/{import_id}/undo", right="import.run", answer=Import)
def undo(request: HttpRequest, import_id: Id, body: Reason) -> Import:
    """Take a whole import back: its events stay in the log and count no more."""
    by, at = viewer_of(request), now()
    _found(import_id)
    with transaction.atomic():
        tally = undo_import(import_id, reason=body.reason, by=by, at=at)
        said = {"events": tally.accepted, "door": "api"}
        note("import.undone", by=by, at=at, about=f"import:{import_id}", detail=said)
    return _import(_found(import_id))


def _found(import_id: int) -> ImportSummary:
    summary = import_summary(import_id)
    if summary is None:
        raise NotFoundError
    return summary


def _found_upload(upload_id: int) -> UploadView:
    try:
        return upload_view(upload_id)
    except CannotImportError as absent:
        raise NotFoundError from absent


def _upload(view: UploadView) -> Upload:
    asked = [] if view.map_text or view.import_id else [one[0] for one in draft_of(view.id).asked]
    return Upload(
        id=view.id,
        file=view.file_name,
        map=view.map_text,
        open=asked,
        running=None if view.running is None else _job(view.running),
        **{"import": view.import_id},
    )


def _job(progress: Progress) -> Job:
    return Job(state=progress.state, share=progress.share, said=Told.of(progress.said))


def _import(one: ImportSummary) -> Import:
    tally = one.tally
    return Import(
        id=one.id,
        file=one.file_name,
        source=one.source,
        status=one.status,
        counts=Counts(
            rows=tally.rows,
            accepted=tally.accepted,
            repeated=tally.repeated,
            refused=tally.refused,
            unmapped=tally.unmapped,
            anonymous=tally.anonymous,
        ),
        types=dict(tally.types),
        started_at=one.started_at,
        finished_at=one.finished_at,
        undone_at=one.undone_at,
        by=one.by,
    )
