"""Files being tried or sent off, and how far they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenure.record.imports.queries import money_in, odd_lines, row_lines, type_lines, upload_view
from tenure.web.imports.acts import send_off
from tenure.web.viewer import page


@page("import.run")
def trial(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The part of a page that tells how a trial goes and what it came to."""
    upload = upload_view(upload_id)
    tally = upload.trial.tally if upload.trial else None
    context = {
        "upload": upload,
        "trial": upload.trial,
        "trial_types": type_lines(tally) if tally else [],
        "money_in": money_in(upload.map_text, upload.map_name),
        "trial_rows": row_lines(tally) if tally else [],
        "trial_odd": odd_lines(tally) if tally else [],
    }
    return render(request, "imports/trial.html", context)


@page("import.run")
def running(request: HttpRequest, upload_id: int) -> HttpResponse:
    """A file that was sent off, until it is an import with a page of its own."""
    upload = upload_view(upload_id)
    part = request.headers.get("HX-Request") == "true"
    if upload.import_id is not None:
        address = reverse("imports:report", args=[upload.import_id])
        if not part:
            return redirect(address)
        response = HttpResponse()
        response.headers["HX-Redirect"] = address
        return response
    template = "imports/waiting.html" if part else "imports/running.html"
    return render(request, template, {"upload": upload, "step": 4})


@page("import.run")
@require_POST
def again(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Send a file off once more: after an undo, or after a failure."""
    send_off(request, upload_id)
    return redirect("imports:running", upload_id)
