"""The address of Sensors Analytics libraries (神策): ``/sa?token=KEY``."""

from __future__ import annotations

import base64

from django.http import HttpRequest, HttpResponse

from tenure.api.ingest.answers import open_door
from tenure.api.ingest.batches import sensors_batch
from tenure.api.ingest.bodies import body_of, form_of, from_base64, limit_of
from tenure.api.ingest.receiving import receive
from tenure.api.ingest.refusing import bad_json, wrong_method

_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@open_door
def track(request: HttpRequest) -> HttpResponse:
    """Events in a form: ``data`` (one) or ``data_list`` (many), base64, mostly gzip within.

    Pages without scripts of other origins ask for a picture: the form is then in the address.
    """
    if request.method not in {"POST", "GET"}:
        raise wrong_method()
    body = body_of(request) if request.method == "POST" else b""
    if body.lstrip()[:1] in (b"[", b"{"):
        data = body
    else:
        form = form_of(request, body)
        text = form.get("data_list") or form.get("data")
        if not text:
            raise bad_json()
        data = from_base64(text, limit_of(request))
    keys = (request.GET.get("token"), request.GET.get("project"))
    answer = receive(request, "sensors", sensors_batch(data), *keys)
    if request.method == "GET":
        answer = HttpResponse(_DOT, content_type="image/gif")
        answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
