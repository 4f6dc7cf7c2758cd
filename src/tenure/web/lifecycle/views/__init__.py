"""Views of the lifecycle pages, one module per tab."""
