"""Feeds: webhooks, folders and tables that bring rows in; how each stands, and its map."""
