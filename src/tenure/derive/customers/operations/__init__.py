"""Every write of customers; who is who and the cards otherwise follow from the log."""

from __future__ import annotations

from tenure.derive.customers.operations.assigning import assign_customers
from tenure.derive.customers.operations.checking import refresh_suggestions
from tenure.derive.customers.operations.merging import (
    MergeError,
    merge_customers,
    unmerge_customers,
)
from tenure.derive.customers.operations.stating import Changed, TooManyError, UndoneError
from tenure.derive.customers.operations.suggesting import (
    DecisionError,
    accept_suggestions,
    decline_suggestion,
)
from tenure.derive.customers.operations.tagging import tag_customers, untag_customers
from tenure.derive.customers.operations.undoing import undo_action
from tenure.derive.customers.operations.views import (
    ViewError,
    choose_view,
    delete_view,
    save_view,
)

__all__ = [
    "Changed",
    "DecisionError",
    "MergeError",
    "TooManyError",
    "UndoneError",
    "ViewError",
    "accept_suggestions",
    "assign_customers",
    "choose_view",
    "decline_suggestion",
    "delete_view",
    "merge_customers",
    "refresh_suggestions",
    "save_view",
    "tag_customers",
    "undo_action",
    "unmerge_customers",
    "untag_customers",
]
