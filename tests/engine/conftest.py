"""One Spark session for all tests that need one: starting it takes ten seconds."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from tenure.engine.backends.spark import SparkRunner, why_unavailable


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkRunner]:
    reason = why_unavailable()
    if reason is not None:
        pytest.skip(f"Spark: {reason}")
    runner = SparkRunner(master="local[2]", settings={"spark.sql.shuffle.partitions": "2"})
    with warnings.catch_warnings():
        # PySpark itself is not free of deprecated calls.
        warnings.simplefilter("ignore")
        _ = runner.session
    yield runner
    runner.close()
