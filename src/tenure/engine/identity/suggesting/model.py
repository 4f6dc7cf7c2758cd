"""The Fellegi-Sunter model of Splink, learned from the records themselves without labels.

How often fields agree by chance is sampled; how often they agree for one and the same is found
by expectation maximisation among records that share another field (Fellegi and Sunter, 1969;
Winkler, 2000).
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from math import log2
from typing import TYPE_CHECKING

from tenure.engine.identity.suggesting.comparing import COMPARISONS, Comparison, as_splink
from tenure.engine.identity.suggesting.records import Party

if TYPE_CHECKING:
    import duckdb
    from splink import Linker, SplinkDataFrame

_SEED = 20_240_501
_SAMPLED = 300_000.0
_FOUND_BY_RULES = 0.7
_LEAST_FILLED = 20
_LEAST_TRAINING = 30
_MOST_TRAINING = 100_000
_TRAIN_ON: dict[Party, tuple[tuple[str, ...], ...]] = {
    "person": (("number",), ("email",), ("phone", "name_key"), ("birth_date",), ("name_key",)),
    "organisation": (("number",), ("phone",), ("email",), ("whole",), ("name_key",)),
}
"""Columns whose equal values mostly mean one and the same, the surest first: two of them are
learned from, so that what each says is learned where the other is equal."""
_SESSIONS = 3
_CERTAIN: dict[Party, tuple[tuple[str, ...], ...]] = {
    "person": (
        ("number",),
        ("email", "family"),
        ("phone", "name_key"),
        ("name_key", "birth_date"),
        ("name_key", "company", "city"),
        ("mail_user", "name_key"),
        ("name_key", "address"),
    ),
    "organisation": (("number",), ("whole",), ("email",)),
}


class Model:
    """A model over the table ``records`` of one DuckDB connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        party: Party,
        *,
        columns: frozenset[str],
    ) -> None:
        """Args:
        connection: the engine.
        table: prepared records with the columns of their blocks.
        party: of the records.
        columns: those that say anything.
        """
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on

        self.comparisons: tuple[Comparison, ...] = tuple(
            one for one in COMPARISONS[party] if one.column in columns
        )
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[as_splink(one) for one in self.comparisons],
            blocking_rules_to_generate_predictions=[block_on("unique_id")],
            retain_matching_columns=False,
            retain_intermediate_calculation_columns=True,
            max_iterations=15,
            em_convergence=0.001,
        )
        self._connection, self._table, self._party = connection, table, party
        self._columns = columns
        self._api = DuckDBAPI(connection=connection)
        with _quiet():
            self._linker: Linker = Linker(self._api.register(table), settings, log_level=logging.ERROR)

    @property
    def prior_weight(self) -> float:
        """Base-2 logarithm of the odds that any two records are one, as assumed in weights."""
        share = float(self._linker._settings_obj._probability_two_random_records_match)
        return log2(share / (1 - share))

    def learn(self) -> None:
        """Find the probabilities of every level."""
        from splink import block_on

        training = self._linker.training
        certain = [
            block_on(*rule) for rule in _CERTAIN[self._party] if self._columns.issuperset(rule)
        ]
        with _quiet():
            if certain:
                training.estimate_probability_two_random_records_match(certain, _FOUND_BY_RULES)
            training.estimate_u_using_random_sampling(
                _SAMPLED, seed=_SEED, min_count_per_level=None, num_chunks=1
            )
            for columns in self._training_columns():
                training.estimate_parameters_using_expectation_maximisation(
                    block_on(*columns),
                    estimate_without_term_frequencies=True,
                    max_pairs=_MOST_TRAINING,
                )

    def scored(self, least: float) -> SplinkDataFrame:
        """Pairs of at least this probability, with the weight of every field."""
        with _quiet():
            pairs = self._api.register("pairs")
            self._linker.table_management.register_blocked_pairs_for_predict(pairs)
            return self._linker.inference.predict(threshold_match_probability=least)

    def _training_columns(self) -> list[tuple[str, ...]]:
        found = [columns for columns in _TRAIN_ON[self._party] if self._pairs(columns)]
        return found[:_SESSIONS]

    def _pairs(self, columns: tuple[str, ...]) -> bool:
        """Whether enough records share the values of the columns to learn from them."""
        if not self._columns.issuperset(columns):
            return False
        told = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        found = self._connection.execute(
            f"SELECT sum(n * (n - 1) / 2) FROM "
            f"(SELECT count(*) AS n FROM {self._table} WHERE {told} "
            f"GROUP BY {', '.join(columns)})"
        ).fetchone()
        return bool(found and found[0] and found[0] >= _LEAST_TRAINING)


def telling(connection: duckdb.DuckDBPyConnection, table: str) -> frozenset[str]:
    """The columns of a table in which at least some records say something."""
    names = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    counts = ", ".join(f'count("{name}")' for name in names)
    found = connection.execute(f"SELECT {counts} FROM {table}").fetchone() or ()
    return frozenset(
        name for name, count in zip(names, found, strict=True) if count >= _LEAST_FILLED
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Splink tells those who train models by hand."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
