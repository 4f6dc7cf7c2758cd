"""The audit: read by right, page by page; exports that are unusual."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tenure.actor import SYSTEM, Actor
from tenure.guard.access.queries import ForbiddenError
from tenure.guard.audit.operations import export_audit, note
from tenure.guard.audit.queries import Filters, Place, audit_page, unusual_exports
from tenure.guard.trail.models import AuditEntry
from tests.guard.staff import AT, staff

pytestmark = pytest.mark.django_db
ANNA, BERT = Actor("account:901", "person", "Anna"), Actor("account:902", "person", "Bert")
DAY = timedelta(days=1)


def _look(by: Actor, at: datetime, customer: int = 1) -> None:
    note("customer.viewed", by=by, at=at, about=f"customer:{customer}")


def _export(by: Actor, at: datetime, rows: int) -> None:
    note("customer.exported", by=by, at=at, detail={"rows": rows})


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    for n in range(25):
        _look(ANNA, AT + timedelta(seconds=n // 3), n)
    seen: list[int] = []
    before: Place | None = None
    while True:
        page = audit_page(Filters(), SYSTEM, before=before, limit=4)
        seen += [entry.entry_id for entry in page.entries]
        if page.older is None:
            break
        before = page.older
    assert len(seen) == 25
    assert seen == sorted(seen, reverse=True)


def test_filters_narrow() -> None:
    _look(ANNA, AT)
    _look(BERT, AT + DAY, 2)
    _export(BERT, AT + 2 * DAY, 10)
    for filters, count in (
        (Filters(actor=BERT.key), 2),
        (Filters(action="customer.viewed"), 2),
        (Filters(about="customer:2"), 1),
        (Filters(since=AT + DAY), 2),
        (Filters(until=AT + DAY), 1),
        (Filters(actor=ANNA.key, since=AT + DAY), 0),
    ):
        page = audit_page(filters, SYSTEM)
        assert (len(page.entries), page.count, page.counted_all) == (count, count, True)


def test_only_those_with_the_right_see_and_export_it() -> None:
    seller, admin = staff("sales"), staff("administrator")
    with pytest.raises(ForbiddenError):
        audit_page(Filters(), seller)
    with pytest.raises(ForbiddenError):
        export_audit(Filters(), by=seller, at=AT)
    exported = export_audit(Filters(), by=admin, at=AT, most=3)
    assert (len(exported.entries), exported.whole) == (3, False)
    told = AuditEntry.objects.get(action="audit.exported")
    assert (told.actor, told.exported) == (admin.key, 3)


def test_many_rows_at_once_are_unusual_for_anyone() -> None:
    _export(ANNA, AT, 6_000)
    _export(BERT, AT, 4_999)
    (found,) = unusual_exports(AT - DAY, SYSTEM)
    assert (found.actor, found.rows) == (ANNA.key, 6_000)
    assert "6,000" in found.reason.zh


def test_several_times_the_usual_is_unusual() -> None:
    for n in range(10):
        _export(ANNA, AT + n * DAY, 100)
        _export(BERT, AT + n * DAY, 1_000)
    late = AT + 12 * DAY
    _export(ANNA, late, 300)
    _export(ANNA, late + timedelta(hours=1), 300)
    _export(BERT, late, 1_500)
    (found,) = unusual_exports(late - DAY, SYSTEM)
    assert (found.actor, found.rows, found.usual) == (ANNA.key, 600, 100)
    assert not unusual_exports(late + DAY, SYSTEM)
    assert not unusual_exports(late - DAY, staff("sales"))


def test_a_page_takes_few_queries(django_assert_num_queries: object) -> None:
    for n in range(60):
        _look(ANNA, AT, n)
    with django_assert_num_queries(2):  # type: ignore[operator]
        audit_page(Filters(actor=ANNA.key), SYSTEM)
