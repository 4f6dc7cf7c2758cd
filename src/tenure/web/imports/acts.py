"""What several pages of imports do: try a file out, send it off."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.imports.jobs import plain_actor, run_upload, try_upload
from tenure.record.imports.operations.uploading import ready_to_run, remember_job
from tenure.web.viewer import viewer_of


def try_out(request: HttpRequest, upload_id: int) -> None:
    """Have an upload tried in the background."""
    with transaction.atomic():
        job = try_upload.enqueue(upload_id, plain_actor(viewer_of(request)))
        remember_job(upload_id, trial=job.id)


def send_off(request: HttpRequest, upload_id: int) -> None:
    """Have an upload imported in the background; the audit is told."""
    by, at = viewer_of(request), now()
    with transaction.atomic():
        upload = ready_to_run(upload_id)
        job = run_upload.enqueue(upload_id, plain_actor(by))
        remember_job(upload_id, run=job.id)
        note(
            "import.started",
            by=by,
            at=at,
            about=f"upload:{upload_id}",
            detail={"file": upload.file_name, "bytes": upload.size},
            address=request.META.get("REMOTE_ADDR", ""),
        )
