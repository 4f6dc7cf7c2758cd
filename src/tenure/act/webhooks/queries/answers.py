"""What receivers answered: kept in the vault, for an answer may repeat what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from tenure.record.vault.queries import reveal

ANSWER_HOLDER = "webhook_answer"
ANSWER_FIELD = "answer"


def answers_of(delivery_ids: Sequence[int]) -> dict[int, str]:
    """The first kilobyte of the last answer to some deliveries, where there is one."""
    held = reveal(ANSWER_HOLDER, delivery_ids) if delivery_ids else {}
    return {number: fields[ANSWER_FIELD] for number, fields in held.items()}
