"""Every read of the audit, by right."""

from __future__ import annotations

from tenure.guard.audit.queries.alerts import UnusualExport, unusual_exports
from tenure.guard.audit.queries.entries import AuditPage, audit_page
from tenure.guard.audit.queries.naming import ACTIONS, action_words
from tenure.guard.trail.queries import EntryView, Filters, Place

__all__ = [
    "ACTIONS",
    "AuditPage",
    "EntryView",
    "Filters",
    "Place",
    "UnusualExport",
    "action_words",
    "audit_page",
    "unusual_exports",
]
