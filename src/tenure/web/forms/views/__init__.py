"""Views of forms."""
