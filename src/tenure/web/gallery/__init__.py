"""Every component of the pages in its states, for those who build and check them."""
