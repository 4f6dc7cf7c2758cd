"""Analytics over the log: expressions compiled for DuckDB and Spark."""
