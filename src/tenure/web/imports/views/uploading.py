"""Handing files in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tenure.clock import now
from tenure.guard.audit.operations import note
from tenure.record.imports.operations.uploading import (
    discard_upload,
    receive_other,
    receive_upload,
)
from tenure.record.imports.queries import upload_view
from tenure.web.components.toasts import toast
from tenure.web.components.uploads import content_of, handed_in
from tenure.web.language import reader_language
from tenure.web.viewer import page, viewer_of
from tenure.words import TenureError, Words

_SAMPLES = {
    "zh": (
        "订单号,客户编号,手机号,姓名,下单时间,商品,数量,金额,渠道\r\n"
        "A1001,C001,13800000001,王小明,2026-03-01 10:24,洁面乳,1,89.00,天猫\r\n"
        "A1002,C002,13800000002,李芳,2026-03-01 14:05,保湿面霜,2,258.00,小程序\r\n"
        "A1003,C001,13800000001,王小明,2026-03-18 20:41,保湿面霜,1,129.00,天猫\r\n"
        "A1004,C003,13800000003,陈静,2026-04-02 09:12,防晒霜,3,297.00,门店\r\n"
    ),
    "en": (
        "order_id,customer_id,email,name,ordered_at,product,quantity,amount,channel\r\n"
        "A1001,C001,ann@example.com,Ann Lee,2026-03-01 10:24,Cleanser,1,89.00,web\r\n"
        "A1002,C002,bo@example.com,Bo Chan,2026-03-01 14:05,Face cream,2,258.00,app\r\n"
        "A1003,C001,ann@example.com,Ann Lee,2026-03-18 20:41,Face cream,1,129.00,web\r\n"
        "A1004,C003,di@example.com,Di Park,2026-04-02 09:12,Sunscreen,3,297.00,store\r\n"
    ),
}


@page("import.run")
def new(request: HttpRequest) -> HttpResponse:
    """Hand files in: the first is the one to import, the others are joined to it."""
    if request.method != "POST":
        most = settings.UPLOAD_LIMIT_BYTES
        return render(request, "imports/new.html", {"most": most, "megabytes": most // 1_000_000})
    files = handed_in(request, "files")
    by, at = viewer_of(request), now()
    first, *rest = files
    upload_id = receive_upload(
        first.name or "", content_of(first), by=by, at=at, language=reader_language()
    )
    try:
        for other in rest:
            receive_other(upload_id, other.name or "", content_of(other))
    except TenureError:
        discard_upload(upload_id, at=at)
        raise
    note(
        "import.uploaded",
        by=by,
        at=at,
        about=f"upload:{upload_id}",
        detail={"file": first.name, "bytes": first.size, "files": len(files)},
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return redirect("imports:upload", upload_id)


@page("import.run")
@require_POST
def add_other(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Hand in a file that the map joins."""
    for other in handed_in(request, "files"):
        receive_other(upload_id, other.name or "", content_of(other))
    return redirect("imports:upload", upload_id)


@page("import.run")
@require_POST
def discard(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Throw a draft away."""
    found = upload_view(upload_id)
    by, at = viewer_of(request), now()
    discard_upload(upload_id, at=at)
    note("import.discarded", by=by, at=at, about=f"upload:{upload_id}")
    told = Words(
        zh=f"已删除 {found.file_name}，没有导入", en=f"{found.file_name} is gone, not imported"
    )
    toast(request, told)
    return redirect("imports:list")


@page("import.view")
def sample(request: HttpRequest) -> HttpResponse:
    """A small file that shows what a file of events looks like."""
    text = "\ufeff" + _SAMPLES[reader_language()]
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tenure-sample.csv"'
    return response
