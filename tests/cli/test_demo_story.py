"""The demo tells the truth about a customer only where the events show it."""

from __future__ import annotations

import pytest

from tenure.cli.demo.story import shows_in_events
from tenure.clock import DAY_US

_NEVER = -1


@pytest.mark.parametrize(
    ("days", "left", "returned", "shown"),
    [
        ([10, 90, 301, 350], 100, 300, True),
        ([10, 90, 350], 100, 300, False),  # nobody sees the return
        ([10, 90, 150, 301], 100, 300, False),  # busy while away
        ([10, 90], 100, _NEVER, True),
        ([10, 90, 380], 100, _NEVER, False),
        ([10, 90, 380], 375, _NEVER, False),  # too short to be seen
        ([10, 390], _NEVER, _NEVER, True),
        ([10], _NEVER, _NEVER, False),
    ],
)
def test_the_truth_is_told_where_it_shows(
    days: list[int], left: int, returned: int, shown: bool
) -> None:
    def moment(day: int) -> int:
        return day if day == _NEVER else day * DAY_US

    told = shows_in_events(
        [moment(day) for day in days],
        left_us=moment(left),
        returned_us=moment(returned),
        now_us=moment(400),
    )
    assert told is shown
