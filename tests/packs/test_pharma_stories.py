"""Medical professionals as customers of a pharmaceutical company, through every stage."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "pharma",
        "medical_professionals",  # D-4: recognition falls, sharing ends, use fades and returns
        """
        2022-01-01 professional.identified department=cardiology
        2022-01-10 visit.made purpose=introduction
        2022-02-01 product_training.completed product=alpha score=90 hours=2
        2022-03-01 usage.reported product=alpha quantity=2
        2022-04-01 usage.reported product=alpha quantity=3
        2022-05-01 usage.reported product=alpha quantity=3
        2022-05-15 recognition.rated score=5 product=alpha
        2022-06-01 experience.shared topic=cases channel=event
        2022-06-15 usage.reported product=alpha quantity=4
        2023-02-01 usage.reported product=alpha quantity=1
        2023-03-01 recognition.rated score=3 product=alpha
        2023-03-10 recognition.rated score=4 product=alpha
        2023-04-15 usage.reported product=alpha quantity=2
        """,
        """
        2022-01-01 identified
        2022-01-10 contacted
        2022-02-01 trained
        2022-03-01 trial_use
        2022-05-01 regular_use
        2022-06-01 advocate
        2022-09-13+ trial_use, silently
        2022-12-12+ lapsed, silently
        2023-02-01 advocate
        2023-03-01 regular_use
        2023-03-10 advocate
        2023-06-01+ regular_use, silently
        2023-07-14+ trial_use, silently
        2023-10-12+ lapsed, silently
        """,
    ),
    Story(
        "pharma",
        "medical_professionals",  # D-4: a slow but steady user is neither thin nor lapsed
        """
        2020-01-01 usage.reported product=beta quantity=1
        2020-04-30 usage.reported product=beta quantity=1     # 120 days later
        2020-08-28 usage.reported product=beta quantity=1     # and again
        2020-09-01 adverse_event.reported product=beta topic=rash
        """,
        """
        2020-01-01 trial_use
        2020-08-28 regular_use
        2021-04-25+ trial_use, silently       # twice 120 days
        2021-08-23+ lapsed, silently          # three times
        """,
        "rare",
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_professionals_history_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [story for story in STORIES if story.lifecycle == key]
    seen = {line.split()[1].rstrip(",") for story in told for line in story.expected()}
    assert seen == set(library_of(told[0].pack).lifecycles[key].check)
