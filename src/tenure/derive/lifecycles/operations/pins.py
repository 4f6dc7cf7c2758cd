"""A person with the right overrules the stage, with a reason, until a date or for good."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tenure.actor import Actor
from tenure.definitions import Library, Lifecycle
from tenure.definitions.base import nearest_hint
from tenure.derive.customers.queries.profile_scope import demand_customer
from tenure.derive.lifecycles.events import STAGE_PINNED, STAGE_UNPINNED
from tenure.derive.lifecycles.operations.ticking import unknown_lifecycle
from tenure.derive.lifecycles.projection.strangers import foreign_types
from tenure.record.events.operations import IncomingEvent, record_about
from tenure.record.events.queries import identifiers
from tenure.record.library.queries import current_library
from tenure.words import TenureError, Words


class PinError(TenureError):
    """A stage cannot be pinned or freed as asked; says why and what would do."""


def pin_stage(
    identifier_id: int,
    lifecycle: str,
    stage: str,
    *,
    reason: str,
    until: date | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Hold a customer in a stage whatever the definition says; shows after the next tick.

    Args:
        identifier_id: any identifier of the customer; the customer's own number is one.
        lifecycle: its key.
        stage: code of the stage.
        reason: why, in a person's words; kept in the vault.
        until: the pin ends when this day begins, 00:00 UTC whatever the organisation's zone,
            as the engine reads it; ``None``: until it is freed.
        by: who says so.
        at: the moment from which it holds, aware.

    Returns:
        The number of the event.

    Raises:
        UnknownLifecycleError: no such lifecycle.
        PinError: no such stage or customer, no reason, or an end that is already past.
        UnknownCustomerError: ``by`` may not see the customer.
        ForbiddenError: ``by`` may not pin this customer.
    """
    library, chosen = _lifecycle(lifecycle)
    codes = [known.code for known in chosen.stages]
    if stage not in codes:
        raise _unknown_stage(chosen, stage, codes)
    # in UTC, as the end is: a day that has begun where the organisation is may not have there
    if until is not None and until <= (today := at.astimezone(UTC).date()):
        first = today + timedelta(days=1)
        raise PinError(
            Words(
                zh=f"{until} 零点（UTC）已经过去，请填写 {first} 或更晚的日期",
                en=f"the pin would end at 00:00 UTC on {until}, which is past; "
                f"give {first} or a later day",
            )
        )
    fields: dict[str, object] = {"lifecycle": lifecycle, "stage": stage, "by": by.key}
    if until is not None:
        fields["until"] = until.isoformat()
    _check_party(library, chosen, identifier_id)
    demand_customer(identifier_id, viewer=by, right="stage.pin", exists=False)
    return _record(STAGE_PINNED, identifier_id, fields, reason=reason, by=by, at=at)


def unpin_stage(identifier_id: int, lifecycle: str, *, reason: str, by: Actor, at: datetime) -> int:
    """Let the definition decide again; arguments, result and errors as :func:`pin_stage`."""
    library, chosen = _lifecycle(lifecycle)
    _check_party(library, chosen, identifier_id)
    demand_customer(identifier_id, viewer=by, right="stage.pin", exists=False)
    fields: dict[str, object] = {"lifecycle": lifecycle, "by": by.key}
    return _record(STAGE_UNPINNED, identifier_id, fields, reason=reason, by=by, at=at)


def _lifecycle(key: str) -> tuple[Library, Lifecycle]:
    library, _ = current_library()
    if key not in library.lifecycles:
        raise unknown_lifecycle(key, library.lifecycles)
    if STAGE_PINNED not in library.event_types:
        raise PinError(
            Words(
                zh="尚未发布 core 定义包，无法指定阶段；请先发布 core",
                en="the core pack is not published, so stages cannot be pinned; publish core first",
            )
        )
    return library, library.lifecycles[key]


def _record(
    kind: str,
    identifier_id: int,
    fields: dict[str, object],
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    if not reason.strip():
        raise PinError(Words("请写明原因", "give a reason"))
    event = IncomingEvent(type=kind, occurred_at=at, fields={**fields, "reason": reason})
    receipt = record_about(identifier_id, event, by=by, at=at)
    if receipt.event_id is None:
        raise PinError(receipt.reasons[0])
    return receipt.event_id


def _check_party(library: Library, lifecycle: Lifecycle, identifier_id: int) -> None:
    found = identifiers([identifier_id]).get(identifier_id)
    if found is None:
        raise _unknown_customer(identifier_id)
    if lifecycle.party and found.type in foreign_types(library, lifecycle.party):
        party = library.party_types[lifecycle.party].name
        raise PinError(
            Words(
                zh=f"生命周期“{lifecycle.name.zh}”只适用于{party.zh}，客户 {identifier_id} 不是",
                en=f"the lifecycle {lifecycle.name.en} is for {party.en.lower()}, "
                f"which customer {identifier_id} is not",
            )
        )


def _unknown_customer(identifier_id: int) -> PinError:
    return PinError(
        Words(
            zh=f"没有客户或标识 {identifier_id}",
            en=f"there is no customer or identifier {identifier_id}",
        )
    )


def _unknown_stage(lifecycle: Lifecycle, stage: str, codes: list[str]) -> PinError:
    hint = nearest_hint(stage, codes)
    return PinError(
        Words(
            zh=f"“{lifecycle.name.zh}”没有阶段 {stage}{hint.zh}（可选：{'、'.join(codes)}）",
            en=f"{lifecycle.name.en} has no stage {stage}{hint.en} (it has {', '.join(codes)})",
        )
    )
