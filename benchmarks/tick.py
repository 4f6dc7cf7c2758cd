"""How long a tick takes: 2,000 new events on top of 1M customers and 10M events.

    PYTHONPATH=src python benchmarks/tick.py [--customers 1000000] [--events 10000000]

The past is written straight into a lake (the log would take minutes and is measured
elsewhere); what is timed goes through the real operations: events recorded in the database,
exported, identities followed, histories recomputed, rows of the current stage moved.
Floors: tick p95 ≤ 1 s; 1 % of the customers changed ≤ 1 s; counts as of any date ≤ 150 ms.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="tenure-benchmark-"))
os.environ["TENURE_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "tenure.config.settings"

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402

DAY_US = 86_400_000_000
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 1096
NOW = BEGIN + timedelta(days=DAYS)
LIFECYCLE = Path(__file__).with_name("tick_lifecycle.yaml")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--ticks", type=int, default=20)
    parser.add_argument("--keep", action="store_true", help="leave the data directory")
    return parser.parse_args()


def past(identifiers: np.ndarray, events: int) -> Iterator[pa.Table]:
    """Orders of everybody, month after month, as columns of the lake."""
    draw = np.random.default_rng(20260101)
    begin_us = int(BEGIN.timestamp()) * 1_000_000
    moments = np.sort(draw.integers(0, DAYS * DAY_US, events)) + begin_us
    # some buy ten times as often as others
    weight = draw.gamma(0.7, 1.0, len(identifiers)) + 0.05
    edges = np.cumsum(weight) / weight.sum()
    who = identifiers[np.searchsorted(edges, draw.random(events), side="left").clip(max=len(identifiers) - 1)]
    amounts = (draw.lognormal(4.0, 0.8, events) * 100).astype(np.int64) * 100
    months = moments.astype("datetime64[us]").astype("datetime64[M]")
    starts = np.flatnonzero(np.r_[True, months[1:] != months[:-1]])
    for start, end in zip(starts, np.r_[starts[1:], events], strict=True):
        yield part(start, who[start:end], moments[start:end], amounts[start:end])


def part(start: int, who: np.ndarray, moments: np.ndarray, amounts: np.ndarray) -> pa.Table:
    count = len(who)
    return pa.table(
        {
            "event_id": np.arange(start + 1, start + 1 + count),
            "identifier_id": who,
            "type": pa.repeat("order.placed", count),
            "occurred_us": moments,
            "recorded_us": moments,
            "local_date": pa.array(moments.astype("datetime64[us]").astype("datetime64[D]")),
            "amount_e4": amounts,
            "currency": pa.repeat("CNY", count),
            "source": pa.repeat("shop", count),
            "batch_id": pa.nulls(count, pa.int64()),
            "properties": pa.repeat("{}", count),
        }
    )


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def p95(seconds: list[float]) -> float:
    return float(np.quantile(seconds, 0.95))
