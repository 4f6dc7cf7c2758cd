"""Addresses of the interface: those of its operations, and a problem for all others."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from tenure.api.rest.document import DescribedAPI
from tenure.api.rest.door import door
from tenure.api.rest.problems import NO_ADDRESS, add_handlers, problem
from tenure.api.rest.routes import (
    audit,
    customer_writes,
    definitions,
    events,
    identity,
    imports,
    lifecycles,
    suggestions,
    webhooks,
)

app_name = "api"
DESCRIPTION = """客户、事件、阶段、指标、定义与导入；与网页用同一套查询与操作，权限与遮蔽也相同。

Customers, events, stages, metrics, definitions and imports: the same queries and operations as
the pages, under the same rights and masks. Send `Authorization: Bearer tn_…`; tokens are made
under Settings → API tokens. `Accept-Language: zh` or `en` chooses the language of problems.
"""


def _interface() -> DescribedAPI:
    api = DescribedAPI(
        title="Tenure · 客迹",
        version="1",
        description=DESCRIPTION,
        docs_url="/docs",
        openapi_url="/openapi.json",
        urls_namespace="api",
    )
    add_handlers(api)
    api.add_router("/customers", customer_writes.router)  # with those of identity
    api.add_router("/definitions", definitions.router)
    api.add_router("/imports", imports.router)
    api.add_router("/merges", identity.log)
    api.add_router("/suggestions", suggestions.router)
    api.add_router("/webhooks", webhooks.router)
    for room in (events, lifecycles, audit):
        api.add_router("", room.router)
    return api


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """An address that leads nowhere."""
    return problem(request, 404, NO_ADDRESS)


def _patterns() -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in interface.urls[0]:
        assert isinstance(entry, URLPattern)
        root = entry.name == "api-root"
        entry.callback = door(nowhere if root else entry.callback)
        found.append(entry)
    return found


interface = _interface()
urlpatterns = [*_patterns(), re_path("^(?P<rest>.*)$", door(nowhere), name="nowhere")]
