"""Who may be one customer: seconds and quality, against the naive way in the same run.

    PYTHONPATH=src:. python -m benchmarks.identity [--records 50000] [--runs 3] [--million]
        [--data DIR] [--without-naive]

Seconds (wall and CPU, medians: the machine may be shared), peak memory and quality where the
truth is known. The product chooses its threshold by itself. Worlds:

- simulated, Chinese and English mixed (``science.simulate.duplicates``), which reads characters
  by pypinyin as the product does and so flatters it; ``--million`` measures 1,000,000 records;
- the second world (``identity_second``) and organisations (``identity_organisations``), whose
  readings are written by hand; the former has relatives under one roof;
- with ``--data`` FEBRL 3 and 4 and fake_1000.

The peer is the naive way: Splink with a Jaro-Winkler comparison of the raw name and equality of
the other raw fields (F1 .83 where it was first measured, with blocks of its own). It has only four
blocks and no normal forms, so it measures the whole preparation, not the names alone. Of several
thresholds its best is picked with the truth in hand, which flatters it. Floors: 50,000 records
<= 8 s, 1,000,000 <= 180 s, F1 >= .90; on FEBRL and fake_1000 precision >= .98, recall >= .9.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import resource
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.identity_data import TRUTHS, Truth, quality, simulated
from benchmarks.identity_organisations import organisations
from benchmarks.identity_second import second_world
from tenure.engine.identity.suggesting import suggest

MEMORY = "3GB"
_LINES = (0.5, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True)
class Row:
    """One contender on one data set."""

    data: str
    way: str
    seconds: float
    cpu: float
    line: float
    pairs: str
    clusters: str


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3, help="median of so many; 1M is run once")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--without-naive", action="store_true")
    asked = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {sys.version.split()[0]}")
    print(
        "| data | way | s | CPU s | threshold | pairs | clusters |\n|---|---|---|---|---|---|---|"
    )
    truth = simulated(asked.records, int(asked.records * 0.72))
    name = f"simulated {asked.records:,}"
    _tell(_measured(name, "product", truth, _product, asked.runs))
    if not asked.without_naive:
        _tell(_measured(name, "naive", truth, _naive, asked.runs))
    _tell(_measured("second 50,000", "product", second_world(50_000, 30_000), _product, 1))
    for contacts in (False, True):
        known = "with contacts" if contacts else "name alone"
        firms = organisations(8_000, 6_000, with_contacts=contacts)
        _tell(_measured(f"organisations 8,000, {known}", "product", firms, _organisations, 1))
    for data, read in TRUTHS.items() if asked.data else ():
        _tell(_measured(data, "product", read(asked.data), _product, 1))
    if asked.million:
        truth = simulated(1_000_000, 720_000)
        _tell(_measured("simulated 1,000,000", "product", truth, _product, 1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory {peak:.2f} GB, machine load {os.getloadavg()[0]:.1f}")


def _tell(row: Row) -> None:
    print(
        f"| {row.data} | {row.way} | {row.seconds:.1f} | {row.cpu:.1f} | {row.line:.3f} "
        f"| {row.pairs} | {row.clusters} |",
        flush=True,
    )


Found = tuple[pa.Table, float]


def _measured(
    name: str, way: str, truth: Truth, find: Callable[[Truth], list[Found]], runs: int
) -> Row:
    taken: list[tuple[float, float]] = []
    found: list[Found] = []
    for _ in range(runs):
        begin, worked = time.perf_counter(), time.process_time()
        found = find(truth)
        taken.append((time.perf_counter() - begin, time.process_time() - worked))
    judged = [(quality(truth, pairs), line) for pairs, line in found]
    best, line = max(judged, key=lambda one: one[0].clusters.f1)
    seconds, cpu = (median(column) for column in zip(*taken, strict=True))
    return Row(name, way, seconds, cpu, line, str(best.pairs), str(best.clusters))


def _product(truth: Truth) -> list[Found]:
    found = suggest(truth.records, "person", memory=MEMORY)
    return [(found.pairs, found.threshold.probability)]


def _organisations(truth: Truth) -> list[Found]:
    found = suggest(truth.records, "organisation", memory=MEMORY)
    return [(found.pairs, found.threshold.probability)]


def _naive(truth: Truth) -> list[Found]:
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    warnings.simplefilter("ignore")
    logging.getLogger("splink").setLevel(logging.ERROR)
    names = [name for name in ("phone", "email", "company", "city") if name in truth.columns]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.92, 0.8]),
            *(cl.ExactMatch(name).configure(term_frequency_adjustments=True) for name in names),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("phone"), block_on("email"), block_on("name", "city"),
            block_on("name", "company"),
        ],
    )  # fmt: skip
    linker = Linker(DuckDBAPI().register(truth.records), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("email"), block_on("phone", "name")], 0.7
    )
    linker.training.estimate_u_using_random_sampling(1e6, seed=1)
    for rule in ("email", "phone"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(rule))
    scored: Any = linker.inference.predict(threshold_match_probability=_LINES[0])
    table = scored.as_pyarrow_table().select(["id_l", "id_r", "match_probability"])
    table = table.rename_columns(["left_id", "right_id", "probability"])
    probabilities = np.asarray(table["probability"])
    return [(table.filter(pa.array(probabilities >= line)), line) for line in _LINES]


if __name__ == "__main__":
    main()
