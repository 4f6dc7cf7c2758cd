"""Who may be one customer: seconds and quality, against the naive way in the same run.

    PYTHONPATH=src:. python benchmarks/identity.py [--records 50000] [--people 36000] [--data DIR]

Records are simulated, Chinese and English mixed (``science.simulate.duplicates``); the truth is
known. The product chooses its threshold by itself. The naive contender is Splink with a
Jaro-Winkler comparison of the raw name and equality of the other raw fields; it has only four
blocks and no normal forms, so it measures the whole preparation, not the names alone. Of several
thresholds its best is picked with the truth in hand, which flatters it. The simulator and the
product both read characters by pypinyin, which flatters the product. With ``--data`` the FEBRL and
fake_1000 sets are measured too. Floors: 50,000 records <= 8 s, F1 >= .90.
"""

from __future__ import annotations

import argparse
import logging
import platform
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.identity_data import TRUTHS, Truth, quality, simulated
from tenure.engine.identity.suggesting import suggest

_LINES = (0.5, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True)
class Row:
    """One contender on one data set."""

    data: str
    way: str
    seconds: float
    line: float
    pairs: str
    clusters: str


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--without-naive", action="store_true")
    asked = parser.parse_args()
    people = asked.people or int(asked.records * 0.72)
    rows = []
    truth = simulated(asked.records, people)
    rows.append(_measured(f"simulated {asked.records:,}", "product", truth, _product))
    if not asked.without_naive:
        rows.append(_measured(f"simulated {asked.records:,}", "naive", truth, _naive))
    for name, read in TRUTHS.items() if asked.data else ():
        rows.append(_measured(name, "product", read(asked.data), _product))
    print(f"{platform.processor() or platform.machine()}, Python {sys.version.split()[0]}")
    print("| data | way | s | threshold | pairs | clusters |\n|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row.data} | {row.way} | {row.seconds:.1f} | {row.line:.3f} | {row.pairs} "
            f"| {row.clusters} |"
        )


Found = tuple[pa.Table, float]


def _measured(name: str, way: str, truth: Truth, find: Callable[[Truth], list[Found]]) -> Row:
    begin = time.perf_counter()
    found = find(truth)
    seconds = time.perf_counter() - begin
    judged = [(quality(truth, pairs), line) for pairs, line in found]
    best, line = max(judged, key=lambda one: one[0].clusters.f1)
    return Row(name, way, seconds, line, str(best.pairs), str(best.clusters))


def _product(truth: Truth) -> list[Found]:
    found = suggest(truth.records, "person")
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
