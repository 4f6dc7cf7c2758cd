"""Logging in, invitations, and what a person sets for themselves."""
