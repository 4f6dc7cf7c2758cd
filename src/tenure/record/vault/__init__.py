"""Vault: personal data, encrypted."""
