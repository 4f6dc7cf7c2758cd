"""4 · What we do: what leaves the house, each act noted."""
