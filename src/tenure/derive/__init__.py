"""Derive: what it means; always rebuildable from the log, as of any moment."""
