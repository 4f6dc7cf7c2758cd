"""All forms with their figures, and one form: its address, its code, how it is embedded."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import qrcode
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from tenure.clock import now
from tenure.definitions import Form, explain_words
from tenure.record.events.queries import basis
from tenure.record.forms.queries import FormNumbers, form_numbers, open_form
from tenure.record.library.queries import current_library, draft, drafts, versions
from tenure.web.definitions.authors import author_names
from tenure.web.viewer import page, viewer_of

MANAGE = "form.manage"
DAYS = 30


@page(MANAGE)
def every(request: HttpRequest) -> HttpResponse:
    """The forms, those in the making last."""
    library, _ = current_library()
    found = _numbers(request)
    mine = {one.key for one in drafts(viewer_of(request), kind=Form.kind)}
    rows = [
        {"form": form, "numbers": found.get(key, FormNumbers()), "draft": key in mine}
        for key, form in library.forms.items()
    ]
    context = {"rows": rows, "unpublished": sorted(mine - library.forms.keys()), "days": DAYS}
    return render(request, "forms/list.html", context)


@page(MANAGE)
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One form."""
    opened = open_form(key)
    if opened is None:
        raise Http404
    known = versions(Form.kind, key)
    address = _hosted(request, key)
    context = {
        "form": opened.form,
        "version": opened.version,
        "explanation": explain_words(opened.form, opened.library),
        "numbers": _numbers(request).get(key, FormNumbers()),
        "days": DAYS,
        "address": address,
        "snippet": _snippet(request, opened.form),
        "versions": list(reversed(known)),
        "authors": author_names(version.published_by for version in known),
        "draft": draft(Form.kind, key, viewer_of(request)),
    }
    return render(request, "forms/one.html", context)


@page(MANAGE)
def qr_code(request: HttpRequest, key: str) -> HttpResponse:
    """The form's address as a QR code (ISO/IEC 18004), to print; ``?utm_...`` goes into it."""
    if open_form(key) is None:
        raise Http404
    query = request.GET.urlencode()
    address = _hosted(request, key) + (f"?{query}" if query else "")
    image = qrcode.make(address[:1500], image_factory=SvgPathImage, box_size=20, border=2)
    out = io.BytesIO()
    image.save(out)
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response.headers["Content-Disposition"] = f'inline; filename="{key}.svg"'
    return response


def _numbers(request: HttpRequest) -> Any:
    since = now().astimezone(basis().zone).date() - timedelta(days=DAYS)
    return form_numbers(viewer_of(request), since=since)


def _hosted(request: HttpRequest, key: str) -> str:
    return request.build_absolute_uri(reverse("hosted:form", args=[key]))


def _snippet(request: HttpRequest, form: Form) -> str:
    script = request.build_absolute_uri(reverse("hosted:embed"))
    title = (form.title or form.name).to(form.language).replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<iframe src="{_hosted(request, form.key)}?embed=1" title="{title}" data-tenure-form\n'
        '  style="width:100%;border:0;min-height:480px"></iframe>\n'
        f'<script async src="{script}"></script>'
    )
