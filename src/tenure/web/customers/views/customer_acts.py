"""What is done to one customer from their page: every act is posted, told and, mostly, undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from tenure.clock import now
from tenure.derive.customers.operations import (
    assign_customers,
    tag_customers,
    untag_customers,
)
from tenure.derive.customers.operations.attaching import (
    LARGEST_FILE,
    attach_file,
    open_file,
    remove_file,
)
from tenure.derive.customers.operations.consenting import give_consent, withdraw_consent
from tenure.derive.customers.operations.noting import edit_note, remove_note, write_note
from tenure.derive.customers.operations.relating import relate_customers, unrelate_customers
from tenure.derive.customers.queries import customers_found
from tenure.derive.customers.queries.profile_scope import UnknownCustomerError, demand_customer
from tenure.derive.lifecycles.jobs import follow_log
from tenure.derive.lifecycles.operations import pin_stage, unpin_stage
from tenure.guard.audit.operations import note
from tenure.web.components.addresses import safe_return
from tenure.web.components.toasts import toast
from tenure.web.customers.views.act_inputs import Done, InputError
from tenure.web.customers.views.act_inputs import number as _number
from tenure.web.customers.views.act_inputs import text as _text
from tenure.web.customers.views.act_inputs import undo_by as _undo
from tenure.web.customers.views.customer_frame import LARGEST_NUMBER, Opened, open_customer
from tenure.web.customers.views.customer_identity_acts import IDENTITY_ACTS
from tenure.web.customers.views.customer_touch import touch
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

SOON = Words("阶段会在片刻后更新", "stages follow in a moment")


@page("customer.view")
def act(request: HttpRequest, customer_id: int, name: str) -> HttpResponse:
    """Do ``name`` and go back to where the form was."""
    return _act(request, customer_id, name)


@require_POST
def _act(request: HttpRequest, customer_id: int, name: str) -> HttpResponse:
    if name not in _ACTS:
        raise Http404
    opened = open_customer(request, customer_id)
    words, undo = _ACTS[name](opened)
    toast(request, words, undo=undo)
    wanted = request.POST.get("next") or request.headers.get("Referer")
    return HttpResponseRedirect(safe_return(request, wanted, opened.address))


@page("customer.view")
def download(request: HttpRequest, customer_id: int, file_id: int) -> HttpResponse:
    """A file kept with a customer; always to be saved, never shown by the browser."""
    return _download(request, customer_id, file_id)


@require_GET
def _download(request: HttpRequest, customer_id: int, file_id: int) -> HttpResponse:
    if customer_id > LARGEST_NUMBER:
        raise Http404
    try:
        file, content = open_file(customer_id, file_id, by=viewer_of(request), at=now())
    except UnknownCustomerError as unknown:
        raise Http404 from unknown
    response = HttpResponse(content, content_type=file.media_type)
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in file.name)
    encoded = urlencode({"": file.name})[1:].replace("+", "%20")
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _tag(opened: Opened) -> Done:
    tag = _text(opened, "tag")
    tag_customers([opened.customer_id], tag, by=opened.viewer, at=now())
    return Words(zh=f"已加标签“{tag}”", en=f"Tagged “{tag}”"), _undo(opened, "untag", tag=tag)


def _untag(opened: Opened) -> Done:
    tag = _text(opened, "tag")
    untag_customers([opened.customer_id], tag, by=opened.viewer, at=now())
    return Words(zh=f"已去标签“{tag}”", en=f"Tag “{tag}” removed"), _undo(opened, "tag", tag=tag)


def _assign(opened: Opened) -> Done:
    from tenure.derive.customers.queries.profile_log import owner_in

    before, chosen = owner_in(opened.log), _text(opened, "owner")
    owner = _number(opened, "owner") if chosen else None
    assign_customers([opened.customer_id], owner, by=opened.viewer, at=now())
    undo = _undo(opened, "assign", owner="" if before is None else before)
    return Words("已更改负责人", "Owner changed"), undo


def _pin(opened: Opened) -> Done:
    until = _text(opened, "until")
    try:
        end = date.fromisoformat(until) if until else None
    except ValueError as wrong:
        raise InputError(Words("结束日期不是日期", "the end is no date")) from wrong
    pin_stage(
        opened.customer_id,
        _text(opened, "lifecycle"),
        _text(opened, "stage"),
        reason=_text(opened, "reason"),
        until=end,
        by=opened.viewer,
        at=now(),
    )
    _noted(opened, "stage.pinned")
    follow_log.enqueue()
    return Words(zh=f"已固定阶段，{SOON.zh}", en=f"Stage pinned; {SOON.en}"), None


def _free(opened: Opened) -> Done:
    unpin_stage(
        opened.customer_id,
        _text(opened, "lifecycle"),
        reason=_text(opened, "reason"),
        by=opened.viewer,
        at=now(),
    )
    _noted(opened, "stage.unpinned")
    follow_log.enqueue()
    return Words(zh=f"已取消固定，{SOON.zh}", en=f"Stage freed; {SOON.en}"), None


def _noted(opened: Opened, action: str) -> None:
    about = f"customer:{opened.customer_id}"
    detail = {"lifecycle": _text(opened, "lifecycle")}
    note(action, by=opened.viewer, at=now(), about=about, detail=detail)


def _write(opened: Opened) -> Done:
    number = write_note(opened.customer_id, _text(opened, "text"), by=opened.viewer, at=now())
    return Words("已保存备注", "Note saved"), _undo(opened, "note-remove", note=number)


def _edit(opened: Opened) -> Done:
    number = _number(opened, "note")
    edit_note(opened.customer_id, number, _text(opened, "text"), by=opened.viewer, at=now())
    return Words("已修改备注", "Note changed"), None


def _remove(opened: Opened) -> Done:
    remove_note(opened.customer_id, _number(opened, "note"), by=opened.viewer, at=now())
    return Words("已删除备注", "Note removed"), None


def _relate(opened: Opened) -> Done:
    relation, other = _text(opened, "relation"), _other(opened)
    relate_customers(opened.customer_id, other, relation, by=opened.viewer, at=now())
    undo = _undo(opened, "unrelate", other=other, relation=relation)
    return Words("已建立关系", "Relation stated"), undo


def _unrelate(opened: Opened) -> Done:
    relation, other = _text(opened, "relation"), _number(opened, "other")
    unrelate_customers(opened.customer_id, other, relation, by=opened.viewer, at=now())
    undo = _undo(opened, "relate", other=other, relation=relation)
    return Words("已解除关系", "Relation taken back"), undo


def _other(opened: Opened) -> int:
    return found_customer(opened, _text(opened, "other"))


def found_customer(opened: Opened, typed: str) -> int:
    """The customer whom typed text means: an identifier, or a customer's number.

    Raises:
        InputError: none, or several.
    """
    found = {one.customer_id for one in customers_found(typed, viewer=opened.viewer)}
    plain = typed.isascii() and typed.isdigit() and len(typed) < 20
    if not found and plain and int(typed) <= LARGEST_NUMBER:
        try:
            demand_customer(int(typed), viewer=opened.viewer)
            found = {int(typed)}
        except UnknownCustomerError:
            found = set()
    if not found:
        raise InputError(Words(zh=f"没有找到“{typed[:60]}”", en=f"“{typed[:60]}” was not found"))
    if len(found) > 1:
        raise InputError(
            Words(
                zh=f"“{typed[:60]}”是几位客户的标识，请用客户编号",
                en=f"“{typed[:60]}” leads to several customers; use the customer's number",
            )
        )
    return found.pop()


def _consent(opened: Opened) -> Done:
    purpose, channel = _text(opened, "purpose"), _text(opened, "channel")
    give_consent(opened.customer_id, purpose, channel=channel, by=opened.viewer, at=now())
    undo = _undo(opened, "withdraw", purpose=purpose, channel=channel)
    return Words("已记录同意", "Consent recorded"), undo


def _withdraw(opened: Opened) -> Done:
    purpose, channel = _text(opened, "purpose"), _text(opened, "channel")
    withdraw_consent(opened.customer_id, purpose, channel=channel, by=opened.viewer, at=now())
    undo = _undo(opened, "consent", purpose=purpose, channel=channel)
    return Words("已记录撤回", "Withdrawal recorded"), undo


def _attach(opened: Opened) -> Done:
    try:
        sent = opened.request.FILES.get("file")
    except RequestDataTooBig as large:
        raise InputError(Words("文件太大", "the file is too large")) from large
    if sent is None:
        raise InputError(Words("请先选择文件", "choose a file first"))
    content = sent.read(LARGEST_FILE + 1)
    number = attach_file(
        opened.customer_id, sent.name or "file", content, by=opened.viewer, at=now()
    )
    return Words("已添加附件", "File attached"), _undo(opened, "detach", file=number)


def _detach(opened: Opened) -> Done:
    remove_file(opened.customer_id, _number(opened, "file"), by=opened.viewer, at=now())
    return Words("已删除附件", "File removed"), None


_ACTS: Mapping[str, Callable[[Opened], Done]] = {
    "tag": _tag,
    "untag": _untag,
    "assign": _assign,
    "pin": _pin,
    "free": _free,
    "note": _write,
    "note-edit": _edit,
    "note-remove": _remove,
    "relate": _relate,
    "unrelate": _unrelate,
    "consent": _consent,
    "withdraw": _withdraw,
    "attach": _attach,
    "detach": _detach,
    "touch": touch,
    **IDENTITY_ACTS,
}
