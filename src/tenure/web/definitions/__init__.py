"""Definitions as people read, edit, compare and publish them."""
