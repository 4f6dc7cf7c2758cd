"""The REST door: the same queries and operations as the pages, for programs with a token."""
