"""Forms: what visitors sent, kept from spam, on its way to the log."""
