"""What a lifecycle's conditions come down to: atoms that time crosses, and fixed conditions.

Between two rows of a customer a metric is constant, or an age (``days_since_*``), or a count
in a rolling window. A comparison with an age or with such a count is an *atom*: it holds up
to one moment, its deadline, and not from then on. Everything else is *fixed*: only a row can
change it. Figures in windows that are no plain count against a literal are made fixed by
giving the moments at which events leave the window rows of their own (the sweep form).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tenure.definitions import Lifecycle
from tenure.definitions.expression.tree import Comparison, ComparisonOperator, Name, Node

AtomKind = Literal["age", "count", "window"]


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison that time alone can cross.

    Attributes:
        node: the comparison as it stands in the definition, names resolved.
        text: the same as text.
        kind: ``age``, ``count`` (in a window, against a literal) or ``window`` (swept).
        metrics: keys of the metrics that time moves in it; for an age the one whose age is
            compared.
        limit: what is compared with, in days or in the metric's unit; None where both sides
            move.
    """

    node: Comparison
    text: str
    kind: AtomKind
    metrics: tuple[str, ...]
    limit: Node | None


@dataclass(frozen=True, slots=True)
class AgeDeadline:
    """``scale * age + sum(by * (age_other - age)) < limit`` (or ``<=``), and its deadline.

    Attributes:
        metric: the age that is compared.
        inclusive: ``<=`` rather than ``<``.
        limit: in days, free of ages.
        spans: other ages with their coefficients; their difference to ``metric`` is constant.
        scale: coefficient of the age, never negative; 0 makes this a fixed condition.
    """

    metric: str
    inclusive: bool
    limit: Node
    spans: tuple[tuple[str, float], ...]
    scale: float


@dataclass(frozen=True, slots=True)
class CountDeadline:
    """A windowed count is at least ``least`` until the ``least``-th latest event leaves."""

    metric: str
    least: int


@dataclass(frozen=True, slots=True)
class SpanComparison:
    """A comparison of differences of ages: constant between two rows."""

    op: ComparisonOperator
    form: AgeDeadline


Deadline: TypeAlias = AgeDeadline | CountDeadline
Fixed: TypeAlias = "Node | SpanComparison"


@dataclass(frozen=True, slots=True)
class Plan:
    """A lifecycle made ready for the engine.

    Attributes:
        lifecycle: where it comes from.
        conditions: stage code and condition in checking order; the last has none. Leaves of
            a condition are the names ``deadline:i`` (the i-th deadline has not passed) and
            ``fixed:i`` (the i-th fixed condition holds).
        deadlines: each with the atom it belongs to, in that order; the atoms of ``atoms``.
        fixed: conditions that only rows change.
        atoms: all comparisons that time can cross: first the deadlines', then the swept.
        swept: keys of the windowed metrics that need the sweep form.
    """

    lifecycle: Lifecycle
    conditions: tuple[tuple[str, Node | None], ...]
    deadlines: tuple[Deadline, ...]
    fixed: tuple[Fixed, ...]
    atoms: tuple[Atom, ...]
    swept: tuple[str, ...]


def leaf(kind: Literal["deadline", "fixed"], index: int) -> Name:
    """The name that stands for a deadline or a fixed condition in a plan's conditions."""
    return Name(f"{kind}:{index}", "boolean")


def index_of(name: Name) -> tuple[str, int]:
    """Kind and index of a leaf."""
    kind, _, index = name.key.partition(":")
    return kind, int(index)
