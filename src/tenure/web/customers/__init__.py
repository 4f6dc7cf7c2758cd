"""The pages of customers: the list, and one of them."""
