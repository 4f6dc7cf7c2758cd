"""Kaplan-Meier against published figures, a hand count and a simulated truth."""

import numpy as np
import pytest

from tenure.science.survival import kaplan_meier

# Remission in weeks under 6-mercaptopurine (Freireich et al., 1963), the textbook example
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_textbook_example() -> None:
    curve = kaplan_meier(np.array(WEEKS, float), np.array(ENDED, bool))
    steps = [6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0]
    place = np.searchsorted(curve.times, steps)
    assert curve.survival[place] == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert curve.low[place] == pytest.approx(
        [0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188], abs=5e-4
    )
    assert curve.high[place] == pytest.approx(
        [0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680], abs=5e-4
    )
    assert curve.at_risk[place].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.ended[place].tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert (curve.median, curve.median_low, curve.median_high) == (23.0, 13.0, None)
    assert (curve.stays, curve.censored) == (21, 12)


def test_between_the_steps() -> None:
    curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True] * 4))
    assert [curve.at(t) for t in (0.0, 1.0, 1.5, 4.0, 9.0)] == [1.0, 0.75, 0.75, 0.0, 0.0]
    assert curve.median == 2.0


def test_nothing_has_ended() -> None:
    curve = kaplan_meier(np.array([3.0, 5.0]), np.array([False, False]))
    assert curve.survival.tolist() == [1.0, 1.0]
    assert (curve.median, curve.censored) == (None, 2)


def test_the_truth_is_recovered_in_spite_of_censoring() -> None:
    random = np.random.default_rng(7)
    life, watched = random.exponential(30.0, 20_000), random.uniform(0.0, 80.0, 20_000)
    curve = kaplan_meier(np.minimum(life, watched), life <= watched)
    for day in (5.0, 20.0, 50.0):
        assert curve.at(day) == pytest.approx(np.exp(-day / 30.0), abs=0.01)
    assert curve.median == pytest.approx(30.0 * np.log(2.0), rel=0.03)


def test_the_limits_hold_the_truth_as_often_as_they_say() -> None:
    random, inside = np.random.default_rng(3), 0
    for _ in range(200):
        life = random.exponential(1.0, 60)
        curve = kaplan_meier(np.minimum(life, 1.5), life <= 1.5, confidence=0.9)
        place = np.searchsorted(curve.times, 0.7, side="right") - 1
        inside += curve.low[place] <= np.exp(-0.7) <= curve.high[place]
    assert 0.84 <= inside / 200 <= 0.96


@pytest.mark.parametrize(
    ("durations", "ended"),
    [([], []), ([1.0], [True, False]), ([-1.0], [True]), ([np.nan], [True]), ([[1.0]], [[True]])],
)
def test_what_is_no_sample(durations: list[float], ended: list[bool]) -> None:
    with pytest.raises(ValueError, match="durations"):
        kaplan_meier(np.array(durations, float), np.array(ended, bool))
