"""The pages of data health: how good the log is, and what was refused."""
