"""What the first reader of a page would wait for, done before the server listens."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

_log = logging.getLogger("tenure.warming")
TEMPLATES = Path(__file__).parents[1] / "web" / "templates"


def warm_up() -> None:
    """Load what pages are made of and what they compute with.

    A house that is not ready yet (no database, no lake) is served all the same: it says so
    itself, to whoever asks.
    """
    from django.db import DatabaseError, connection

    from tenure.words import TenureError

    for step in (_addresses, _templates, _libraries, _definitions, _lists):
        begun = time.perf_counter()
        try:
            step()
        except (DatabaseError, TenureError, OSError) as problem:
            _log.info("%s: %s", step.__name__, type(problem).__name__)
        _log.debug("%s took %.2f s", step.__name__, time.perf_counter() - begun)
    connection.close()  # requests are answered in other threads


def _addresses() -> None:
    from django.urls import get_resolver

    _ = get_resolver().url_patterns


def _templates() -> None:
    from django.template.loader import get_template

    for file in sorted(TEMPLATES.rglob("*.html")):
        get_template(str(file.relative_to(TEMPLATES)))


def _libraries() -> None:
    """Modules that are imported when they are first used, and a sentence of SQL made by them."""
    import pandas as pd
    import pyarrow as pa

    from tenure.engine.backends import sql_of
    from tenure.engine.schema import unbound

    _ = pd.Series([1])
    rows = unbound("rows", pa.schema([pa.field("n", pa.int64())]))
    sql_of(rows.filter(rows.n > 0), "duckdb")


def _definitions() -> None:
    from tenure.record.library.queries import current_library
    from tenure.web.lifecycle.asking import lifecycles_of_industries

    library, _ = current_library()
    lifecycles_of_industries(library)


def _lists() -> None:
    """The first pages of lists, as somebody sees them who may see everybody."""
    from tenure.actor import SYSTEM
    from tenure.derive.lifecycles.queries.roster import customer_page
    from tenure.derive.lifecycles.queries.roster_tags import tags_listed

    reads: tuple[Callable[[], object], ...] = (
        lambda: customer_page("", viewer=SYSTEM, limit=1),
        lambda: tags_listed(SYSTEM),
    )
    for read in reads:
        read()
