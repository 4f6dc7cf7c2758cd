"""Library: published definitions."""
