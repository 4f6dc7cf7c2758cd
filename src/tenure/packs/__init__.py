"""Industry packs: definitions only."""
