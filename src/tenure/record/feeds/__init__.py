"""Feeds: foreign systems whose rows come in under a map: webhooks, folders of files, tables."""
