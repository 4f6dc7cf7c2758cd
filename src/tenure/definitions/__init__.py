"""The written will: lifecycles, metrics and event types as frozen, typed data."""
