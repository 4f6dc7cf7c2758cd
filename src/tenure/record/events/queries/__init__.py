"""Every read of the log."""

from __future__ import annotations

from tenure.record.events.operations.basis import LogBasis, basis, reading_basis_once
from tenure.record.events.queries.identifiers import (
    IdentifierView,
    find_identifiers,
    fleeting_types,
    identifiers,
    sharing_limits,
)
from tenure.record.events.queries.letter_groups import LetterGroup, letter_groups
from tenure.record.events.queries.links import (
    Statement,
    statements_about,
    undone_after,
    undone_batches,
)
from tenure.record.events.queries.needs import FunctionNeeds, Need, functions_needing
from tenure.record.events.queries.paging import (
    TimelineExtent,
    TimelinePage,
    timeline_extent,
    timeline_page,
)
from tenure.record.events.queries.quality import (
    FieldQuality,
    Measured,
    SourceQuality,
    TypeQuality,
    latest_quality,
    sources_of,
    types_of,
)
from tenure.record.events.queries.refused import (
    DeadLetterView,
    OddityView,
    dead_letter_count,
    dead_letters,
    odd_fields,
    oddities,
)
from tenure.record.events.queries.timeline import (
    EventView,
    event_count,
    events_after,
    events_by_id,
    events_of,
    last_event_id,
    latest_of_type,
    recorded_after,
)

__all__ = [
    "DeadLetterView",
    "EventView",
    "FieldQuality",
    "FunctionNeeds",
    "IdentifierView",
    "LetterGroup",
    "LogBasis",
    "Measured",
    "Need",
    "OddityView",
    "SourceQuality",
    "Statement",
    "TimelineExtent",
    "TimelinePage",
    "TypeQuality",
    "basis",
    "dead_letter_count",
    "dead_letters",
    "event_count",
    "events_after",
    "events_by_id",
    "events_of",
    "find_identifiers",
    "fleeting_types",
    "functions_needing",
    "identifiers",
    "last_event_id",
    "latest_of_type",
    "latest_quality",
    "letter_groups",
    "odd_fields",
    "oddities",
    "reading_basis_once",
    "recorded_after",
    "sharing_limits",
    "sources_of",
    "statements_about",
    "timeline_extent",
    "timeline_page",
    "types_of",
    "undone_after",
    "undone_batches",
]
