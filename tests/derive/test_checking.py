"""Comparing the base: all of it or the new only, ended when asked; many accepted and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tenure.derive.customers.models import CustomerAction, IdentifierFault, Suggestion
from tenure.derive.customers.operations import decline_suggestion, refresh_suggestions
from tenure.derive.customers.operations.accepting import accept_group, undo_group
from tenure.derive.customers.operations.checking import (
    CheckStopped,
    begin_check,
    note_check,
    obey_stop,
    refresh_new_suggestions,
    stop_check,
)
from tenure.derive.customers.operations.faults import refresh_faults
from tenure.derive.customers.queries import customer_of
from tenure.derive.customers.queries.faults import identifier_faults
from tenure.derive.customers.queries.suggestions import (
    accepted_at_once,
    likely_right,
    suggestion_count,
    suggestion_runs,
    suggestions,
)
from tenure.derive.lifecycles.operations import tick
from tenure.record.events.models import Identifier
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import events_of, find_identifiers
from tests.derive.company import TESTER
from tests.derive.staff import START
from tests.derive.test_suggestions import AT, pairs

__all__ = ["pairs"]
Pairs = list[tuple[int, int]]
LATER = AT + timedelta(hours=1)


def _untold(share: float) -> None:
    """Nobody watches."""


def _copy_of(number: int) -> int:
    """Enter a person once more; the new customer."""
    [known] = find_identifiers(f"M{number:03d}a")
    event = next(iter(events_of([known.id], types=("customer.profiled",), with_personal=True)))
    facts = {**event.properties, **event.personal}
    entered = IncomingEvent(
        "customer.profiled", START + timedelta(days=2), {"member_no": "NEW1"}, facts, "new-1"
    )
    record_events([entered], source="crm", by=TESTER, at=AT)
    tick(at=AT + timedelta(minutes=5))
    return customer_of(find_identifiers("NEW1")[0].id)


def test_only_the_new_are_compared_with_all(pairs: Pairs) -> None:
    assert refresh_new_suggestions("person", at=AT) == 0  # all were never compared
    refresh_suggestions("person", at=AT)
    assert refresh_new_suggestions("person", at=AT) == 0  # nobody is new
    before = suggestion_count(viewer=TESTER)
    new = _copy_of(60)
    assert refresh_new_suggestions("person", at=LATER) == 1
    assert suggestion_count(viewer=TESTER) == before + 1
    [found] = [
        one for one in suggestions(viewer=TESTER, limit=100) if new in {one.left_id, one.right_id}
    ]
    assert found.probability >= 0.9
    [run] = suggestion_runs()
    assert (run.new_compared, run.new_at) == (1, LATER)
    assert run.looked_at > 0
    assert refresh_suggestions("person", at=LATER) == before + 1


def test_what_was_declined_stays_so_when_the_new_are_compared(pairs: Pairs) -> None:
    refresh_suggestions("person", at=AT)
    _copy_of(60)
    refresh_new_suggestions("person", at=AT)
    first = suggestions(viewer=TESTER)[0]
    decline_suggestion(first.id, by=TESTER, at=AT)
    count = suggestion_count(viewer=TESTER)
    Suggestion.objects.filter(state="declined").delete()
    refresh_suggestions("person", at=LATER)
    assert suggestion_count(viewer=TESTER) == count


def test_a_comparison_that_ends_early_changes_nothing(pairs: Pairs) -> None:
    refresh_suggestions("person", at=AT)
    before = list(Suggestion.objects.values_list("id", flat=True))
    note_check("job", by=TESTER, at=AT)
    stop_check()
    with pytest.raises(CheckStopped):
        refresh_suggestions("person", at=LATER, tell=lambda _share: obey_stop())
    assert list(Suggestion.objects.values_list("id", flat=True)) == before
    begin_check()
    obey_stop()


def test_many_are_accepted_in_parts_and_taken_back(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenure.derive.customers.operations.accepting.MOST_ACCEPTED", 7)
    refresh_suggestions("person", at=AT)
    total = suggestion_count(viewer=TESTER, least=0.9)
    assert accept_group("g1", 0.9, by=TESTER, at=AT, tell=_untold) == total
    assert CustomerAction.objects.filter(kind="accept").count() == -(-total // 7)
    [done] = accepted_at_once(viewer=TESTER, since=AT - timedelta(days=1))
    assert (done.group, done.pairs) == ("g1", total)
    tick(at=AT + timedelta(minutes=1))
    assert all(customer_of(left) == customer_of(right) for left, right in pairs)
    assert undo_group("g1", by=TESTER, at=LATER, tell=_untold) == total
    tick(at=LATER + timedelta(minutes=1))
    assert [(customer_of(a), customer_of(b)) for a, b in pairs] == pairs
    assert accepted_at_once(viewer=TESTER, since=AT - timedelta(days=1)) == []


def test_what_is_expected_right_comes_from_the_probabilities(pairs: Pairs) -> None:
    refresh_suggestions("person", at=AT)
    high, low = likely_right([1.1, 0.5], viewer=TESTER)
    assert (high.pairs, high.right) == (0, None)
    assert low.pairs == len(pairs)
    assert low.right is not None
    assert low.right >= 0.98


def test_identifiers_of_before_a_rule_are_read_again(pairs: Pairs) -> None:
    """As if a member number had been taken for an identity card before check digits counted."""
    assert refresh_faults(at=AT, tell=_untold) == 0
    [known] = find_identifiers("M000a")
    Identifier.objects.filter(id=known.id).update(type="id_number", value="110101199003070012")
    assert refresh_faults(at=AT, tell=_untold) == 1
    assert IdentifierFault.objects.get().fault == "unreadable"
    [found] = identifier_faults(viewer=TESTER)
    assert (found.type, found.customer_id) == ("id_number", customer_of(known.id))
