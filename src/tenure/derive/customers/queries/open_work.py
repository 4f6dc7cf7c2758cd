"""What waits to be decided about a customer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from tenure.derive.customers.models import Suggestion


def open_suggestions_about(identifier_ids: Sequence[int]) -> int:
    """How many open suggestions are about one of these customers and somebody else."""
    own = list(identifier_ids)
    rows = Suggestion.objects.filter(state=Suggestion.State.OPEN)
    return rows.filter(Q(left_id__in=own) ^ Q(right_id__in=own)).count()
