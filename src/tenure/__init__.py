"""Tenure (客迹): record → derive → decide → act → measure, on one append-only log."""
