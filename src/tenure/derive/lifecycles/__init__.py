"""Lifecycles: stages and their history."""
