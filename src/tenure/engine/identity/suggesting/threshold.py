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
    """

    probability: float
    expected_wrong: float
    pairs: int

    def explained(self) -> Words:
        """The choice in words."""
        wrong, line = f"{self.expected_wrong:.1%}", f"{self.probability:.0%}"
        return Words(
            zh=f"列出概率不低于 {line} 的 {self.pairs:,} 对：其中预计有 {wrong} 不是同一位客户"
            f"（上限 {WRONG_AT_MOST:.0%}）",
            en=f"{self.pairs:,} pairs of at least {line} are listed; {wrong} of them are expected "
            f"not to be one customer (at most {WRONG_AT_MOST:.0%} are allowed)",
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


def threshold_for(probabilities: Floats) -> Threshold:
    """The lowest probability above which few enough pairs are expected to be wrong."""
    ordered = np.sort(probabilities)[::-1]
    ordered = ordered[ordered >= LEAST_PROBABILITY]
    if not len(ordered):
        return Threshold(LEAST_PROBABILITY, 0.0, 0)
    wrong = np.cumsum(1 - ordered) / np.arange(1, len(ordered) + 1)
    count = int(np.searchsorted(wrong, WRONG_AT_MOST, side="right"))
    if not count:
        return Threshold(1.0, 0.0, 0)
    line = LEAST_PROBABILITY if count == len(ordered) else float(ordered[count - 1])
    return Threshold(line, float(wrong[count - 1]), count)


def _posterior(evidence: Floats, share: float) -> Floats:
    odds = share / (1 - share) * evidence
    return np.asarray(odds / (1 + odds), np.float64)
