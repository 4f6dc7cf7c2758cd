"""Compiles a map, for one table and library, into functions from rows to events."""

from .plan import Plan, Produced, make_plan

__all__ = ["Plan", "Produced", "make_plan"]
