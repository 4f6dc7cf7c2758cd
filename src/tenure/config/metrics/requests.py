"""How many requests are answered and how fast, by all server processes together.

Each process counts in files that it alone writes (the multiprocess mode of prometheus-client,
which finds their directory in ``PROMETHEUS_MULTIPROC_DIR`` when it is first imported); whoever
is asked adds them up. Without that directory a process tells its own counts only.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from tenure.config.metrics import COUNTS_VARIABLE

_OWN = CollectorRegistry()
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ANSWERED = Counter(
    "tenure_http_requests",
    "Requests answered, by method, address pattern and status.",
    ["method", "address", "status"],
    registry=_OWN,
)
_SECONDS = Histogram(
    "tenure_http_request_seconds",
    "How long answers took, by address pattern.",
    ["address"],
    buckets=_BUCKETS,
    registry=_OWN,
)


def request_registry() -> CollectorRegistry:
    """Counts of all server processes; of this one where it is the only one."""
    if COUNTS_VARIABLE not in os.environ:
        return _OWN
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


class CountRequests:
    """Middleware: counts what every request came to."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer and count."""
        begun = time.perf_counter()
        response = self._answer(request)
        match = request.resolver_match
        address = (match.route or "/") if match is not None else "unknown"
        method = request.method if request.method in _METHODS else "other"
        _ANSWERED.labels(method, address, str(response.status_code)).inc()
        _SECONDS.labels(address).observe(time.perf_counter() - begun)
        return response
