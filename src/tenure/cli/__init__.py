"""The terminal door: translates words into operations and queries, and answers into tables."""
