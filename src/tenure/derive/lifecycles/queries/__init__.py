"""Every read of lifecycles."""

from __future__ import annotations

from tenure.derive.lifecycles.queries.boards import board, customers_in, stage_counts
from tenure.derive.lifecycles.queries.customer import customer_history, metrics_of, next_change
from tenure.derive.lifecycles.queries.flows import (
    UnknownStageError,
    commonest_paths,
    conversion,
    flow_accounts,
    time_in_stage,
    transitions,
)
from tenure.derive.lifecycles.queries.views import (
    Board,
    CohortConversion,
    CustomerInStage,
    FlowAccount,
    MetricValue,
    NextChange,
    PathTaken,
    StageHeads,
    StageInterval,
    Transition,
)

__all__ = [
    "Board",
    "CohortConversion",
    "CustomerInStage",
    "FlowAccount",
    "MetricValue",
    "NextChange",
    "PathTaken",
    "StageHeads",
    "StageInterval",
    "Transition",
    "UnknownStageError",
    "board",
    "commonest_paths",
    "conversion",
    "customer_history",
    "customers_in",
    "flow_accounts",
    "metrics_of",
    "next_change",
    "stage_counts",
    "time_in_stage",
    "transitions",
]
