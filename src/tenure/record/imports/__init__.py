"""Imports: files of events."""
