"""Two customers side by side: what is known of each, masked by right, and what a merge changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse

from tenure.actor import Actor
from tenure.clock import now
from tenure.derive.customers.queries.profile_scope import UnknownCustomerError
from tenure.derive.customers.queries.suggestions import SuggestionView
from tenure.derive.lifecycles.queries.preview import merge_preview
from tenure.guard.access.queries import FIELD_GROUPS, Rights
from tenure.web.customers.views.customer_merge import AFTER
from tenure.web.customers.views.preview_table import more_address, preview_context
from tenure.web.customers.views.review_words import told
from tenure.web.language import told as words_told

Context = dict[str, Any]


def pair_context(
    pair: SuggestionView,
    *,
    viewer: Actor,
    rights: Rights,
    deep: bool = False,
    only_deep: bool = False,
    revealing: frozenset[str] = frozenset(),
) -> Context:
    """What the page shows of the pair one looks at."""
    context: Context = {"pair": pair, "evidence": [told(one) for one in pair.evidence]}
    try:
        preview = merge_preview(
            pair.left_id,
            pair.right_id,
            viewer=viewer,
            at=now(),
            revealing=revealing,
            deep=deep,
        )
    except UnknownCustomerError:
        return context
    if len(preview.before) == 1:  # decided meanwhile, or long ago
        heads = []
        preview = replace(preview, after=())
    else:
        heads = [words_told(AFTER) for _ in preview.after]
    hidden = {
        entry.group for side in preview.before for entry in side.profile.fields if entry.hidden
    }
    open_to = [key for key in FIELD_GROUPS if key in hidden & rights.reveals]
    groups = [(key, FIELD_GROUPS[key]) for key in open_to]
    more = None if deep else more_address(reverse("customers:review"), pair=pair.id)
    shown = preview_context(preview, viewer, heads, only_deep=only_deep)
    return {**context, **shown, "groups": groups, "more": more}
