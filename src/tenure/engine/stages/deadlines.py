"""Deadlines and fixed conditions of a plan as columns: the arithmetic of exact crossings."""

from __future__ import annotations

import math
from functools import reduce
from typing import Protocol

import ibis
import ibis.expr.types as ir

from tenure.clock import DAY_US
from tenure.definitions.expression.tree import Name, Node
from tenure.engine.expressions import as_double, compare, number, value_of
from tenure.engine.stages.atoms import AgeDeadline, Fixed, SpanComparison
from tenure.engine.stages.linear import constant_of
from tenure.engine.stages.passes import Make

# Farther than any calendar, near enough that adding it to a moment cannot overflow.
_FARTHEST_US = 10**18


class Columns(Protocol):
    """Figures of metrics over some rows: after each of a customer's rows, or at one moment."""

    def value(self, rows: ir.Table, name: Name) -> ir.Value:
        """The figure of a metric."""
        ...

    def born(self, key: str) -> Make:
        """The moment from which the age ``key`` counts."""
        ...


def computed(figures: Columns, node: Node) -> Make:
    """The value of ``node`` in each row."""
    return lambda rows: value_of(node, lambda name: figures.value(rows, name))


def fixed_column(figures: Columns, fixed: Fixed) -> Make:
    """Whether a fixed condition holds in each row."""
    if not isinstance(fixed, SpanComparison):
        return computed(figures, fixed)
    spans, limit = _spans_us(figures, fixed.form), computed(figures, fixed.form.limit)
    op = fixed.op
    return lambda rows: compare(op, spans(rows), limit(rows) * number(DAY_US))


def _spans_us(figures: Columns, form: AgeDeadline) -> Make:
    """``sum(by * (age_other - age))`` in microseconds: differences of two births, exact."""
    born = figures.born(form.metric)
    others = [(figures.born(key), by) for key, by in form.spans]

    def total(rows: ir.Table) -> ir.Value:
        parts = [number(by) * as_double(born(rows) - other(rows)) for other, by in others]
        # Nothing but the age itself is left where ages cancel out: 0, and NULL where it is.
        return reduce(lambda a, b: a + b, parts or [as_double(born(rows) - born(rows))])

    return total


def age_deadline(figures: Columns, form: AgeDeadline) -> Make:
    """The moment from which the comparison no longer holds; NULL where it is NULL.

    ``age <= K`` holds while ``t - born <= floor(K * 86400e6)``, in whole microseconds.
    """
    born = figures.born(form.metric)
    constant = constant_of(form.limit)
    if constant is not None and not form.spans:
        after_us = _whole_us(constant, form)
        return lambda rows: born(rows) + after_us
    limit = computed(figures, form.limit)
    spans = _spans_us(figures, form) if form.spans else None

    def deadline(rows: ir.Table) -> ir.Value:
        exact = limit(rows) * number(DAY_US)
        if spans is not None:
            exact = exact - spans(rows)
        if form.scale != 1.0:
            exact = exact / number(form.scale)
        farthest = number(_FARTHEST_US)
        bounded = ibis.cases(
            (exact > farthest, farthest), (exact < -farthest, -farthest), else_=exact
        )
        whole = bounded.floor() + 1 if form.inclusive else bounded.ceil()
        return born(rows) + whole.cast("int64")

    return deadline


def _whole_us(days: float, form: AgeDeadline) -> int:
    """How many whole microseconds after birth the comparison still holds."""
    exact = days * float(DAY_US) / form.scale
    exact = min(max(exact, -float(_FARTHEST_US)), float(_FARTHEST_US))
    return math.floor(exact) + 1 if form.inclusive else math.ceil(exact)
