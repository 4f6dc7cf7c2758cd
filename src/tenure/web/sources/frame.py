"""What the pages of one source share: which source, its tabs, and who may read what."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse

from tenure.derive.customers.queries.masking import group_of, masked
from tenure.guard.access.queries import Scope
from tenure.record.sources.queries import SourceView, source
from tenure.web.viewer import rights_on, viewer_of
from tenure.words import Words

MANAGE = "source.manage"
KINDS = {
    "sdk": Words("程序库（SDK）", "Library (SDK)"),
    "webhook": Words("Webhook 推送", "Webhook"),
    "folder": Words("文件夹", "Folder"),
    "table": Words("数据库表", "Database table"),
    "form": Words("表单", "Form"),
}
_TABS = (
    ("source", Words("概况", "Overview")),
    ("samples", Words("样例", "Samples")),
    ("source_unknown", Words("未定义", "Not defined")),
    ("refused", Words("被拒", "Refused")),
)


def source_found(request: HttpRequest, source_id: int) -> SourceView:
    """The source of an address.

    Raises:
        Http404: there is none.
    """
    found = source(source_id, viewer_of(request)) if source_id < 2**63 else None
    if found is None:
        raise Http404
    return found


def source_tabs(source_id: int, here: str) -> list[dict[str, object]]:
    """The pages of one source."""
    return [
        {"words": words, "address": reverse(f"sources:{name}", args=[source_id]),
         "here": name == here}
        for name, words in _TABS
    ]  # fmt: skip


def seen(request: HttpRequest, key: str, value: str) -> str:
    """A personal value as the viewer may see it.

    Samples are of anybody's customers, so only those read them unmasked who may see all.
    """
    rights, group = rights_on(request), group_of(key)
    if rights.scope("customer.view") is Scope.ALL and group in rights.reads:
        return value
    return masked(group, value)
