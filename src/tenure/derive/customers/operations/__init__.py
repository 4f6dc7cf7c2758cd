"""Every write of customers; who is who and the cards otherwise follow from the log."""

from __future__ import annotations

from tenure.derive.customers.operations.assigning import assign_customers
from tenure.derive.customers.operations.merging import (
    MergeError,
    merge_customers,
    unmerge_customers,
)
from tenure.derive.customers.operations.stating import Changed, TooManyError, UndoneError
from tenure.derive.customers.operations.tagging import tag_customers, untag_customers
from tenure.derive.customers.operations.undoing import undo_action

__all__ = [
    "Changed",
    "MergeError",
    "TooManyError",
    "UndoneError",
    "assign_customers",
    "merge_customers",
    "tag_customers",
    "undo_action",
    "unmerge_customers",
    "untag_customers",
]
