"""Events: the append-only log."""
