"""Reads files of customer events row by row, whatever they are written in."""

from .opening import open_table
from .table import Cell, ReadOptions, Refuse, Table

__all__ = ["Cell", "ReadOptions", "Refuse", "Table", "open_table"]
