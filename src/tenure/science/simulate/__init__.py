"""Worlds with known truth: companies whose customers' rates and departures we chose ourselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from tenure.science.simulate.b2b import simulate_b2b
from tenure.science.simulate.ecommerce import simulate_ecommerce
from tenure.science.simulate.hospital import simulate_hospital
from tenure.science.simulate.personal_loan import simulate_personal_loan
from tenure.science.simulate.world import ALIVE, Happening, Truth, World

INDUSTRIES: Mapping[str, Callable[[int, date, date, int], World]] = {
    "ecommerce": simulate_ecommerce,
    "personal_loan": simulate_personal_loan,
    "hospital": simulate_hospital,
    "b2b": simulate_b2b,
}


def simulate(industry: str, customers: int, *, start: date, end: date, seed: int) -> World:
    """A company of ``industry`` (a key of ``INDUSTRIES``), the same for the same arguments.

    Args:
        industry: which company.
        customers: how many people (or companies) it knows at the end, true persons.
        start: first day of its records.
        end: the day after the last.
        seed: of the random numbers.
    """
    return INDUSTRIES[industry](customers, start, end, seed)


__all__ = ["ALIVE", "INDUSTRIES", "Happening", "Truth", "World", "simulate"]
