"""Stating something about many customers at once: the events, and the cards that follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import connection, transaction

from tenure.actor import Actor
from tenure.derive.customers.models import CustomerAction, CustomerCard
from tenure.derive.customers.queries.visibility import owners_of, visible
from tenure.guard.access.queries import ForbiddenError
from tenure.record.events.operations import IncomingEvent, record_about_each
from tenure.record.events.queries import identifiers
from tenure.record.library.queries import current_library
from tenure.words import TenureError, Words

MOST_AT_ONCE = 50_000
_BATCH = 1_000
_SLICE = 900
Before = dict[int, int | None]
"""Customer to what was there before: the former owner, or nothing for tags."""


class TooManyError(TenureError):
    """An action would change more customers than one transaction should."""


class UndoneError(TenureError):
    """An action cannot be taken back: it is somebody else's, or has been taken back."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What an action over customers did.

    Attributes:
        action_id: by which it is taken back; ``None`` where nothing changed.
        changed: customers changed.
        left_out: customers the person may not change, left as they are.
    """

    action_id: int | None
    changed: int
    left_out: int


def reached(customer_ids: Collection[int], right: str, by: Actor) -> list[int]:
    """Those of some customers whom ``by`` may change, without numbers that are nobody's.

    Raises:
        ForbiddenError: none of them.
        TooManyError: more than one action may hold.
    """
    if len(customer_ids) > MOST_AT_ONCE:
        raise TooManyError(
            Words(
                zh=f"一次最多处理 {MOST_AT_ONCE:,} 位客户，请先缩小筛选范围",
                en=f"at most {MOST_AT_ONCE:,} customers at once; narrow the filter first",
            )
        )
    allowed = visible(by, right).among(customer_ids)
    if customer_ids and not allowed:
        raise ForbiddenError(right)
    carded = owners_of(allowed) if allowed else {}
    return sorted({*carded, *identifiers(allowed - carded.keys())})


def need_types(*types: str) -> None:
    """Refuse where the published definitions are older than these event types.

    Raises:
        TenureError: says how to bring them up to date.
    """
    library, _ = current_library()
    missing = [key for key in types if key not in library.event_types]
    if missing:
        raise TenureError(
            Words(
                zh=f"定义库中还没有事件 {missing[0]}：请先更新基础行业包"
                "（tenure definitions apply --pack core）",
                en=f"the published definitions lack the event {missing[0]}: bring the core pack "
                "up to date first (tenure definitions apply --pack core)",
            )
        )


def state(
    events: Mapping[int, IncomingEvent],
    change: Callable[[CustomerCard], None],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Record one event about each customer and bring their cards up to it.

    Call it inside a transaction.

    Args:
        events: customer to event.
        change: what the event makes of a card.
        by: who states it.
        at: the moment, aware.
    """
    numbers: dict[int, int] = {}
    pairs = list(events.items())
    for start in range(0, len(pairs), _BATCH):
        part = pairs[start : start + _BATCH]
        receipts = record_about_each(part, by=by, at=at)
        for (customer, _), receipt in zip(part, receipts, strict=True):
            if receipt.event_id is None:
                raise TenureError(receipt.reasons[0])
            numbers[customer] = receipt.event_id
    rows = []
    for row in cards_locked(list(events)):
        change(row)
        changed_id = max(row.changed_id, numbers[row.customer_id])
        rows.append((row.owner_id, row.tags, changed_id, row.customer_id))
    table = CustomerCard._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET owner_id = %s, tags = %s, changed_id = %s WHERE customer_id = %s",
            rows,
        )


def cards_locked(customer_ids: Sequence[int]) -> list[CustomerCard]:
    """The cards of some customers, held until the transaction ends where the database can."""
    found: list[CustomerCard] = []
    for start in range(0, len(customer_ids), _SLICE):
        part = customer_ids[start : start + _SLICE]
        found += CustomerCard.objects.filter(customer_id__in=part).select_for_update()
    return found


def keep(kind: str, value: str, before: Before, *, by: Actor, at: datetime) -> int | None:
    """Remember what an action changed; its number, ``None`` where that was nothing."""
    if not before:
        return None
    text = msgspec.json.encode(sorted(before.items())).decode()
    return CustomerAction.objects.create(kind=kind, value=value, before=text, by=by.key, at=at).pk


def take_back(action_id: int, *, by: Actor, at: datetime) -> CustomerAction:
    """The action to take back, marked as taken back; inside the caller's transaction.

    Raises:
        UndoneError: it is somebody else's, or was taken back before.
    """
    with transaction.atomic():
        rows = CustomerAction.objects.filter(pk=action_id, by=by.key, undone_at=None)
        if not rows.update(undone_at=at):
            raise UndoneError(
                Words(
                    zh="这次操作不能撤销：不是您做的，或已经撤销",
                    en="this cannot be taken back: it is not yours, or has been taken back",
                )
            )
        return CustomerAction.objects.get(pk=action_id)


def before_of(action: CustomerAction) -> Before:
    """What was there before an action."""
    return dict(msgspec.json.decode(action.before, type=list[tuple[int, int | None]]))
