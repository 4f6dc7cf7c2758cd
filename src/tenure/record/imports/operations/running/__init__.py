"""Runs an import: rows to events, in batches with checkpoints."""
