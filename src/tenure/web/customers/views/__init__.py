"""What the addresses of customers answer with."""
