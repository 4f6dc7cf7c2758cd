"""How the house stands, read from the database and the spool at the moment of asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tenure.act.webhooks.queries import deliveries_by_state, oldest_pending
from tenure.config.jobs.standing import jobs_by_state
from tenure.derive.lifecycles.queries import tick_lag
from tenure.record.events.queries import dead_letter_count, last_event_id
from tenure.record.sources.queries import events_arrived, spool_lag

_LOADER_STATES = ("running", "failing", "silent", "none")


class Standing(Collector):
    """The figures at one moment (aware)."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def collect(self) -> Iterator[Metric]:
        """Read them all."""
        yield from self._spool()
        yield from self._tick()
        events = CounterMetricFamily(
            "tenure_events", "Events that came from sources, by result.", labels=["result"]
        )
        for result, number in events_arrived().items():
            events.add_metric([result], number)
        yield events
        yield _gauge("tenure_log_last_event", "Number of the log's newest event.", last_event_id())
        waiting = dead_letter_count(status="waiting")
        yield _gauge("tenure_dead_letters", "Refused events that wait to be mended.", waiting)
        yield self._jobs()
        yield from self._webhooks()

    def _spool(self) -> Iterator[Metric]:
        lag = spool_lag(at=self._at)
        yield _gauge("tenure_spool_segments", "Files of the spool.", lag.segments)
        yield _gauge("tenure_spool_waiting_bytes", "Bytes not loaded yet.", lag.bytes)
        yield _gauge("tenure_spool_waiting_requests", "Requests not loaded yet.", lag.frames)
        yield _gauge(
            "tenure_loader_lag_seconds", "Age of the oldest request not loaded yet.", lag.seconds
        )
        states = GaugeMetricFamily(
            "tenure_loader_state", "1 for the state the loader is in.", labels=["state"]
        )
        for state in _LOADER_STATES:
            states.add_metric([state], float(state == lag.loader))
        yield states

    def _tick(self) -> Iterator[Metric]:
        lag = tick_lag(at=self._at)
        yield _gauge("tenure_tick_lag_events", "Events stages do not know yet.", lag.events)
        yield _gauge("tenure_tick_lag_seconds", "Age of the oldest of them.", lag.seconds)

    def _webhooks(self) -> Iterator[Metric]:
        deliveries = GaugeMetricFamily(
            "tenure_webhook_deliveries", "Deliveries that wait or failed.", labels=["state"]
        )
        for state, number in deliveries_by_state().items():
            deliveries.add_metric([state], number)
        yield deliveries
        oldest = oldest_pending(at=self._at)
        yield _gauge("tenure_webhook_oldest_seconds", "Age of the oldest that waits.", oldest)

    def _jobs(self) -> Metric:
        jobs = GaugeMetricFamily("tenure_jobs", "Jobs, by state.", labels=["state"])
        for state, number in jobs_by_state().items():
            jobs.add_metric([state], number)
        return jobs


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)
