"""Webhooks out: events of chosen types, told to other systems as they are recorded."""
