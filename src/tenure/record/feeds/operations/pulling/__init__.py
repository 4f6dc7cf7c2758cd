"""Looking at folders and tables: what is new becomes a file, and the file an import."""
