"""The reader's own language and look."""
