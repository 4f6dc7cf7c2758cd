"""Typing in where a customer came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tenure.clock import now
from tenure.definitions import Library
from tenure.derive.customers.operations.touching import TOUCHED, record_touch
from tenure.web.customers.views.act_inputs import Done, InputError, text
from tenure.web.customers.views.customer_frame import Opened
from tenure.words import Words


def touch_choices(library: Library) -> Mapping[str, Words]:
    """The channels that can be chosen, online and offline."""
    kind = library.event_types.get(TOUCHED)
    fields = kind.fields if kind else ()
    return next((dict(one.choices) for one in fields if one.key == "touch_source"), {})


def touch(opened: Opened) -> Done:
    """Record the touch."""
    told = text(opened, "on")
    try:
        on = date.fromisoformat(told) if told else None
    except ValueError as wrong:
        raise InputError(Words("日期不是日期", "the day is no date")) from wrong
    record_touch(
        opened.customer_id,
        text(opened, "channel"),
        campaign=text(opened, "campaign"),
        referred_by=text(opened, "referred_by"),
        on=on,
        by=opened.viewer,
        at=now(),
    )
    return Words("已记录从哪里来", "Where from is recorded"), None
