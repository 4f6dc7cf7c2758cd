"""Putting tags on customers and taking them off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerCard
from tenure.derive.customers.operations.stating import (
    Before,
    Changed,
    cards_locked,
    keep,
    need_types,
    reached,
    state,
)
from tenure.derive.customers.projection.cards import TAGGED, UNTAGGED
from tenure.guard.audit.operations import note
from tenure.record.events.operations import IncomingEvent
from tenure.words import TenureError, Words

RIGHT = "customer.edit"
LONGEST = 40


def tag_customers(customer_ids: Collection[int], tag: str, *, by: Actor, at: datetime) -> Changed:
    """Put a tag on customers; those who have it stay as they are.

    Args:
        customer_ids: which.
        tag: in a person's words, at most 40 characters of one line.
        by: who does it, with the right to edit them.
        at: the moment, aware.

    Raises:
        ForbiddenError: ``by`` may edit none of them.
        TenureError: the tag is none, too many customers, or outdated definitions.
    """
    return _change(customer_ids, clean_tag(tag), on=True, by=by, at=at)


def untag_customers(customer_ids: Collection[int], tag: str, *, by: Actor, at: datetime) -> Changed:
    """Take a tag off customers; arguments and errors as for :func:`tag_customers`."""
    return _change(customer_ids, clean_tag(tag), on=False, by=by, at=at)


def tag_back(before: Before, tag: str, *, was_on: bool, by: Actor, at: datetime) -> int:
    """Undo a tagging (``was_on`` false: the tag had not been there); how many customers."""
    allowed = reached(before, RIGHT, by)
    _state_tag(allowed, tag, on=was_on, by=by, at=at)
    action = "customer.tagged" if was_on else "customer.untagged"
    note(action, by=by, at=at, detail={"tag": tag, "undone": len(allowed)})
    return len(allowed)


def clean_tag(tag: str) -> str:
    """A tag as it is kept: one line, single spaces.

    Raises:
        TenureError: empty or too long.
    """
    text = " ".join(tag.split())
    if not text or len(text) > LONGEST or not text.isprintable():
        raise TenureError(
            Words(
                zh=f"标签为 1 到 {LONGEST} 个字的一行文字",
                en=f"a tag is one line of 1 to {LONGEST} characters",
            )
        )
    return text


def tags_of(row: CustomerCard) -> set[str]:
    """The tags of a card."""
    return set(row.tags.split("\n")) if row.tags else set()


def _change(
    customer_ids: Collection[int], tag: str, *, on: bool, by: Actor, at: datetime
) -> Changed:
    need_types(TAGGED, UNTAGGED)
    with transaction.atomic():
        allowed = reached(customer_ids, RIGHT, by)
        tagged = {row.customer_id for row in cards_locked(allowed) if tag in tags_of(row)}
        chosen = [one for one in allowed if (one in tagged) != on]
        _state_tag(chosen, tag, on=on, by=by, at=at)
        before: Before = dict.fromkeys(chosen)
        number = keep("tag" if on else "untag", tag, before, by=by, at=at)
        about = f"customer:{chosen[0]}" if len(chosen) == 1 else ""
        action = "customer.tagged" if on else "customer.untagged"
        note(action, by=by, at=at, about=about, detail={"tag": tag, "customers": len(chosen)})
    return Changed(number, len(chosen), len(set(customer_ids)) - len(allowed))


def _state_tag(
    customer_ids: Collection[int], tag: str, *, on: bool, by: Actor, at: datetime
) -> None:
    event = IncomingEvent(type=TAGGED if on else UNTAGGED, occurred_at=at, fields={"tag": tag})

    def change(row: CustomerCard) -> None:
        tags = tags_of(row) | {tag} if on else tags_of(row) - {tag}
        row.tags = "\n".join(sorted(tags))

    state(dict.fromkeys(customer_ids, event), change, by=by, at=at)
