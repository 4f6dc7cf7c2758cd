"""Records whose people are known: simulated, FEBRL and fake_1000; and how well pairs fit them."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tenure.science.simulate.duplicates import duplicate_records

Ids = npt.NDArray[np.int64]
_SEED = 7


@dataclass(frozen=True)
class Truth:
    """Records and the person of each, in their order."""

    records: pa.Table
    person: Ids

    @property
    def columns(self) -> list[str]:
        """Names of what is known."""
        return list(self.records.column_names)


@dataclass(frozen=True)
class Score:
    """How well pairs fit the truth."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        """Precision, recall, F1."""
        return f"{self.precision:.3f} / {self.recall:.3f} / {self.f1:.3f}"


@dataclass(frozen=True)
class Quality:
    """Of the pairs themselves, and of all pairs within what they connect."""

    pairs: Score
    clusters: Score


def quality(truth: Truth, found: pa.Table) -> Quality:
    """Precision and recall of pairs (columns left_id, right_id) against the truth."""
    ids = np.asarray(truth.records["id"])
    order = np.argsort(ids)
    left, right = (
        order[np.searchsorted(ids[order], np.asarray(found[name]))]
        for name in ("left_id", "right_id")
    )
    true_pairs = _pairs(truth.person)
    hits = int((truth.person[left] == truth.person[right]).sum())
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(ids), len(ids)))
    label = connected_components(graph, directed=False)[1].astype(np.int64)
    joined = _pairs(label)
    both = _pairs(label * (int(truth.person.max()) + 1) + truth.person)
    return Quality(
        Score(hits / max(len(left), 1), hits / true_pairs),
        Score(both / max(joined, 1), both / true_pairs),
    )


def simulated(records: int, people: int) -> Truth:
    """Simulated records, the same every time."""
    made = duplicate_records(records, people, np.random.default_rng(_SEED))
    table = pa.table(
        {
            "id": pa.array(range(records), pa.int64()),
            "name": pa.array(made.name),
            "phone": pa.array(made.phone),
            "email": pa.array(made.email),
            "company": pa.array(made.company),
            "city": pa.array(made.city),
        }
    )
    return Truth(table, np.array(made.person, np.int64))


def febrl3(data: Path) -> Truth:
    """FEBRL data set 3: 5,000 records of 2,000 people."""
    return _febrl(_rows(data / "febrl" / "febrl_dataset3.csv.gz"))


def febrl4(data: Path) -> Truth:
    """FEBRL data set 4: 5,000 people, each twice."""
    files = [data / "febrl" / f"febrl_dataset4{half}.csv.gz" for half in "ab"]
    return _febrl([row for file in files for row in _rows(file)])


def fake_1000(data: Path) -> Truth:
    """Splink's fake_1000: 1,000 records of 251 people, a fifth of every field missing."""
    rows = _rows(data / "splink_fake_1000" / "fake_1000.csv.gz")
    table = _table(
        [int(row["unique_id"]) for row in rows],
        name=[_joined(row["first_name"], row["surname"]) for row in rows],
        birth_date=[row["dob"] for row in rows],
        city=[row["city"] for row in rows],
        email=[row["email"] for row in rows],
    )
    return Truth(table, np.array([int(row["cluster"]) for row in rows], np.int64))


TRUTHS: Mapping[str, Callable[[Path], Truth]] = {
    "febrl 3": febrl3, "febrl 4": febrl4, "fake_1000": fake_1000,
}  # fmt: skip


def _febrl(rows: list[dict[str, str]]) -> Truth:
    address = ("street_number", "address_1", "address_2")
    table = _table(
        list(range(len(rows))),
        name=[_joined(row["given_name"], row["surname"]) for row in rows],
        birth_date=[row["date_of_birth"] for row in rows],
        number=[row["soc_sec_id"] for row in rows],
        address=[_joined(*(row[part] for part in address)) for row in rows],
        city=[row["suburb"] for row in rows],
        postcode=[row["postcode"] for row in rows],
    )
    return Truth(table, np.array([int(row["rec_id"].split("-")[1]) for row in rows], np.int64))


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [
            {key.strip(): (value or "").strip() for key, value in row.items()}
            for row in csv.DictReader(file, skipinitialspace=True)
        ]


def _table(ids: list[int], **columns: Iterable[str]) -> pa.Table:
    arrays = [
        pa.array([value or None for value in column], pa.string()) for column in columns.values()
    ]
    return pa.Table.from_arrays([pa.array(ids, pa.int64()), *arrays], names=["id", *columns])


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _pairs(labels: Ids) -> int:
    _, counts = np.unique(labels, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())
