"""Every write of customers: merging and taking apart; the map itself follows from the log."""

from __future__ import annotations

from tenure.derive.customers.operations.merging import (
    MergeError,
    merge_customers,
    unmerge_customers,
)

__all__ = ["MergeError", "merge_customers", "unmerge_customers"]
