"""Every read of sources."""

from __future__ import annotations

from tenure.record.sources.queries.keys import KnownSource, known_sources, source_of_key
from tenure.record.sources.queries.lag import SpoolLag, loaded_mark, spool_lag
from tenure.record.sources.queries.listing import (
    KeyView,
    SourceView,
    events_arrived,
    source,
    source_named,
    sources,
)
from tenure.record.sources.queries.proposing import (
    CannotDeclareError,
    Proposal,
    ProposedField,
    propose_event_type,
)
from tenure.record.sources.queries.samples import sample_types, samples
from tenure.record.sources.queries.sums import (
    Arrived,
    Rate,
    arrival_rates,
    arrived_by_hour,
    arrived_by_source,
    arrived_by_type,
)
from tenure.record.sources.queries.unknown import Unknown, unknown_fields, unknown_types

__all__ = [
    "Arrived",
    "CannotDeclareError",
    "KeyView",
    "KnownSource",
    "Proposal",
    "ProposedField",
    "Rate",
    "SourceView",
    "SpoolLag",
    "Unknown",
    "arrival_rates",
    "arrived_by_hour",
    "arrived_by_source",
    "arrived_by_type",
    "events_arrived",
    "known_sources",
    "loaded_mark",
    "propose_event_type",
    "sample_types",
    "samples",
    "source",
    "source_named",
    "source_of_key",
    "sources",
    "spool_lag",
    "unknown_fields",
    "unknown_types",
]
