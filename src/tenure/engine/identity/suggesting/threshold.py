"""From which probability on two records are suggested to be one: chosen and explained.

Nothing is set for a data set. The share of true pairs is found by maximum likelihood from the
weights themselves, which makes the probabilities honest; then the lowest probability is taken
above which at most ``WRONG_AT_MOST`` of the pairs are expected to be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tenure.words import Words

WRONG_AT_MOST = 0.02
WRONG_OF_NAMES = 0.1
"""Of organisations, most of whom are known by name alone, which never makes one sure."""
LEAST_PROBABILITY = 0.5
_ROUNDS = 100
_CLOSE = 1e-4

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Threshold:
    """The line between suggesting a pair and not.

    Attributes:
        probability: pairs of at least this are suggested.
        expected_wrong: the expected fraction of wrong ones among them.
        pairs: how many they are.
        wrong_at_most: the fraction that was allowed.
    """

    probability: float
    expected_wrong: float
    pairs: int
    wrong_at_most: float = WRONG_AT_MOST

    def explained(self) -> Words:
        """The choice in words."""
        wrong, line = f"{self.expected_wrong:.1%}", f"{self.probability:.0%}"
        return Words(
            zh=f"列出概率不低于 {line} 的 {self.pairs:,} 对：其中预计有 {wrong} 不是同一位客户"
            f"（上限 {self.wrong_at_most:.0%}）",
            en=f"{self.pairs:,} pairs of at least {line} are listed; {wrong} of them are expected "
            f"not to be one customer (at most {self.wrong_at_most:.0%} are allowed)",
        )


def honest(weights: Floats, prior_weight: float, possible: float) -> Floats:
    """Probabilities of pairs under the share of true pairs that explains them best.

    Args:
        weights: base-2 logarithm of the odds of each compared pair.
        prior_weight: the part of them that is the share of true pairs assumed so far.
        possible: number of all possible pairs, compared or not.
    """
    evidence = np.exp2(np.clip(weights - prior_weight, -200, 200))
    share = float(np.exp2(prior_weight) / (1 + np.exp2(prior_weight)))
    found = _posterior(evidence, share)
    for _ in range(_ROUNDS):
        better = float(np.clip(found.sum() / max(possible, 1.0), 1e-12, 0.5))
        done = abs(better / share - 1) < _CLOSE
        share, found = better, _posterior(evidence, better)
        if done:
            break
    return found


def wrong_of(party: str) -> float:
    """The fraction of wrong pairs that is allowed among a party's suggestions."""
    return WRONG_AT_MOST if party == "person" else WRONG_OF_NAMES


def threshold_for(
    probabilities: Floats, wrong_at_most: float = WRONG_AT_MOST, line: float | None = None
) -> Threshold:
    """The lowest probability above which few enough pairs are expected to be wrong.

    Args:
        probabilities: of the pairs.
        wrong_at_most: the fraction of them that may be wrong.
        line: a probability chosen before, which is only described.
    """
    if line is not None:
        above = probabilities[probabilities >= line]
        wrong_there = float((1 - above).mean()) if len(above) else 0.0
        return Threshold(line, wrong_there, len(above), wrong_at_most)
    ordered = np.sort(probabilities)[::-1]
    ordered = ordered[ordered >= LEAST_PROBABILITY]
    if not len(ordered):
        return Threshold(LEAST_PROBABILITY, 0.0, 0, wrong_at_most)
    wrong = np.cumsum(1 - ordered) / np.arange(1, len(ordered) + 1)
    count = int(np.searchsorted(wrong, wrong_at_most, side="right"))
    if not count:
        return Threshold(1.0, 0.0, 0, wrong_at_most)
    line = LEAST_PROBABILITY if count == len(ordered) else float(ordered[count - 1])
    return Threshold(line, float(wrong[count - 1]), count, wrong_at_most)


def _posterior(evidence: Floats, share: float) -> Floats:
    odds = share / (1 - share) * evidence
    return np.asarray(odds / (1 + odds), np.float64)
