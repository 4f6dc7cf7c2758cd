"""Sources: systems whose events arrive by themselves; the spool they arrive in, and its loader."""
