"""Business customers: the macro lifecycle and the complex sale, walked through every stage."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "b2b",
        "b2b_macro",  # M-13: a lost opportunity, delivery, repurchase, silence, return
        """
        2022-01-01 lead.created channel=event
        2022-01-05 touch.recorded channel=email      # we spoke; nobody answered
        2022-01-20 call.made direction=outbound
        2022-02-10 opportunity.opened opportunity_id=O1
        2022-03-15 opportunity.lost opportunity_id=O1 reason=price
        2022-05-01 opportunity.opened opportunity_id=O2
        2022-06-01 opportunity.won opportunity_id=O2 amount=180000
        2022-06-05 contract.signed contract_id=C2 amount=180000
        2022-06-05 order.placed order_id=C2 amount=180000      # one deal, told three times
        2022-08-01 order.delivered order_id=C2
        2022-09-01 product.used product=controller
        2022-12-01 opportunity.opened opportunity_id=O3        # found by service
        2023-01-15 opportunity.won opportunity_id=O3 amount=60000
        2023-01-20 contract.signed contract_id=C3 amount=60000
        2023-03-01 product.used product=controller
        2024-02-01 contract.ended contract_id=C2
        2024-02-01 contract.ended contract_id=C3
        2025-06-01 opportunity.opened opportunity_id=O4
        2025-07-01 opportunity.won opportunity_id=O4 amount=90000
        """,
        """
        2022-01-01 never_contacted
        2022-01-20 first_contact
        2022-02-10 opportunity_customer
        2022-03-15 first_contact
        2022-05-01 opportunity_customer
        2022-06-01 signed_customer
        2022-08-01 end_user
        2023-01-15 repurchase
        2024-01-20+ end_user, silently
        2025-02-28+ first_contact, silently
        2025-06-01 opportunity_customer
        2025-07-01 repurchase
        2026-07-01+ end_user, silently
        2027-07-01+ first_contact, silently
        """,
    ),
    Story(
        "b2b",
        "b2b_macro",  # M-13 where a CRM knows opportunities alone: use is not guessed
        """
        2016-10-20 opportunity.opened opportunity_id=1C1I7A6R product=GTX-Plus-Basic
        2016-11-01 opportunity.opened opportunity_id=Z063OYW0 product=GTX-Pro
        2017-03-01 opportunity.won opportunity_id=1C1I7A6R amount=1054
        2017-03-11 opportunity.won opportunity_id=Z063OYW0 amount=4514
        2017-06-01 departure.declared reason=price
        2017-09-01 opportunity.opened opportunity_id=MV1LWRNH
        2017-10-01 opportunity.won opportunity_id=MV1LWRNH amount=550
        """,
        """
        2016-10-20 opportunity_customer
        2017-03-01 signed_customer
        2017-03-11 repurchase
        2017-06-01 first_contact
        2017-09-01 opportunity_customer
        2017-10-01 repurchase
        2018-10-01+ signed_customer, silently
        2019-10-01+ first_contact, silently
        """,
        "opportunities",
    ),
    Story(
        "b2b",
        "complex_sale",  # M-14: a step back, a loss, a failed acceptance, a lost second project
        """
        2023-01-05 lead.created channel=event
        2023-01-10 opportunity.opened opportunity_id=O1
        2023-02-01 opportunity.advanced opportunity_id=O1 sales_step=project_assessment
        2023-02-20 opportunity.advanced opportunity_id=O1 sales_step=requirement_analysis
        2023-03-10 opportunity.advanced opportunity_id=O1 sales_step=solution_design
        2023-03-20 opportunity.advanced opportunity_id=O1 sales_step=requirement_analysis
        2023-04-01 opportunity.advanced opportunity_id=O1 sales_step=solution_design
        2023-04-20 opportunity.advanced opportunity_id=O1 sales_step=bidding
        2023-05-10 opportunity.lost opportunity_id=O1 reason=price competitor=rival
        2023-09-01 opportunity.opened opportunity_id=O2
        2023-10-01 opportunity.advanced opportunity_id=O2 sales_step=招投标     # steps skipped
        2023-10-20 opportunity.advanced opportunity_id=O2 sales_step=business_negotiation
        2023-11-01 opportunity.won opportunity_id=O2 amount=900000
        2023-11-05 contract.signed contract_id=C2 amount=900000
        2023-12-01 installation.started contract_id=C2
        2024-01-15 system.accepted contract_id=C2 result=failed
        2024-02-01 system.accepted contract_id=C2 result=passed
        2024-06-01 opportunity.opened opportunity_id=O3              # found by service
        2024-07-01 opportunity.advanced opportunity_id=O3 sales_step=solution_design
        2024-08-01 opportunity.lost opportunity_id=O3 reason=budget
        2024-11-05 contract.ended contract_id=C2                     # only the loss remains
        2025-01-10 opportunity.opened opportunity_id=O4
        """,
        """
        2023-01-05 initial_communication
        2023-02-01 project_assessment
        2023-02-20 requirement_analysis
        2023-03-10 solution_design
        2023-03-20 requirement_analysis
        2023-04-01 solution_design
        2023-04-20 bidding
        2023-05-10 lost
        2023-09-01 initial_communication
        2023-10-01 bidding
        2023-10-20 business_negotiation
        2023-11-01 contract_signing
        2023-12-01 installation
        2024-02-01 later_service
        2024-06-01 initial_communication
        2024-07-01 solution_design
        2024-08-01 later_service
        2024-11-05 lost
        2025-01-10 initial_communication
        """,
    ),
    Story(
        "b2b",
        "complex_sale",  # M-14 where a CRM knows opportunities alone, several at a time
        """
        2017-01-01 opportunity.opened opportunity_id=A
        2017-02-01 opportunity.opened opportunity_id=B
        2017-03-01 opportunity.lost opportunity_id=A       # the other one is still open
        2017-03-11 opportunity.won opportunity_id=B amount=4514
        2017-05-01 opportunity.opened opportunity_id=C
        2017-06-01 opportunity.lost opportunity_id=C
        2017-06-10 opportunity.opened opportunity_id=D
        """,
        """
        2017-01-01 initial_communication
        2017-03-11 contract_signing
        2017-05-01 initial_communication
        2017-06-01 lost
        2017-06-10 initial_communication
        """,
        "opportunities",
    ),
    Story(
        "b2b",
        "complex_sale",  # M-14: the last stages may be steps too; a signed deal is not lost
        """
        2024-01-01 opportunity.opened opportunity_id=A
        2024-02-01 opportunity.advanced opportunity_id=A sales_step=合同签约
        2024-02-10 opportunity.lost opportunity_id=A
        2024-03-01 opportunity.advanced opportunity_id=A sales_step=系统安装调试
        2024-04-01 opportunity.advanced opportunity_id=A sales_step=后期服务
        """,
        """
        2024-01-01 initial_communication
        2024-02-01 contract_signing
        2024-03-01 installation
        2024-04-01 later_service
        """,
        "steps",
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_business_customers_history_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [story for story in STORIES if story.lifecycle == key]
    seen = {line.split()[1].rstrip(",") for story in told for line in story.expected()}
    assert seen == set(library_of(told[0].pack).lifecycles[key].check)
