"""Two customers side by side: what is known of each, masked by right, and what a merge changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenure.actor import Actor
from tenure.derive.customers.queries import Card, identifier_views_of, identifiers_of
from tenure.derive.customers.queries.profile import Profile, ProfileField, profile_of
from tenure.derive.customers.queries.suggestions import SuggestionView
from tenure.derive.lifecycles.queries.biography import Standing, standings
from tenure.guard.access.queries import FIELD_GROUPS, Rights, account_names
from tenure.record.events.queries import IdentifierView, timeline_extent
from tenure.web.customers.views.customer_profile import field_name, shown
from tenure.web.customers.views.review_words import told
from tenure.words import Words

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two customers.

    Attributes:
        extent: how many events, since when.
        stages: (lifecycle, stage) names.
    """

    customer_id: int
    card: Card | None
    profile: Profile
    identifiers: tuple[IdentifierView, ...]
    extent: Any
    stages: tuple[tuple[Words, Words], ...]


def pair_context(
    pair: SuggestionView, *, viewer: Actor, rights: Rights, revealing: frozenset[str] = frozenset()
) -> Context:
    """What the page shows of the pair one looks at."""
    left = _side(pair.left_id, pair.left, viewer, revealing)
    right = _side(pair.right_id, pair.right, viewer, revealing)
    owners = account_names(
        {side.card.owner_id for side in (left, right) if side.card and side.card.owner_id}
    )
    hidden = {one.group for side in (left, right) for one in side.profile.fields if one.hidden}
    open_to = [key for key in FIELD_GROUPS if key in hidden & rights.reveals]
    return {
        "pair": pair,
        "sides": (left, right),
        "owners": owners,
        "evidence": [told(one) for one in pair.evidence],
        "rows": _rows(left.profile, right.profile),
        "stages": _stages(left, right),
        "groups": [(key, FIELD_GROUPS[key]) for key in open_to],
    }


def _side(number: int, card: Card | None, viewer: Actor, revealing: frozenset[str]) -> Side:
    return Side(
        customer_id=number,
        card=card,
        profile=profile_of(number, viewer=viewer, revealing=revealing),
        identifiers=tuple(identifier_views_of(number, viewer=viewer, with_personal=True)),
        extent=timeline_extent(identifiers_of(number)),
        stages=tuple(_standing(one) for one in standings(number, viewer=viewer)),
    )


def _rows(left: Profile, right: Profile) -> list[Context]:
    """Every field either side says something about; which value counts after a merge."""
    keys = [one.field.key for one in left.fields]
    keys += [one.field.key for one in right.fields if one.field.key not in keys]
    rows = []
    for key in keys:
        one, other = left.field(key), right.field(key)
        known = one or other
        if known is None or (_empty(one) and _empty(other)):
            continue
        rows.append(
            {
                "name": field_name(known.field),
                "left": "" if one is None else shown(one.field, one.value),
                "right": "" if other is None else shown(other.field, other.value),
                "left_wins": _wins(one, other),
                "differs": _value(one) != _value(other),
            }
        )
    return rows


def _value(one: ProfileField | None) -> object:
    return None if one is None else one.value


def _empty(one: ProfileField | None) -> bool:
    return _value(one) is None


def _wins(one: ProfileField | None, other: ProfileField | None) -> bool:
    """Whether the left value is the newer one, which counts."""
    if one is None or one.set_at is None:
        return False
    if other is None or other.set_at is None:
        return True
    return (one.set_at, one.event_id) > (other.set_at, other.event_id)


def _standing(one: Standing) -> tuple[Words, Words]:
    stages = {stage.code: stage.name for stage in one.lifecycle.stages}
    return one.lifecycle.name, stages.get(one.stage, Words(one.stage, one.stage))


def _stages(left: Side, right: Side) -> list[tuple[Words, Words | None, Words | None]]:
    """Of each lifecycle either is in, where the two stand."""
    one, other = dict(left.stages), dict(right.stages)
    names = [*one, *(name for name in other if name not in one)]
    return [(name, one.get(name), other.get(name)) for name in names]
