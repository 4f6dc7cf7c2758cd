"""Borrowers: each stage of a personal loan, walked through by small histories."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "personal_loan",
        "personal_loans",  # M-03: cancelled, declined, arrears, repeat loan, return, departure
        """
        2022-01-01 ad.clicked channel=search
        2022-01-10 enquiry.made channel=phone
        2022-05-01 loan.applied loan_id=L1 amount=30000
        2022-05-03 loan.accepted loan_id=L1
        2022-05-05 loan.offered loan_id=L1 amount=30000 yearly_rate=6.5 term_months=12
        2022-05-10 loan.cancelled loan_id=L1 reason=rate
        2022-06-01 enquiry.made channel=web
        2022-06-10 loan.applied loan_id=L2 amount=50000
        2022-06-15 loan.declined loan_id=L2 reason=score
        2022-09-01 loan.applied loan_id=L3 amount=20000
        2022-09-08 loan.approved loan_id=L3
        2022-09-10 loan.disbursed loan_id=L3 amount=20000 term_months=2
        2022-10-10 instalment.billed loan_id=L3 number=1 amount=10100
        2022-10-12 instalment.paid loan_id=L3 number=1 amount=10100
        2022-11-10 instalment.billed loan_id=L3 number=2 amount=10100
        2022-12-20 instalment.paid loan_id=L3 number=2 amount=10100   # late, but still in use
        2023-03-01 loan.settled loan_id=L3
        2023-06-01 loan.applied loan_id=L4 amount=60000               # renews before leaving
        2023-06-10 loan.disbursed loan_id=L4 amount=60000 term_months=12
        2023-07-10 instalment.billed loan_id=L4 number=1 amount=5200  # nobody records a lateness
        2023-08-15 instalment.paid loan_id=L4 number=1 amount=5200
        2023-09-12 instalment.missed loan_id=L4 number=2
        2023-09-20 instalment.paid loan_id=L4 number=2 amount=5200
        2023-11-12 instalment.missed loan_id=L4 number=3
        2023-11-20 instalment.paid loan_id=L4 number=3 amount=5200    # the second slip in a year
        2024-10-01 loan.settled loan_id=L4
        2025-11-01 enquiry.made channel=phone
        2025-12-01 loan.applied loan_id=L5 amount=80000
        2025-12-05 loan.disbursed loan_id=L5 amount=80000 term_months=24
        2026-01-15 departure.declared reason=rate
        """,
        """
        2022-01-01 awareness_interest
        2022-01-10 consideration_purchase
        2022-04-10+ awareness_interest, silently
        2022-05-01 consideration_purchase
        2022-05-10 leave
        2022-06-01 consideration_purchase
        2022-06-15 awareness_interest
        2022-09-01 consideration_purchase
        2022-09-10 use
        2023-03-01 loyalty
        2023-08-09+ use, silently
        2023-08-15 loyalty
        2023-09-12 use
        2023-09-20 loyalty
        2023-11-12 use
        2024-09-11 loyalty, silently
        2025-10-01+ leave, silently
        2025-11-01 consideration_purchase
        2025-12-05 loyalty
        2026-01-15 leave
        """,
    ),
    Story(
        "personal_loan",
        "personal_loans",  # M-03 where only the application is known, as in BPI 2012
        """
        2011-09-30T22:38:44 loan.applied loan_id=173688 amount=20000
        2011-10-01T09:42:43 loan.accepted loan_id=173688
        2011-10-01T09:45:11 loan.offered loan_id=173688
        2011-10-13T08:37:29 loan.approved loan_id=173688
        2011-10-13T08:37:29 loan.disbursed loan_id=173688
        """,
        """
        2011-09-30T22:38:44 consideration_purchase
        2011-10-13T08:37:29 use
        """,
        "application",
    ),
    Story(
        "personal_loan",
        "personal_loans",  # M-03: a year of instalments makes loyal before the loan is repaid
        "2023-01-01 loan.disbursed loan_id=L1 amount=120000 term_months=24\n"
        + "\n".join(
            f"2023-{month:02}-28 instalment.paid loan_id=L1 number={month} amount=5000"
            for month in range(1, 13)
        ),
        """
        2023-01-01 use
        2023-12-28 loyalty
        """,
        "instalments",
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_borrowers_history_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [story for story in STORIES if story.lifecycle == key]
    seen = {line.split()[1].rstrip(",") for story in told for line in story.expected()}
    assert seen == set(library_of(told[0].pack).lifecycles[key].check)
