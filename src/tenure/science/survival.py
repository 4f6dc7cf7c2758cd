"""Survival curves of stays that may not have ended yet."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.stats._survival import EmpiricalDistributionFunction

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """A Kaplan-Meier estimate: a step function, 1 before the first time.

    Attributes:
        times: where the curve steps, ascending, in the unit of the durations, shape (steps,).
        survival: probability of lasting longer than each time.
        low: lower confidence limit of each.
        high: upper confidence limit of each.
        at_risk: stays known to last at least until each time.
        ended: stays that ended at each time.
        median: the first time by which half have ended; ``None`` if the curve stays above.
        median_low: the first time at which the lower limit is at or below one half, or ``None``.
        median_high: the same of the upper limit.
        stays: how many stays there are.
        censored: how many of them had not ended.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: npt.NDArray[np.int64]
    ended: npt.NDArray[np.int64]
    median: float | None
    median_low: float | None
    median_high: float | None
    stays: int
    censored: int

    def at(self, time: float) -> float:
        """Probability of lasting longer than ``time``.

        >>> kaplan_meier(np.array([1.0, 2.0]), np.array([True, True])).at(1.5)
        0.5
        """
        place = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if place == 0 else float(self.survival[place - 1])


def kaplan_meier(
    durations: Floats, ended: npt.NDArray[np.bool_], *, confidence: float = 0.95
) -> SurvivalCurve:
    """The product-limit estimate of how long stays last (Kaplan & Meier, 1958, JASA 53).

    Limits are Greenwood's variance on the log(-log) scale, which keeps them between 0 and 1
    (Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2002, 1.4).

    Args:
        durations: how long each stay lasted or has lasted so far, not negative, shape (stays,).
        ended: whether it ended (True) or was still going on (False: censored).
        confidence: of the limits, between 0 and 1.

    Returns:
        The curve at the distinct durations, also those where nothing but censoring happens.

    Raises:
        ValueError: no stay, different shapes, a negative duration or one that is no number.
    """
    from scipy import stats  # a second to load, and most questions need no curve

    durations = np.asarray(durations, np.float64)
    ended = np.asarray(ended, np.bool_)
    if durations.ndim != 1 or durations.shape != ended.shape or not len(durations):
        raise ValueError("durations and ended must be one-dimensional, equal and not empty")
    if not np.all(np.isfinite(durations)) or durations.min() < 0:
        raise ValueError("durations must be numbers that are not negative")
    sample = stats.CensoredData(uncensored=durations[ended], right=durations[~ended])
    estimate = stats.ecdf(sample).sf
    times = np.asarray(estimate.quantiles, np.float64)
    survival = np.asarray(estimate.probabilities, np.float64)
    low, high = _limits(estimate, confidence)
    return SurvivalCurve(
        times=times,
        survival=survival,
        low=low,
        high=high,
        at_risk=len(durations) - np.searchsorted(np.sort(durations), times, side="left"),
        ended=_at(times, durations[ended]),
        median=_first_at_half(times, survival),
        median_low=_first_at_half(times, low),
        median_high=_first_at_half(times, high),
        stays=len(durations),
        censored=int(np.count_nonzero(~ended)),
    )


def _limits(estimate: EmpiricalDistributionFunction, confidence: float) -> tuple[Floats, Floats]:
    """Log-log limits; where nothing has ended yet, or all have, the curve itself."""
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        # it warns of exactly the places that are filled in below
        warnings.filterwarnings("ignore", message="The confidence interval is undefined")
        limits = estimate.confidence_interval(confidence, method="log-log")
    survival = np.asarray(estimate.probabilities, np.float64)
    low, high = (
        cast("EmpiricalDistributionFunction", side).probabilities
        for side in (limits.low, limits.high)
    )
    certain = (survival == 1.0) | (survival == 0.0)
    return np.where(certain, survival, low), np.where(certain, survival, high)


def _at(times: Floats, ends: Floats) -> npt.NDArray[np.int64]:
    """How many ``ends`` fall on each of ``times``."""
    return np.bincount(np.searchsorted(times, ends), minlength=len(times)).astype(np.int64)


def _first_at_half(times: Floats, curve: Floats) -> float | None:
    below = np.flatnonzero(curve <= 0.5)
    return float(times[below[0]]) if len(below) else None
