"""E-commerce, relationship theory, car owners and suppliers, each walked through every stage."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "ecommerce",
        "ecommerce_five_groups",  # M-07
        """
        2023-01-01 site.visited channel=app
        2023-01-10 order.placed amount=100
        2023-02-09 order.placed amount=100
        2023-03-11 order.placed amount=100
        2023-04-10 order.placed amount=100
        2023-05-10 order.placed amount=100
        2023-06-09 order.placed amount=100
        2024-01-05 order.placed amount=100
        """,
        """
        2023-01-01 potential
        2023-01-10 new
        2023-02-09 active
        2023-07-09 loyal, silently
        2023-12-06+ lost, silently
        2024-01-05 loyal
        2024-02-09 active, silently      # five orders are left in the year
        2024-07-03+ lost, silently
        """,
    ),
    Story(
        "ecommerce",
        "ecommerce_five_periods",  # M-09: shift of interest, and decline on both frequencies
        """
        2023-01-05 product.viewed category=shoes
        2023-01-10 order.placed amount=100 category=shoes
        2023-02-09 order.placed amount=100 category=shoes
        2023-03-11 order.placed amount=100 category=shoes
        2023-04-10 order.placed amount=100 category=shoes   # many, but no shift of interest
        2023-05-10 order.placed amount=100 category=bags
        2023-06-09 order.placed amount=100 category=shoes   # interest goes back
        2023-07-01 message.opened
        2023-07-09 order.placed amount=100 category=hats
        2023-07-11 message.opened
        2023-07-21 message.opened
        2023-07-31 message.opened
        2023-09-01 message.opened                # orders are late from 2023-09-07 on
        2023-10-01 message.opened                # interaction recovers
        2023-11-20 call.made direction=outbound purpose=investigation
        2023-12-01 order.placed amount=100 category=bags
        2024-08-01 order.placed amount=100 category=hats
        """,
        """
        2023-01-05 potential
        2023-01-10 new
        2023-05-10 mature
        2023-06-09 new
        2023-07-09 mature
        2023-09-21+ degenerating, silently
        2023-10-01 mature
        2023-11-10+ degenerating, silently
        2023-12-01 mature
        2024-01-30+ degenerating, silently
        2024-05-29+ lost, silently
        2024-08-01 mature
        2024-09-30+ degenerating, silently
        2025-01-28+ lost, silently
        """,
    ),
    Story(
        "ecommerce",
        "ecommerce_five_periods",  # M-09: the customer's own past counts, not a fixed limit
        """
        2020-01-01 order.placed amount=100 category=seeds
        2020-12-31 order.placed amount=100 category=seeds
        2021-12-31 order.placed amount=100 category=seeds
        """,
        """
        2020-01-01 new
        2020-06-29+ lost, silently       # one order alone tells of no rhythm
        2020-12-31 new
        2023-12-31+ degenerating, silently
        2024-12-30+ lost, silently
        """,
        "yearly",
    ),
    Story(
        "ecommerce",
        "ecommerce_advocacy_path",  # M-10
        """
        2024-01-01 ad.clicked channel=social
        2024-01-03 cart.updated category=shoes
        2024-01-10 order.placed amount=100
        2024-02-10 order.placed amount=100
        2024-03-10 order.placed amount=100
        2024-04-01 referral.made
        2024-04-15 referral.converted amount=90
        2024-05-01 review.posted score=5
        2024-05-20 review.posted score=5
        2025-06-01 order.placed amount=100
        """,
        """
        2024-01-01 first_contact
        2024-01-03 conversion
        2024-01-10 purchase
        2024-03-10 loyalty
        2024-04-15 referral
        2024-05-20 advocate
        2025-05-20+ purchase, silently
        2025-06-01 loyalty
        2025-11-28+ purchase, silently
        """,
    ),
    Story(
        "relationship",
        "relationship_four_periods",  # M-20: income above cost, share of business, falling volume
        """
        2022-01-01 visit.made purpose=research
        2022-01-05 cost.incurred amount=5000 kind_of_cost=acquisition
        2022-01-10 order.placed amount=1000 is_trial=true
        2022-03-01 order.placed amount=3000
        2022-04-01 order.placed amount=4000      # 8000 earned, 5000 spent
        2022-05-01 commitment.made party_side=customer term_months=24
        2022-05-10 investment.made party_side=us amount=2000
        2022-05-20 investment.made party_side=customer amount=2000
        2022-06-01 order.placed amount=5000
        2022-06-15 wallet.estimated amount=40000 # our share is a third
        2022-07-01 order.placed amount=10000     # and now more than half
        2022-08-01 alternative.sought competitor=rival
        2022-08-15 order.placed amount=10000
        2023-01-20 order.placed amount=2000
        """,
        """
        2022-01-01 exploration
        2022-04-01 formation
        2022-05-20 stability
        2022-06-15 formation
        2022-07-01 stability
        2022-08-01 degeneration
        2022-10-30+ stability, silently          # 90 days after the alternative: repaired
        2022-11-13+ degeneration, silently       # no order for twice the own gap
        2023-01-20 stability
        2023-02-11 degeneration, silently        # half-year volume below half of the one before
        """,
    ),
    Story(
        "relationship",
        "relationship_four_periods",  # M-20: degeneration may start from exploration
        """
        2024-01-01 enquiry.made channel=web
        2024-08-01 enquiry.made channel=web
        """,
        """
        2024-01-01 exploration
        2024-06-29+ degeneration, silently
        2024-08-01 exploration
        2025-01-28+ degeneration, silently
        """,
        "early",
    ),
    Story(
        "automotive",
        "car_owner",  # D-5: a cancelled order, a referral, both habits fading, a new vehicle
        """
        2022-01-01 lead.created channel=event
        2022-01-10 test_drive.completed product=ES
        2022-01-15 vehicle.ordered order_id=V1 product=ES amount=300000
        2022-01-20 vehicle_order.cancelled order_id=V1
        2022-02-01 vehicle.ordered order_id=V2 product=ES amount=310000
        2022-03-01 vehicle.delivered order_id=V2
        2022-04-10 owner_app.opened
        2022-04-20 owner_app.opened
        2022-04-30 owner_app.opened
        2022-06-01 referral.converted amount=300000
        2022-07-01 complaint.opened ticket_id=T1
        2022-07-05 complaint.resolved ticket_id=T1
        2022-08-28 vehicle.serviced topic=maintenance amount=500 mileage_km=9000
        2023-02-24 vehicle.serviced topic=maintenance amount=500 mileage_km=18000
        2024-01-10 vehicle.disposed order_id=V2 reason=sold
        2024-05-01 vehicle.ordered order_id=V3 product=ET amount=320000
        2024-06-01 vehicle.delivered order_id=V3
        """,
        """
        2022-01-01 lead
        2022-01-10 test_drive
        2022-01-15 order
        2022-01-20 test_drive
        2022-02-01 order
        2022-03-01 delivered
        2022-03-31+ in_use, silently
        2022-06-01 repurchase_referral
        2022-07-01 at_risk
        2022-07-05 repurchase_referral
        2023-06-01+ in_use, silently
        2023-11-21+ at_risk, silently
        2024-01-10 lost
        2024-05-01 repurchase_referral
        2025-02-26+ at_risk, silently
        2026-06-01+ lost, silently
        """,
    ),
    Story(
        "manufacturing",
        "supplier",  # D-3: late goods, failed audit, ended only when nothing is owed, re-entry
        """
        2022-01-01 supplier.registered category=steel
        2022-01-10 supplier.audited result=passed score=88
        2022-02-01 purchase_order.placed order_id=S1 amount=10000 is_trial=true
        2022-03-01 purchase_order.placed order_id=S2 amount=20000
        2022-05-01 purchase_order.placed order_id=S3 amount=20000
        2022-06-01 contract.signed contract_id=K1 term_months=24
        2022-07-01 purchase_order.placed order_id=S4 amount=20000
        2022-09-01 purchase_order.placed order_id=S5 amount=20000
        2022-11-01 purchase_order.placed order_id=S6 amount=20000
        2022-12-01 supplier.evaluated score=90
        2023-01-01 purchase_order.placed order_id=S7 amount=20000
        2023-03-01 purchase_order.placed order_id=S8 amount=20000
        2023-03-05 goods.received order_id=S8 quantity=100 defect_quantity=1 is_on_time=true
        2023-03-10 goods.received order_id=S8 quantity=100 defect_quantity=0 is_on_time=false
        2023-03-15 goods.received order_id=S8 quantity=100 defect_quantity=0 is_on_time=true
        2023-05-01 purchase_order.placed order_id=S9 amount=20000
        2023-07-01 purchase_order.placed order_id=S10 amount=20000
        2023-09-05 purchase_order.placed order_id=S11 amount=20000
        2023-10-01 supplier.audited result=failed score=40
        2023-10-20 supplier.audited result=passed score=80
        2023-11-01 debt.recorded amount=50000 owed_by=us
        2023-12-01 supply.ended reason=relocation
        2023-12-10 contract.ended contract_id=K1
        2023-12-20 debt.settled amount=50000 owed_by=us
        2024-06-01 supplier.registered category=steel
        2024-06-20 purchase_order.placed order_id=S12 amount=20000
        """,
        """
        2022-01-01 candidate
        2022-01-10 qualified
        2022-02-01 trial
        2022-03-01 cooperating
        2023-02-01 strategic, silently
        2023-03-15 watch                 # one of three receipts is late
        2023-09-01 strategic, silently   # it is no longer one of three in 180 days
        2023-10-01 watch
        2023-10-20 strategic
        2023-12-01 watch                 # an end is declared while money is owed
        2023-12-20 ended
        2024-06-01 watch
        2024-06-20 cooperating
        2024-12-20+ watch, silently
        """,
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_history_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [story for story in STORIES if story.lifecycle == key]
    seen = {line.split()[1].rstrip(",") for story in told for line in story.expected()}
    assert seen == set(library_of(told[0].pack).lifecycles[key].check)
