"""Bank customers: the service plan and the six periods, walked through every stage."""

from __future__ import annotations

from datetime import date

import pytest

from tests.packs.histories import Story, library_of, walk


def twice_a_month(first: date, last: date, amount: int) -> str:
    """A transaction at ten o'clock on the 1st and the 16th of every month."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = [date(month // 12, month % 12 + 1, day) for month in months for day in (1, 16)]
    return "\n".join(f"{day}T10:00 transaction.made amount={amount}" for day in days)


STORIES = [
    Story(
        "bank",
        "bank_service_plan",  # M-16: potential found and gone, thinner business, opened again
        """
        2023-01-01 touch.recorded channel=ads
        2023-01-10 form.submitted channel=app
        2023-02-01 account.opened account_id=A1 category=current
        2023-03-01 transaction.made amount=1000
        2023-06-15 bank_product.subscribed category=wealth amount=50000
        2023-08-10 transaction.made amount=1000
        2023-08-20 need.recorded category=insurance
        2023-12-01 transaction.made amount=1000
        2024-03-10 account.closed account_id=A1
        2024-06-01 account.opened account_id=A2 category=current
        """,
        """
        2023-01-01 introduce
        2023-02-01 develop_1
        2023-07-31 keep, silently
        2023-08-20 develop_2
        2023-11-08+ develop_1, silently
        2023-12-01 develop_2
        2024-02-16+ keep, silently
        2024-02-29+ develop_1, silently
        2024-03-10 introduce
        2024-06-01 develop_1
        2025-06-01+ introduce, silently
        """,
    ),
    Story(
        "bank",
        "icbc_six_periods",  # M-18: share of wallet, silence, debts, termination, opened again
        """
        2022-01-01 touch.recorded channel=store
        2022-01-05 cost.incurred amount=500 kind_of_cost=acquisition
        2022-02-01T09:00 account.opened account_id=A1 category=current
        2022-04-20 income.earned amount=600               # six transactions, income above cost
        2022-12-01 wallet.estimated amount=30000          # about four fifths is ours
        2023-03-10 wallet.estimated amount=100000
        2023-04-10 wallet.estimated amount=30000
        2023-04-20 complaint.opened ticket_id=T1
        2023-04-25 complaint.resolved ticket_id=T1
        2023-09-01 transaction.made amount=5000           # 12000 in this half-year and in the last
        2023-12-31 balance.recorded amount=3000
        2024-01-10 debt.recorded amount=8000 owed_by=customer
        2024-02-01 account.closed account_id=A1
        2024-02-10 debt.settled amount=8000 owed_by=customer
        2024-02-20 balance.recorded amount=0              # now nothing is owed on either side
        2024-08-01 account.opened account_id=A2 category=current
        """
        + twice_a_month(date(2022, 2, 1), date(2023, 6, 1), 1000),
        """
        2022-01-01 potential
        2022-02-01T09:00:00 development
        2022-04-20 growth
        2023-02-01T09:00:00 maturity, silently
        2023-03-10 growth
        2023-04-10 maturity
        2023-04-20 development
        2023-04-25 maturity
        2023-08-15T10:00:00+ decline, silently            # 60 days of silence, habit is 15
        2023-09-01 maturity
        2023-10-31+ decline, silently
        2024-02-20 termination
        2024-08-01 development
        2024-09-30+ decline, silently
        2025-08-01+ termination, silently
        """,
    ),
    Story(
        "bank",
        "icbc_six_periods",  # M-18: the volume falls though the customer comes as often as ever
        "2020-12-16T10:00 account.opened category=current\n"
        + twice_a_month(date(2021, 1, 1), date(2021, 12, 1), 1000)
        + "\n"
        + twice_a_month(date(2022, 1, 1), date(2022, 12, 1), 10),
        """
        2020-12-16T10:00:00 development
        2022-02-28T10:00:00 decline, silently      # 7040 in 180 days, 13000 in the 185 before
        2023-12-16T10:00:00+ termination, silently
        """,
        "volume",
    ),
    Story(
        "bank",
        "icbc_six_periods",  # M-18: a steady quarterly customer is not declining
        """
        2021-01-01 bank_product.subscribed category=deposit
        2021-01-01 transaction.made amount=1000
        2021-04-01 transaction.made amount=1000
        2021-07-01 transaction.made amount=1000
        2021-10-01 transaction.made amount=1000
        2022-01-01 transaction.made amount=1000
        2022-04-01 transaction.made amount=1000
        2022-07-01 transaction.made amount=1000
        2022-10-01 transaction.made amount=1000
        2023-01-01 transaction.made amount=1000
        2023-04-01 transaction.made amount=1000
        2023-05-01 departure.declared reason=rate competitor=rival
        2023-06-01 transaction.made amount=1000
        """,
        """
        2021-01-01 development
        2023-05-01 decline
        2023-06-01 development
        2024-01-01 decline, silently     # two transactions of a year against four, at 60 percent
        2024-05-31+ termination, silently
        """,
        "quarterly",
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_history_with_the_bank_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [story for story in STORIES if story.lifecycle == key]
    seen = {line.split()[1].rstrip(",") for story in told for line in story.expected()}
    assert seen == set(library_of(told[0].pack).lifecycles[key].check)
