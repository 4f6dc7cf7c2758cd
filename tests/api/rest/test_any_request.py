"""Requests that nobody would write, made from the description by schemathesis: never a fault."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from typing import Any

import pytest
import schemathesis
from django.conf import settings as house_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from tenure.api.rest.limits import forget_buckets
from tests.api.rest.house import Shop, house, token_for

__all__ = ["house"]
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
application = get_wsgi_application()
EXAMPLES = int(os.environ.get("TENURE_API_EXAMPLES", "3"))
CHECKS = [
    not_a_server_error,
    response_schema_conformance,
    content_type_conformance,
    status_code_conformance,
]


def closed(environ: Any, start: Any) -> list[bytes]:
    """The application, each answer closed as a server does: files handed in go with it.

    The connection stays open, as with Django's own test client: the test's transaction is on it.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        with closing(application(environ, start)) as answer:
            return [b"".join(answer)]
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


MODES = {"fitting": GenerationMode.POSITIVE, "unfit": GenerationMode.NEGATIVE}


@pytest.mark.parametrize(("who", "mode"), [
    ("chief", "fitting"), ("chief", "unfit"), ("ann", "fitting"), ("nobody", "fitting"),
])  # fmt: skip
def test_no_request_makes_a_fault(house: Shop, who: str, mode: str, settings: Any) -> None:
    settings.API_REQUESTS_PER_SECOND = 1_000_000
    settings.ALLOWED_HOSTS = ["*"]
    forget_buckets()
    token = "tn_nobody" if who == "nobody" else token_for(getattr(house, who)).token
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", closed)
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        headers = {"Authorization": f"Bearer {token}"}
        known = house.known if mode == "fitting" else []
        asked += _ask(operation, MODES[mode], headers, known)
    assert asked > 0


def _ask(operation: Any, mode: GenerationMode, headers: dict[str, str], known: list[int]) -> int:
    """Ask one operation some times; whatever it did is taken back."""
    count = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: Any) -> None:
        nonlocal count
        count += 1
        if known and "customer_id" in (case.path_parameters or {}) and count % 4:
            case.path_parameters["customer_id"] = str(known[count % len(known)])
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        shutil.rmtree(house_settings.TENURE_HOME / "uploads", ignore_errors=True)
        case.validate_response(answer, checks=CHECKS, excluded_checks=[ignored_auth])

    once()
    return count
