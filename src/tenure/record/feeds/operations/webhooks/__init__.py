"""Bodies of webhooks: told apart into records, translated by a map, tried again once mended."""
