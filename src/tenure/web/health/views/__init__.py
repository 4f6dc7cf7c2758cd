"""Views of data health."""
