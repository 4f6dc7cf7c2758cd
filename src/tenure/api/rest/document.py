"""The interface described: OpenAPI with the problems every operation may answer, and its page."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from tenure.api.rest.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457), in the language of `Accept-Language`",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
    "examples": [
        {
            "type": "about:blank",
            "title": "内容不合要求",
            "status": 422,
            "detail": "有 1 处不合要求，见 errors",
            "instance": "/api/customers",
            "errors": [{"where": "query.limit", "detail": "太大"}],
        }
    ],
}
_EVERY = {
    "401": "No good token",
    "403": "The token has no such right",
    "422": "Something of the request does not fit",
    "429": "Too many requests; see `Retry-After`",
    "4XX": "Any other problem of the request",
}
_HEADERS: dict[str, dict[str, Any]] = {
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "An `ETag` read before: answered with 304 while it still holds",
        "schema": {"type": "string"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": "An `ETag` read before: refused with 412 where it holds no more",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Sent again within 24 hours, the same request is answered the same and "
        "carried out once; another request with the same key is refused with 422",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    },
}
_MATCHED = ("/api/customers/{customer_id}", "/api/definitions/publish")


class DescribedAPI(NinjaAPI):
    """The interface, with a description that tells of problems and headers."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the view: each is used once."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description, completed."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        for path, methods in schema["paths"].items():
            for method, described in methods.items():
                _complete(path, method, described)
        return schema


def _complete(path: str, method: str, described: dict[str, Any]) -> None:
    responses = {str(status): one for status, one in described["responses"].items()}
    for status, words in _EVERY.items():
        responses[status] = _problem(words)
    headers = []
    if method == "get":
        responses["304"] = {"description": "Nothing changed since"}
        headers.append("If-None-Match")
    else:
        uploads = "multipart/form-data" in described.get("requestBody", {}).get("content", {})
        headers += [] if uploads else ["Idempotency-Key"]
        if path.startswith(_MATCHED):
            headers.append("If-Match")
            responses["412"] = _problem("It changed since it was read")
    described["responses"] = responses
    known = described.setdefault("parameters", [])
    described["parameters"] = [*known, *(_HEADERS[name] for name in headers)]


def _problem(words: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {MEDIA_TYPE: {"schema": reference}}}
