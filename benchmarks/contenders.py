"""The six-stage history written by hand, twice: what the engine is measured against.

Both know the definition by heart (``six_stages.yaml``) and give the very same intervals:
``by_groupby`` as most would write it, one customer after the other in pandas; ``by_arrays`` as a
patient expert would, whole columns at a time in numpy, deadlines and all.
"""

from __future__ import annotations

import bisect
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.dataset as ds
import pyarrow.parquet as pq

DAY = 86_400_000_000
LEAD, NEW, LOYAL, ACTIVE, AT_RISK, LOST = range(6)
CODES = np.array(["lead", "new", "loyal", "active", "at_risk", "lost"])
NEVER = np.int64(2**62)
Integers = npt.NDArray[np.int64]


def read(parts: list[Path], customers: int | None = None) -> pa.Table:
    """The columns needed, of all customers or of the first ones."""
    wanted = ds.field("type").isin(["customer.registered", "order.placed"])
    if customers is not None:
        wanted = wanted & (ds.field("identifier_id") <= customers)
    columns = ["identifier_id", "event_id", "type", "occurred_us", "amount_e4"]
    return ds.dataset(parts).to_table(columns=columns, filter=wanted)


# ------------------------------------------------------------------ one customer at a time


def by_groupby(table: pa.Table) -> pd.DataFrame:
    """Intervals by ``groupby(...).apply``: customer, stage, entered, left (NULL: -1)."""
    frame = table.to_pandas()
    frame = frame.sort_values(["identifier_id", "occurred_us", "event_id"])
    frame["order"] = frame["type"] == "order.placed"
    columns = ["occurred_us", "order", "amount_e4"]
    found = frame.groupby("identifier_id", sort=False)[columns].apply(_one_customer)
    rows = [(customer, *row) for customer, rows in found.items() for row in rows]
    return pd.DataFrame(rows, columns=["customer_id", "stage", "entered_us", "left_us"])


def _one_customer(group: pd.DataFrame) -> list[tuple[str, int, int]]:
    moments = group["occurred_us"].tolist()
    is_order = group["order"].tolist()
    amounts = group["amount_e4"].tolist()
    times = [t for t, order in zip(moments, is_order, strict=True) if order]
    paid = [a for a, order in zip(amounts, is_order, strict=True) if order]
    changes = _changes(moments[0], times, paid)
    ends = [entered for entered, _ in changes[1:]] + [-1]
    return [(CODES[stage], at, left) for (at, stage), left in zip(changes, ends, strict=True)]


def _changes(start: int, times: list[int], paid: list[float]) -> list[tuple[int, int]]:
    total = 0
    gaps: list[int] = []
    changes: list[tuple[int, int]] = []
    first = times[0] if times else None
    if first is None or start < first:
        changes.append((start, LEAD))
    for index, t in enumerate(times):
        total += int(paid[index])
        if index and t > times[index - 1]:
            bisect.insort(gaps, t - times[index - 1])
        ends = times[index + 1] if index + 1 < len(times) else None
        if ends == t:
            continue
        limit = math.ceil(max(2.0 * _median(gaps), 90.0) * float(DAY))
        points = {t, t + 90 * DAY, t + 365 * DAY, t + limit}
        for past in times[max(0, index - 6) : index + 1]:
            points |= {past + 30 * DAY, past + 365 * DAY}
        for at in sorted(points):
            if at < t or (ends is not None and at >= ends):
                continue
            stage = _stage(times[: index + 1], at, total / 10_000.0, limit)
            if not changes or changes[-1][1] != stage:
                changes.append((at, stage))
    return changes


def _median(gaps: list[int]) -> float:
    if not gaps:
        return 45.0
    middle = len(gaps) // 2
    value = float(gaps[middle]) if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2
    return value / float(DAY)


def _stage(times: list[int], at: int, revenue: float, limit: int) -> int:
    def within(days: int) -> int:
        return len(times) - bisect.bisect_right(times, at - days * DAY)

    age = at - times[-1]
    if len(times) == 1 and age < 90 * DAY:
        return NEW
    if within(30) >= 3 or (within(365) >= 6 and revenue >= 1000 and within(90) >= 1):
        return LOYAL
    if within(90) >= 1 or age < limit:
        return ACTIVE
    return AT_RISK if age < 365 * DAY else LOST


# ------------------------------------------------------------------ whole columns at a time


def by_arrays(table: pa.Table) -> pd.DataFrame:
    """Intervals by whole columns in numpy, tuned by hand."""
    customer = table["identifier_id"].to_numpy()
    moment = table["occurred_us"].to_numpy()
    event = table["event_id"].to_numpy()
    is_order = np.asarray(pa.compute.equal(table["type"], "order.placed"))
    amount = np.nan_to_num(table["amount_e4"].to_numpy(zero_copy_only=False))
    order = np.lexsort((event, moment, customer))
    customer, moment, is_order = customer[order], moment[order], is_order[order]
    amount = amount[order]
    begins = np.flatnonzero(np.r_[True, customer[1:] != customer[:-1]])
    led = begins[~is_order[begins]]
    c, t = customer[is_order], moment[is_order]
    segments = _segments(c, t, amount[is_order])
    return _collapse(
        np.r_[customer[led], segments[0]],
        np.r_[moment[led], segments[1]],
        np.r_[np.full(len(led), LEAD, np.int8), segments[2]],
    )


def _segments(
    c: Integers, t: Integers, amount: npt.NDArray[np.float64]
) -> tuple[Integers, Integers, npt.NDArray[np.int8]]:
    n = len(c)
    first = np.r_[True, c[1:] != c[:-1]]
    starts = np.flatnonzero(first)
    sizes = np.diff(np.r_[starts, n])
    position = np.arange(n) - np.repeat(starts, sizes)
    paid = np.cumsum(amount)
    revenue = (paid - np.repeat(paid[starts] - amount[starts], sizes)) / 10_000.0
    gap = np.where(first, 0, t - np.r_[t[:1], t[:-1]])
    median = running_median(gap, position, starts, sizes) / float(DAY)
    limit = np.maximum(2.0 * np.where(np.isnan(median), 45.0, median), 90.0) * float(DAY)
    ends = np.r_[np.where(first[1:], NEVER, t[1:]), NEVER]

    def lagged(k: int, days: int) -> Integers:
        back = np.full(n, -NEVER)
        back[k:] = np.where(position[k:] >= k, t[:-k] + days * DAY, -NEVER)
        return back

    third, sixth = lagged(2, 30), lagged(5, 365)
    patience = t + np.ceil(limit).astype(np.int64)
    quarter, year = t + 90 * DAY, t + 365 * DAY
    single, rich = position == 0, revenue >= 1000.0
    found = []
    for at in (t, third, sixth, patience, quarter, year):
        kept = np.flatnonzero((at >= t) & (at < ends) & ((at > t) | (at is t)))
        b = at[kept]
        loyal = (b < third[kept]) | ((b < sixth[kept]) & rich[kept] & (b < quarter[kept]))
        stage = np.where(b < year[kept], AT_RISK, LOST).astype(np.int8)
        stage[(b < quarter[kept]) | (b < patience[kept])] = ACTIVE
        stage[loyal] = LOYAL
        stage[single[kept] & (b < quarter[kept])] = NEW
        found.append((c[kept], b, stage))
    return (
        np.concatenate([part[0] for part in found]),
        np.concatenate([part[1] for part in found]),
        np.concatenate([part[2] for part in found]),
    )


def running_median(
    gap: Integers, position: Integers, starts: Integers, sizes: Integers
) -> npt.NDArray[np.float64]:
    """Median of each customer's gaps so far, NaN before the first; gaps of 0 do not count."""
    median = np.full(len(gap), np.nan)
    real = np.flatnonzero(gap > 0)
    owner = np.repeat(np.arange(len(starts)), sizes)[real]
    many = np.bincount(owner, minlength=len(starts))
    heavy = np.argsort(-many, kind="stable")
    many = many[heavy]
    offsets = np.searchsorted(owner, np.arange(len(starts)))[heavy]
    ordered = np.empty((0, 0))
    for step in range(int(many[0]) if len(many) else 0):
        active = int(np.searchsorted(-many, -step, side="left"))
        rows = real[offsets[:active] + step]
        # All customers with this many gaps at once: one more column, sorted in place.
        grown = np.empty((active, step + 1))
        if step:
            grown[:, :step] = ordered[:active]
        grown[:, step] = gap[rows]
        grown.sort(axis=1)
        ordered = grown
        median[rows] = (grown[:, step // 2] + grown[:, (step + 1) // 2]) / 2
    # Orders at one moment have no gap: they keep the median so far.
    carried = np.where(np.isnan(median) & (position > 0), -1, np.arange(len(gap)))
    return median[np.maximum.accumulate(carried)]


def _collapse(c: Integers, at: Integers, stage: npt.NDArray[np.int8]) -> pd.DataFrame:
    order = np.lexsort((at, c))
    c, at, stage = c[order], at[order], stage[order]
    fresh = np.r_[True, c[1:] != c[:-1]]
    kept = fresh | np.r_[True, stage[1:] != stage[:-1]]
    c, at, stage = c[kept], at[kept], stage[kept]
    last = np.r_[c[1:] != c[:-1], True]
    left = np.where(last, -1, np.r_[at[1:], -1])
    return pd.DataFrame(
        {"customer_id": c, "stage": CODES[stage], "entered_us": at, "left_us": left}
    )


def write(frame: pd.DataFrame, path: Path) -> None:
    """Intervals as Parquet, for the comparison."""
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, compression="zstd")
