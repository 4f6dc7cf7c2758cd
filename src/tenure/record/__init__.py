"""Record: what happened."""
