"""Tenure (客迹): record → derive → decide → act → measure, on one append-only log."""

__version__ = "0.1.0"
