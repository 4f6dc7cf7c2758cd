"""Who saw, changed, exported or published what: an append-only record."""
