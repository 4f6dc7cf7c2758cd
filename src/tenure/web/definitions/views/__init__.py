"""Views of the definitions."""
