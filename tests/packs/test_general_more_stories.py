"""The other general lifecycles, each walked through every stage by one small history."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "general",
        "crm_four_stages",  # M-15: cooperation starts and ends; a contract is business
        """
        2024-01-01 ad.clicked channel=search
        2024-01-10 enquiry.made channel=web
        2024-01-20 contract.signed contract_id=K1 amount=90000 term_months=12
        2024-03-01 cooperation.started kind_of_cooperation=joint_research
        2024-09-01 cooperation.ended kind_of_cooperation=joint_research
        2024-12-31 contract.ended contract_id=K1
        2025-02-01 contract.signed contract_id=K2 amount=90000 term_months=12
        2025-02-10 tier.assigned tier=key
        2025-03-01 complaint.opened ticket_id=T1
        2025-03-10 departure.declared reason=service
        2025-06-01 contract.renewed contract_id=K2 amount=90000 term_months=12
        2025-06-10 complaint.resolved ticket_id=T1
        """,
        """
        2024-01-01 introduce
        2024-01-10 build
        2024-01-20 maintain
        2024-03-01 deepen
        2024-09-01 maintain
        2024-12-31 build
        2025-02-01 maintain
        2025-02-10 deepen
        2025-03-01 maintain
        2025-03-10 build
        2025-06-01 maintain
        2025-06-10 deepen
        """,
    ),
    Story(
        "general",
        "five_processes",  # M-17: recovered twice, once after silence and once after a farewell
        """
        2024-01-01 lead.created
        2024-01-10 lead.assessed is_target=true
        2024-02-01 order.placed amount=100
        2024-03-01 order.placed amount=100
        2024-04-01 order.placed amount=100
        2024-05-01 order.placed amount=100
        2024-06-01 order.placed amount=100
        2024-07-01 order.placed amount=100
        2025-02-01 order.placed amount=100
        2025-02-10 departure.declared reason=price
        2025-03-01 order.placed amount=100
        """,
        """
        2024-01-01 identify
        2024-01-10 develop
        2024-02-01 maintain
        2024-07-30 discover, silently
        2024-12-28+ recover, silently
        2025-02-01 discover
        2025-02-10 recover
        2025-03-01 discover
        2025-08-28+ recover, silently
        """,
    ),
    Story(
        "general",
        "five_processes",  # M-17: the late lifecycle shows as decline before 180 days have passed
        """
        2024-02-01 order.placed amount=100
        2024-03-02 order.placed amount=100
        """,
        """
        2024-02-01 maintain
        2024-05-01+ discover, silently
        2024-08-29+ recover, silently
        """,
        "late",
    ),
    Story(
        "general",
        "platform_four_areas",  # M-19: a rating ages
        """
        2024-01-01 touch.recorded channel=social
        2024-01-15 order.placed amount=100
        2024-02-05 satisfaction.rated score=5
        2024-03-01 complaint.opened ticket_id=T1
        2024-03-05 complaint.resolved ticket_id=T1
        2025-03-01 satisfaction.rated score=4
        """,
        """
        2024-01-01 acquire
        2024-01-15 develop
        2024-01-29 satisfaction, silently
        2024-02-05 keep
        2024-03-01 satisfaction
        2024-03-05 keep
        2025-02-04+ satisfaction, silently
        2025-03-01 keep
        2026-03-01+ satisfaction, silently
        """,
    ),
    Story(
        "general",
        "academic_five_types",  # M-21: won back is a stage of its own and leads to active
        """
        2023-01-01 touch.recorded channel=ads
        2023-01-10 order.placed amount=100
        2023-02-10 order.placed amount=100
        2023-10-01 order.placed amount=100
        2023-11-01 order.placed amount=100
        2024-06-01 order.placed amount=100
        """,
        """
        2023-01-01 potential
        2023-01-10 first_time
        2023-02-10 active
        2023-08-09+ lost, silently
        2023-10-01 won_back
        2023-11-01 active
        2024-04-29+ lost, silently
        2024-06-01 won_back
        2024-11-28+ lost, silently
        """,
    ),
    Story(
        "general",
        "academic_five_types",  # M-21: a cancelled order is no purchase
        """
        2024-01-10 order.placed order_id=A1 amount=100
        2024-01-12 order.cancelled order_id=A1 amount=100
        """,
        """
        2024-01-10 first_time
        2024-01-12 potential
        """,
        "cancelled",
    ),
    Story(
        "general",
        "marketing_six_stages",  # M-22: loyal by time, lost, loyal again, fewer orders in a year
        """
        2024-01-01 touch.recorded channel=ads
        2024-01-08 site.visited channel=search
        2024-01-15 order.placed amount=100
        2024-02-14 order.placed amount=100
        2024-03-15 order.placed amount=100
        2024-04-14 order.placed amount=100
        2024-05-14 order.placed amount=100
        2024-12-01 order.placed amount=100
        """,
        """
        2024-01-01 potential
        2024-01-08 traffic
        2024-01-15 conversion
        2024-02-14 active
        2024-07-13 loyal, silently
        2024-11-10+ lost, silently
        2024-12-01 loyal
        2025-02-13 active, silently
        2025-05-30+ lost, silently
        """,
    ),
    Story(
        "general",
        "marketing_three_fronts",  # M-23: only a key customer is rescued
        """
        2024-01-01 lead.created
        2024-01-10 order.placed order_id=A1 amount=30000
        2024-02-01 call.made direction=inbound
        2024-02-09 order.placed order_id=A2 amount=30000
        2024-02-11 call.made direction=inbound
        2024-02-21 call.made direction=inbound
        2024-04-20 order.placed order_id=A3 amount=10000
        2024-05-01 complaint.opened ticket_id=T1
        2024-05-03 complaint.resolved ticket_id=T1
        2024-08-15 order.refunded order_id=A2 amount=50000
        """,
        """
        2024-01-01 traffic
        2024-01-10 retention
        2024-04-09+ key_rescue, silently
        2024-04-20 retention
        2024-05-01 key_rescue
        2024-05-03 retention
        2024-07-30+ key_rescue, silently
        2024-08-15 retention
        """,
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_history_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [line for story in STORIES if story.lifecycle == key for line in story.expected()]
    seen = {line.split()[1].rstrip(",") for line in told}
    assert seen == set(library_of("general").lifecycles[key].check)
