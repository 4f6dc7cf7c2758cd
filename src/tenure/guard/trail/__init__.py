"""The rows of the audit: everything staff did or looked at, only ever added to."""
