"""The first general lifecycles, each walked through every stage by one small history."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "general",
        "six_stages",  # M-01: regress from an intention, churn, back to use before loyalty
        """
        2024-01-05 touch.recorded channel=ads
        2024-01-20 content.viewed content=case
        2024-02-01 purchase.decided
        2024-03-10 order.placed order_id=A1 amount=100 category=shoes
        2024-03-20 product.used product=boots
        2024-05-01 order.placed order_id=A2 amount=80
        2025-01-15 order.placed order_id=A3 amount=90
        2025-02-20 order.placed order_id=A4 amount=90
        2025-03-01 departure.declared reason=moved
        """,
        """
        2024-01-05 awareness
        2024-01-20 consideration
        2024-02-01 purchase
        2024-03-02+ consideration, silently
        2024-03-10 purchase
        2024-03-17 use, silently
        2024-05-01 loyalty
        2024-10-28+ churn, silently
        2025-01-15 use
        2025-02-20 loyalty
        2025-03-01 churn
        """,
    ),
    Story(
        "general",
        "seven_stages",  # M-02: loyalty needs satisfaction, and is lost with it
        """
        2024-01-05 touch.recorded channel=social
        2024-01-10 site.visited channel=web
        2024-01-20 product.compared category=phones
        2024-01-25 purchase.decided
        2024-02-01 order.placed order_id=A1 amount=3000
        2024-02-05 order.delivered order_id=A1
        2024-02-20 satisfaction.rated score=5
        2024-03-10 referral.made
        2024-04-01 satisfaction.rated score=2
        2024-05-01 satisfaction.rated score=4
        2024-09-01 product.used
        2024-09-10 product.used
        """,
        """
        2024-01-05 awareness
        2024-01-10 interest
        2024-01-20 consideration
        2024-01-25 purchase
        2024-02-05 use
        2024-03-10 loyalty
        2024-04-01 use
        2024-05-01 loyalty
        2024-07-30+ leave, silently
        2024-09-01 use
        2024-09-10 loyalty
        2025-03-09+ leave, silently
        """,
    ),
    Story(
        "general",
        "book_path",  # M-04: first record of each step, a cancelled deal, loyalty that lapses
        """
        2024-01-02 lead.created channel=event
        2024-01-10 call.made direction=outbound
        2024-01-15 need.recorded category=insurance
        2024-02-01 order.placed order_id=A1 amount=500
        2024-02-10 order.cancelled order_id=A1 amount=500
        2024-02-20 order.placed order_id=A2 amount=500
        2024-05-01 order.placed order_id=A3 amount=500
        2024-06-01 order.placed order_id=A4 amount=500
        2025-01-10 order.placed order_id=A5 amount=500
        """,
        """
        2024-01-02 identified
        2024-01-10 first_contact
        2024-01-15 deep_communication
        2024-02-01 deal
        2024-02-10 deep_communication
        2024-02-20 deal
        2024-03-02 maintain, silently
        2024-06-01 loyal
        2024-11-28+ maintain, silently
        2025-01-10 loyal
        2025-07-09+ maintain, silently
        """,
    ),
    Story(
        "general",
        "book_four_stages",  # M-05: an assessment taken back, unhappiness, a slower rhythm
        """
        2024-01-01 lead.created
        2024-01-10 lead.assessed is_target=false willingness=40 spending_power=60 product_fit=50
        2024-01-20 lead.assessed is_target=true willingness=80 spending_power=70 product_fit=60
        2024-01-25 lead.assessed is_target=false willingness=20 spending_power=30 product_fit=40
        2024-01-30 lead.assessed is_target=false willingness=60 spending_power=60 product_fit=60
        2024-02-01 order.placed amount=200
        2024-04-01 order.placed amount=200
        2024-06-01 order.placed amount=200
        2024-08-01 order.placed amount=200
        2024-08-20 complaint.opened ticket_id=T1
        2024-08-25 complaint.resolved ticket_id=T1
        2024-12-20 order.placed amount=200
        """,
        """
        2024-01-01 identify_assess
        2024-01-20 activate_convert
        2024-01-25 identify_assess
        2024-01-30 activate_convert
        2024-02-01 maintain_raise
        2024-08-01 cultivate_loyal
        2024-08-20 maintain_raise
        2024-08-25 cultivate_loyal
        2024-12-01+ maintain_raise, silently
        2024-12-20 cultivate_loyal
        2025-04-01 maintain_raise, silently   # the order of 2024-04-01 leaves the year
        """,
    ),
    Story(
        "general",
        "book_stage_strategies",  # M-06: decline needs both frequencies; our calls do not end it
        """
        2024-01-03 touch.recorded channel=ads
        2024-01-15 trial.started product=app
        2024-02-01 purchase.decided
        2024-02-03 order.placed order_id=A1 amount=100
        2024-02-05 order.paid order_id=A1 amount=100
        2024-03-04 order.placed order_id=A2 amount=100
        2024-03-10 message.opened
        2024-03-20 message.opened
        2024-04-03 order.placed order_id=A3 amount=100
        2024-04-10 message.opened
        2024-05-30 message.opened                # orders are late from 2024-06-02 on
        2024-09-01 call.made direction=outbound
        2024-09-15 order.placed order_id=A4 amount=100
        2024-10-10 order.placed order_id=A5 amount=100
        """,
        """
        2024-01-03 potential
        2024-01-15 contact
        2024-02-01 purchase
        2024-02-05 maintain
        2024-04-03 loyal
        2024-08-09+ decline, silently
        2024-09-15 maintain
        2024-10-10 loyal
        2024-12-09+ decline, silently
        """,
    ),
    Story(
        "general",
        "crm_value_chain",  # M-08: twice out of the public pool, a lost and a won deal
        """
        2024-01-02 lead.created channel=exhibition
        2024-01-05 lead.released reason=no_intent
        2024-03-01 lead.claimed owner=li
        2024-03-05 opportunity.opened opportunity_id=P1 amount=50000
        2024-03-08 message.opened
        2024-03-12 call.made direction=outbound
        2024-03-20 quote.sent opportunity_id=P1 amount=48000
        2024-04-10 opportunity.lost opportunity_id=P1 reason=price
        2024-06-01 opportunity.opened opportunity_id=P2 amount=60000
        2024-06-03 visit.made purpose=demo
        2024-06-10 quote.sent opportunity_id=P2 amount=60000
        2024-06-20 opportunity.won opportunity_id=P2 amount=60000
        2024-12-01 lead.released reason=inactive
        2025-02-01 enquiry.made channel=phone
        """,
        """
        2024-01-02 lead_acquisition
        2024-01-05 public_pool
        2024-03-01 lead_acquisition
        2024-03-05 opportunity_management
        2024-03-08 social_marketing
        2024-03-12 smart_follow_up
        2024-03-20 sales_management
        2024-04-10 lead_acquisition
        2024-06-01 opportunity_management
        2024-06-03 smart_follow_up
        2024-06-10 sales_management
        2024-06-20 team_building
        2024-07-20 customer_operation, silently
        2024-12-01 public_pool
        2025-02-01 customer_operation
        """,
    ),
    Story(
        "general",
        "clm_template",  # M-12
        """
        2024-01-01 touch.recorded channel=ads
        2024-01-05 membership.joined tier=basic
        2024-01-10 order.placed amount=100
        2024-02-10 order.placed amount=100
        2024-04-10 order.placed amount=100
        2024-05-01 satisfaction.rated score=2
        2024-05-20 satisfaction.rated score=5
        2024-08-01 order.placed amount=100
        """,
        """
        2024-01-01 reach
        2024-01-05 acquire
        2024-01-10 develop
        2024-04-10 keep
        2024-05-01 develop
        2024-05-20 keep
        2024-07-10+ develop, silently
        2024-08-01 keep
        2024-11-29+ develop, silently
        """,
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_history_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_no_stage_is_left_out(story: Story) -> None:
    seen = {line.split()[1].rstrip(",") for line in story.expected()}
    assert seen == set(library_of(story.pack).lifecycles[story.lifecycle].check)
