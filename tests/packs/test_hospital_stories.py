"""Patients and medical staff: each stage, walked through by small histories."""

from __future__ import annotations

import pytest

from tests.packs.histories import Story, library_of, walk

STORIES = [
    Story(
        "hospital",
        "patients",  # D-1: recovery, health management, three ways of loss, and return
        """
        2021-01-05 content.viewed content=health-talk
        2021-01-20 appointment.booked department=eyes
        2021-01-25 visit.attended department=eyes
        2021-02-01 treatment.started episode_id=E1
        2021-02-10 treatment.given episode_id=E1 treatment=laser
        2021-03-01 treatment.ended episode_id=E1 result=recovered
        2021-04-01 followup.made channel=phone
        2021-09-10 checkup.done package=yearly
        2021-12-01 followup.made channel=phone result=unreachable   # reached nobody: no care
        2022-10-01 visit.attended department=eyes
        2022-10-20 treatment.started episode_id=E2
        2022-11-01 treatment.given episode_id=E2 treatment=laser    # and the course breaks off
        2023-06-01 visit.attended department=eyes
        2023-06-15 treatment.ended episode_id=E2
        2023-07-01 health_plan.started plan=eyes
        2023-08-01 followup.made channel=phone result=well
        2023-12-01 health_plan.ended plan=eyes
        2024-01-10 appointment.booked department=eyes
        2024-01-15 appointment.missed department=eyes
        2024-05-01 followup.made channel=phone
        """,
        """
        2021-01-05 aware
        2021-01-25 first_visit
        2021-02-01 in_treatment
        2021-03-01 recovery_followup
        2021-08-28+ health_management, silently
        2022-09-10+ lost_to_followup, silently
        2022-10-01 health_management
        2022-10-20 in_treatment
        2023-04-30+ lost_to_followup, silently
        2023-06-01 in_treatment
        2023-06-15 recovery_followup
        2023-07-01 health_management
        2023-12-01 recovery_followup
        2023-12-12+ health_management, silently
        2024-04-14+ lost_to_followup, silently
        2024-05-01 health_management
        2025-05-01+ lost_to_followup, silently
        """,
    ),
    Story(
        "hospital",
        "patients",  # D-1 on dated treatments alone, as in BPI 2011
        """
        2005-01-03 treatment.given treatment=consult
        2005-01-03 treatment.given treatment=tariff
        2005-01-24 treatment.given treatment=radiotherapy
        2005-02-10 treatment.given treatment=radiotherapy
        2005-09-01 treatment.given treatment=laboratory
        """,
        """
        2005-01-03 first_visit
        2005-01-24 in_treatment
        2005-04-11+ recovery_followup, silently
        2005-09-01 in_treatment
        2005-10-31+ recovery_followup, silently
        2006-09-01+ lost_to_followup, silently
        """,
        "treatments",
    ),
    Story(
        "hospital",
        "patients",  # D-1 without any treatment: a regular visitor, every eight months
        """
        2020-01-01 visit.attended department=teeth
        2020-09-01 visit.attended department=teeth
        2021-05-01 visit.attended department=teeth
        """,
        """
        2020-01-01 first_visit
        2021-05-01 health_management
        2022-05-01+ lost_to_followup, silently
        """,
        "visits",
    ),
    Story(
        "hospital",
        "medical_staff",  # D-2: unmet needs, long service, resignation withdrawn, rehired
        """
        2020-01-01 staff.hired department=ICU job_title=nurse
        2020-01-10 onboarding.started department=ICU
        2020-03-01 onboarding.completed score=90
        2020-06-01 training.requested topic=ventilation
        2020-09-10 training.completed topic=ventilation hours=16
        2021-05-01 satisfaction.rated score=2
        2021-06-01 satisfaction.rated score=4
        2022-02-01 training.completed topic=teaching hours=8
        2022-11-01 training.completed topic=research hours=8
        2023-06-01 staff.promoted job_title=head_nurse
        2023-08-01 staff.resigned reason=family
        2023-08-10 resignation.withdrawn
        2025-07-01 staff.left reason=pay
        2026-01-01 staff.hired department=ICU job_title=head_nurse
        """,
        """
        2020-01-01 joined
        2020-01-10 onboarding
        2020-03-01 growing
        2020-08-30+ at_risk, silently
        2020-09-10 growing
        2021-05-01 at_risk
        2021-06-01 growing
        2022-12-31 core, silently
        2023-08-01 at_risk
        2023-08-10 core
        2025-05-31+ at_risk, silently
        2025-07-01 left
        2026-01-01 joined
        2026-06-30+ growing, silently
        2028-01-01+ at_risk, silently
        """,
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_history_with_the_hospital_walks_through_the_stages(story: Story) -> None:
    assert walk(story) == story.expected()


@pytest.mark.parametrize("key", sorted({story.lifecycle for story in STORIES}))
def test_no_stage_is_left_out(key: str) -> None:
    told = [story for story in STORIES if story.lifecycle == key]
    seen = {line.split()[1].rstrip(",") for story in told for line in story.expected()}
    assert seen == set(library_of(told[0].pack).lifecycles[key].check)
