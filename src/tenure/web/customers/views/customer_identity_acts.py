"""Acts about who a customer is and which of several values counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenure.clock import now
from tenure.derive.customers.operations import unmerge_customers
from tenure.derive.customers.operations.preferring import prefer_value, unprefer_value
from tenure.derive.customers.queries.profile import field_story
from tenure.derive.lifecycles.jobs import follow_log
from tenure.web.customers.views.act_inputs import Done, number, text, undo_by
from tenure.web.customers.views.customer_frame import Opened
from tenure.words import Words


def _unmerge(opened: Opened) -> Done:
    left, right = number(opened, "left"), number(opened, "right")
    reason = text(opened, "reason")
    unmerge_customers(left, right, reason=reason, by=opened.viewer, at=now())
    follow_log.enqueue()
    return Words("已撤销合并，片刻后恢复成两位客户", "Taken apart; two customers in a moment"), None


def _prefer(opened: Opened) -> Done:
    key, event = text(opened, "field"), number(opened, "event")
    before = field_story(opened.customer_id, key, viewer=opened.viewer).entry
    prefer_value(opened.customer_id, key, event, by=opened.viewer, at=now())
    follow_log.enqueue()
    undo = undo_by(opened, "unprefer", field=key)
    if before.chosen == "preferred":
        undo = undo_by(opened, "prefer", field=key, event=before.event_id)
    return Words("已指定显示这个值", "This value is shown from now on"), undo


def _unprefer(opened: Opened) -> Done:
    key = text(opened, "field")
    before = field_story(opened.customer_id, key, viewer=opened.viewer).entry
    unprefer_value(opened.customer_id, key, by=opened.viewer, at=now())
    follow_log.enqueue()
    undo = None
    if before.chosen == "preferred":
        undo = undo_by(opened, "prefer", field=key, event=before.event_id)
    return Words("又按规则显示", "The rule chooses again"), undo


IDENTITY_ACTS: Mapping[str, Callable[[Opened], Done]] = {
    "unmerge": _unmerge,
    "prefer": _prefer,
    "unprefer": _unprefer,
}
