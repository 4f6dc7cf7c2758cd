"""Every read of the audit, by right."""
