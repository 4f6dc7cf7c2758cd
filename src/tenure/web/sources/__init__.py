"""Data sources: which systems send events by themselves, under which keys, and what arrives."""
