"""``python -m tenure.cli``: the same as ``tenure``."""

from tenure.cli.main import main

main()
