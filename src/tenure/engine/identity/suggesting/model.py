"""The Fellegi-Sunter model of Splink, learned from the records themselves without labels.

How often fields agree by chance is sampled; how often they agree for one and the same is found
by expectation maximisation among records that share another field (Fellegi and Sunter, 1969;
Winkler, 2000).
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log2
from types import ModuleType
from typing import TYPE_CHECKING

from tenure.engine.identity.suggesting import organisations, persons
from tenure.engine.identity.suggesting.comparing import Comparison, as_splink, columns_of
from tenure.engine.identity.suggesting.records import Party

if TYPE_CHECKING:
    import duckdb
    from splink import Linker

_SEED = 20_240_501
_SAMPLED = 300_000.0
_FOUND_BY_RULES = 0.7
_LEAST_FILLED = 20
_LEAST_TRAINING = 30
_MOST_TRAINING = 100_000
_AT_ONCE = 4_000_000
"""So many pairs are scored at a time."""
_FEWEST_LEARNED = 2
"""One field alone, the others being shared, says nothing of who is one and who is not."""
_SESSIONS = 3
_ABOUT: dict[Party, ModuleType] = {"person": persons, "organisation": organisations}


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
            one for one in _ABOUT[party].COMPARISONS if one.column in columns
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
        [records] = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        self._sampled = min(_SAMPLED, records * (records - 1) / 2)
        self._api = DuckDBAPI(connection=connection)
        with _quiet():
            self._linker: Linker = Linker(
                self._api.register(table), settings, log_level=logging.ERROR
            )

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
            block_on(*rule)
            for rule in _ABOUT[self._party].CERTAIN
            if self._columns.issuperset(rule)
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

        self._mend_chance()

    def _mend_chance(self) -> None:
        """What agrees by chance, without the true pairs among those sampled.

        A level nobody of the sample had is as rare as half a pair of it: what it would have
        been taken for otherwise, a default, has nothing to do with these records.
        """
        settings = self._linker._settings_obj
        share = float(settings._probability_two_random_records_match)
        for comparison, learned in zip(self.comparisons, settings.comparisons, strict=True):
            rarely = {level.code: level.rarely for level in comparison.levels}
            for level in learned.comparison_levels:
                if level.is_null_level or level._fix_u_probability:
                    continue
                seen = level.u_probability if isinstance(level._u_probability, float) else 0.0
                same = float(level.m_probability or 0.0)
                known = rarely.get(level.label_for_charts, 0.0)
                if known and self._sampled < 1 / known:  # too few to see it by chance at all
                    level.u_probability = known
                    continue
                level.u_probability = max(float(seen or 0.0) - share * same, 0.5 / self._sampled)

    def score(self, least: float, pairs: int, tell: Callable[[float], None]) -> None:
        """Make the table ``scored``: pairs of at least this probability, their weight, and that
        of every field as ``w_FIELD``. Part after part, so that memory stays bounded.

        Args:
            least: probability.
            pairs: how many the table ``pairs`` has.
            tell: is told the share that is done.
        """
        parts = 1 + pairs // _AT_ONCE
        weights = ", ".join(_weight(one) for one in self.comparisons)
        taken = f"unique_id_l, unique_id_r, match_weight, {weights}"
        for part in range(parts):
            mine = f"pairs_{part}"
            self._connection.execute(
                f"CREATE TABLE {mine} AS FROM pairs WHERE join_key_l % {parts} = {part}"
            )
            with _quiet():
                table = self._api.register(mine)
                self._linker.table_management.register_blocked_pairs_for_predict(table)
                found = self._linker.inference.predict(threshold_match_probability=least)
            begin = "INSERT INTO scored" if part else "CREATE TABLE scored AS"
            self._connection.execute(f"{begin} SELECT {taken} FROM {found.physical_name}")
            found.drop_table_from_database_and_remove_from_cache()
            self._connection.execute(f"DROP TABLE {mine}")
            tell((part + 1) / parts)
        self._connection.execute("DROP TABLE pairs")

    def _training_columns(self) -> list[tuple[str, ...]]:
        found = [columns for columns in _ABOUT[self._party].TRAINED_ON if self._pairs(columns)]
        return found[:_SESSIONS]

    def _pairs(self, columns: tuple[str, ...]) -> bool:
        """Whether enough records share the values of the columns to learn from them."""
        learned = [one for one in self.comparisons if columns_of(one).isdisjoint(columns)]
        if not self._columns.issuperset(columns) or len(learned) < _FEWEST_LEARNED:
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


def _weight(comparison: Comparison) -> str:
    """Column of a field's weight, its rarity included."""
    rare = any(level.rare for level in comparison.levels)
    adjusted = f" + coalesce(mw_tf_adj_{comparison.field}, 0)" if rare else ""
    return f"coalesce(mw_{comparison.field}, 0){adjusted} AS w_{comparison.field}"
