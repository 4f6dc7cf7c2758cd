"""The page everybody begins with: what changed, what is coming, who needs one."""
