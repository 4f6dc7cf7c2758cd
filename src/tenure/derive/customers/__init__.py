"""Customers: who is who."""
