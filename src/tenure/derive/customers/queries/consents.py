"""What a customer agreed to, by purpose and channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tenure.derive.customers.queries.profile_log import CONSENTS, CustomerLog
from tenure.record.events.queries import EventView, basis

GIVEN, WITHDRAWN = CONSENTS


@dataclass(frozen=True, slots=True)
class ConsentView:
    """Where one consent stands.

    Attributes:
        purpose: what it is about, as the source named it.
        channel: empty: every channel.
        given: it holds; otherwise it was withdrawn or has run out.
        expired: it was given and has run out.
        at: of the statement that counts, aware.
        by: key of the actor.
        source: which system told it.
        expires_on: the last day it holds; ``None``: until it is withdrawn.
        policy_version: of the privacy policy agreed to.
    """

    purpose: str
    channel: str
    given: bool
    expired: bool
    at: datetime
    by: str
    source: str
    expires_on: date | None
    policy_version: str


def consents_in(log: CustomerLog, *, as_of: datetime) -> list[ConsentView]:
    """The consents at the end of a log.

    A withdrawal that names no channel withdraws the purpose in all of them.
    """
    today = as_of.astimezone(basis().zone).date()
    standing: dict[tuple[str, str], EventView] = {}
    for event in log.of(*CONSENTS):
        purpose, channel = _text(event, "purpose"), _text(event, "channel")
        standing[purpose, channel] = event
        if event.type == WITHDRAWN and not channel:
            for pair in standing:
                if pair[0] == purpose:
                    standing[pair] = event
    return [_view(*pair, event, today) for pair, event in sorted(standing.items(), key=_by_pair)]


def _view(purpose: str, channel: str, event: EventView, today: date) -> ConsentView:
    until = _day(event)
    expired = event.type == GIVEN and until is not None and until < today
    return ConsentView(
        purpose=purpose,
        channel=channel,
        given=event.type == GIVEN and not expired,
        expired=expired,
        at=event.occurred_at,
        by=event.recorded_by,
        source=event.source,
        expires_on=until if event.type == GIVEN else None,
        policy_version=_text(event, "policy_version"),
    )


def _by_pair(item: tuple[tuple[str, str], EventView]) -> tuple[str, str]:
    return item[0]


def _text(event: EventView, key: str) -> str:
    return str(event.properties.get(key) or "").strip()


def _day(event: EventView) -> date | None:
    try:
        return date.fromisoformat(_text(event, "expires_on"))
    except ValueError:
        return None
