"""Every read of lifecycles."""

from __future__ import annotations

from tenure.derive.lifecycles.queries.behind import (
    Counted,
    CountedCustomers,
    customers_behind,
)
from tenure.derive.lifecycles.queries.boards import board, customers_in, stage_counts
from tenure.derive.lifecycles.queries.coming import (
    ComingChange,
    ComingCount,
    coming_changes,
    coming_counts,
)
from tenure.derive.lifecycles.queries.customer import customer_history, metrics_of, next_change
from tenure.derive.lifecycles.queries.figures import (
    PARTS,
    Between,
    Entered,
    Figure,
    Left,
    Moved,
    OfCohort,
    OnPath,
    Part,
    Standing,
    Stayed,
)
from tenure.derive.lifecycles.queries.flows import flow_accounts, passages, transitions
from tenure.derive.lifecycles.queries.groups import group_of, values_found
from tenure.derive.lifecycles.queries.lag import TickLag, tick_lag
from tenure.derive.lifecycles.queries.lives import (
    UnknownStageError,
    check_stage,
    commonest_paths,
    conversion,
    time_in_stage,
)
from tenure.derive.lifecycles.queries.money import (
    MoneyAccount,
    StageMoney,
    money_accounts,
    money_metric,
    stage_money,
)
from tenure.derive.lifecycles.queries.reading import Group, lifecycle_named
from tenure.derive.lifecycles.queries.standing import (
    Following,
    following,
    waiting_lifecycles,
)
from tenure.derive.lifecycles.queries.trial import (
    LifecycleTrial,
    MetricTrial,
    Move,
    ValueChange,
    affected_lifecycles,
    lifecycle_trial,
    metric_trial,
)
from tenure.derive.lifecycles.queries.views import (
    Board,
    CohortConversion,
    CustomerInStage,
    FlowAccount,
    MetricValue,
    NextChange,
    Passage,
    PathTaken,
    StageHeads,
    StageInterval,
    Transition,
)

__all__ = [
    "PARTS",
    "Between",
    "Board",
    "CohortConversion",
    "ComingChange",
    "ComingCount",
    "Counted",
    "CountedCustomers",
    "CustomerInStage",
    "Entered",
    "Figure",
    "FlowAccount",
    "Following",
    "Group",
    "Left",
    "LifecycleTrial",
    "MetricTrial",
    "MetricValue",
    "MoneyAccount",
    "Move",
    "Moved",
    "NextChange",
    "OfCohort",
    "OnPath",
    "Part",
    "Passage",
    "PathTaken",
    "StageHeads",
    "StageInterval",
    "StageMoney",
    "Standing",
    "Stayed",
    "TickLag",
    "Transition",
    "UnknownStageError",
    "ValueChange",
    "affected_lifecycles",
    "board",
    "check_stage",
    "coming_changes",
    "coming_counts",
    "commonest_paths",
    "conversion",
    "customer_history",
    "customers_behind",
    "customers_in",
    "flow_accounts",
    "following",
    "group_of",
    "lifecycle_named",
    "lifecycle_trial",
    "metric_trial",
    "metrics_of",
    "money_accounts",
    "money_metric",
    "next_change",
    "passages",
    "stage_counts",
    "stage_money",
    "tick_lag",
    "time_in_stage",
    "transitions",
    "values_found",
    "waiting_lifecycles",
]
