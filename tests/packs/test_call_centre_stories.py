"""Customers of a call centre: each of the five stages, walked through by small histories."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "call_centre",
        "call_centre_five_stages",  # M-11: verified and reached, intent that cools, won back
        """
        2024-01-01 lead.created channel=launch
        2024-01-05 call.made direction=outbound result=no_answer
        2024-01-08 lead.verified result=verified            # by cleaning data; nobody reached yet
        2024-01-10 call.made direction=outbound
        2024-01-15 callback.planned planned_on=2024-02-15
        2024-02-01 lead.verified result=unreachable
        2024-02-10 lead.verified result=verified
        2024-02-15 intent.shown category=broadband
        2024-05-20 intent.shown category=broadband
        2024-06-01 order.placed amount=200
        2024-08-01 order.placed amount=200
        2024-08-10 complaint.opened ticket_id=T1
        2024-08-12 complaint.resolved ticket_id=T1
        2025-02-10 intent.shown category=broadband
        2025-02-20 order.placed amount=200
        """,
        """
        2024-01-01 contact
        2024-01-10 acquire
        2024-02-01 contact
        2024-02-10 acquire
        2024-02-15 convert
        2024-05-15+ acquire, silently
        2024-05-20 convert
        2024-06-01 retain
        2024-08-01 loyalty
        2024-08-10 retain
        2024-08-12 loyalty
        2025-01-28+ acquire, silently
        2025-02-10 convert
        2025-02-20 loyalty
        2025-08-19+ acquire, silently
        """,
    ),
    Story(
        "call_centre",
        "call_centre_five_stages",  # M-11: one purchase, a referral that bought, a departure
        """
        2024-01-01 enquiry.made channel=phone
        2024-01-02 lead.verified result=verified
        2024-01-10 contract.signed contract_id=C1 term_months=24
        2024-03-01 referral.converted amount=100
        2025-03-10 departure.declared reason=price
        """,
        """
        2024-01-01 contact
        2024-01-02 acquire
        2024-01-10 retain
        2024-03-01 loyalty
        2025-03-01+ retain, silently
        2025-03-10 acquire
        """,
        "referral",
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_callers_history_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [story for story in STORIES if story.lifecycle == key]
    seen = {line.split()[1].rstrip(",") for story in told for line in story.expected()}
    assert seen == set(library_of(told[0].pack).lifecycles[key].check)
