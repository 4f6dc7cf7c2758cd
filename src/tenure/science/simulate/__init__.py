"""Worlds with known truth: companies whose customers' rates and departures we chose ourselves."""

from __future__ import annotations

from tenure.science.simulate.b2b import simulate_b2b
from tenure.science.simulate.ecommerce import simulate_ecommerce
from tenure.science.simulate.world import ALIVE, Happening, Truth, World

__all__ = ["ALIVE", "Happening", "Truth", "World", "simulate_b2b", "simulate_ecommerce"]
