"""The pages of data sources: the list, one source, its samples, what is unknown or refused."""
