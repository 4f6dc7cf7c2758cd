"""Figures of the running house at ``/metrics``, in the text form of Prometheus."""

from __future__ import annotations

COUNTS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the directory in which processes of one server count together, to prometheus-client."""
