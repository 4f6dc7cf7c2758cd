"""Simulated customers for the benchmarks: the log of a shop as Parquet parts of a lake.

Every customer registers, orders for the first time three days later, and goes on ordering at
a rhythm of their own (gamma between customers, exponential gaps) while they last. About 9.7
orders per customer over three years, as `shared/anchors/engine.md` measured. Deterministic by
seed; cached under `benchmarks/data/`, which git ignores.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from tenure.clock import DAY_US
from tenure.definitions import Library, load_text
from tenure.engine.schema import event_schema

HERE = Path(__file__).parent
DATA = HERE / "data"
START_US = 1_672_531_200_000_000  # 2023-01-01
END_DAYS = 1_096
PER_CUSTOMER = 9.69
CHUNK = 500_000
BROWSING = ("page.viewed", "message.opened", "cart.updated", "support.requested")

Moments = npt.NDArray[np.int64]


def library() -> Library:
    """The definitions of the benchmark, read from their file."""
    text = (HERE / "six_stages.yaml").read_text(encoding="utf-8")
    return Library.of(load_text(text, "six_stages.yaml"))


def parts(orders: int, *, other_events: int = 0) -> list[Path]:
    """Parquet parts with about ``orders`` orders; made on first use.

    Args:
        orders: how many orders; a registration per customer comes on top.
        other_events: how many events of four other types stand around them.
    """
    name = f"orders={orders}" + (f",others={other_events}" if other_events else "")
    folder = DATA / name
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"making {folder} ...", file=sys.stderr)
        _make(folder, orders, other_events)
        (folder / "done").touch()
    return sorted(folder.glob("part-*.parquet"))


def _make(folder: Path, orders: int, other_events: int) -> None:
    rng = np.random.default_rng(20_240_601)
    schema = event_schema(library())
    customers = round(orders / PER_CUSTOMER)
    next_event = 1
    for index, first in enumerate(range(1, customers + 1, CHUNK)):
        ids = np.arange(first, min(first + CHUNK, customers + 1), dtype=np.int64)
        table = _events(rng, ids, other_events / customers, next_event)
        next_event += table.num_rows
        columns = [
            table[f.name] if f.name in table.column_names else pa.nulls(table.num_rows, f.type)
            for f in schema
        ]
        pq.write_table(
            pa.table(columns, schema=schema),
            folder / f"part-{index:03}.parquet",
            compression="zstd",
            row_group_size=1_000_000,
        )


def _events(
    rng: np.random.Generator, ids: Moments, others_each: float, first_event: int
) -> pa.Table:
    joined = START_US + (rng.random(len(ids)) * 0.8 * END_DAYS * DAY_US).astype(np.int64)
    customer, moment = _orders(rng, ids, joined)
    amount = np.round(rng.lognormal(4.6, 0.7, len(customer)), 2)
    kinds = np.repeat(["customer.registered", "order.placed"], [len(ids), len(customer)])
    who = np.concatenate([ids, customer])
    when = np.concatenate([joined, moment])
    money = np.concatenate([np.zeros(len(ids)), amount])
    if others_each:
        many = rng.poisson(others_each, len(ids))
        span = END_DAYS * DAY_US
        who = np.concatenate([who, np.repeat(ids, many)])
        lasting = np.repeat(joined, many)
        spread = (rng.random(len(lasting)) * (START_US + span - lasting)).astype(np.int64)
        when = np.concatenate([when, lasting + spread])
        kinds = np.concatenate([kinds, rng.choice(BROWSING, len(lasting))])
        money = np.concatenate([money, np.zeros(len(lasting))])
    order = np.lexsort((when, who, kinds))
    kinds, who, when, money = kinds[order], who[order], when[order], money[order]
    is_order = kinds == "order.placed"
    return pa.table(
        {
            "event_id": np.arange(first_event, first_event + len(who), dtype=np.int64),
            "identifier_id": who,
            "type": pa.array(kinds),
            "occurred_us": when,
            "recorded_us": when,
            "amount_e4": pa.array(np.round(money * 10_000).astype(np.int64), mask=~is_order),
            "source": pa.array(["shop"] * len(who)),
        }
    )


def _orders(rng: np.random.Generator, ids: Moments, joined: Moments) -> tuple[Moments, Moments]:
    gap_days = rng.gamma(2.0, 20.0, len(ids)) + 3.0
    lasting_days = rng.exponential(380.0, len(ids))
    left_days = END_DAYS - (joined - START_US) / DAY_US
    expected = np.minimum(lasting_days, left_days) / gap_days
    # Scaled so that customers average PER_CUSTOMER orders, the first included.
    many = 1 + rng.poisson(expected * (PER_CUSTOMER - 1) / expected.mean())
    customer = np.repeat(ids, many)
    firsts = np.repeat(np.cumsum(many) - many, many)
    position = np.arange(len(customer)) - firsts
    span = np.maximum(np.minimum(lasting_days, left_days), 5.0)
    gaps = rng.exponential(1.0, len(customer)) * np.repeat(span / np.maximum(many, 2), many)
    gaps[position == 0] = 3.0
    walked = np.cumsum(gaps)
    before = np.repeat((walked - gaps)[np.cumsum(many) - many], many)
    days = np.minimum(walked - before, np.repeat(left_days, many) + 30.0)
    return customer, np.repeat(joined, many) + (days * DAY_US).astype(np.int64)
