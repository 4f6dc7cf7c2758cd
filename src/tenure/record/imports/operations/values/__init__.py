"""Turns the text of cells into moments, amounts and other values."""
