"""The HTML door: pages for people. It translates, and decides nothing."""
