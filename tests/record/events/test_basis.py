"""What the log is kept in: chosen while it is empty, settled by its first event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tenure.actor import SYSTEM
from tenure.definitions import load_pack
from tenure.record.events.models import Basis, Event
from tenure.record.events.operations import (
    BasisError,
    IncomingEvent,
    record_events,
    recording,
    set_basis,
)
from tenure.record.events.queries import LogBasis, basis
from tenure.record.library.operations import publish
from tests.guard.staff import AT
from tests.shape.source import own_modules

pytestmark = pytest.mark.django_db
NEW_YEAR = IncomingEvent(
    type="order.placed",
    occurred_at=datetime(2025, 12, 31, 20, tzinfo=UTC),
    identifiers={"email": "li@example.com"},
    fields={"amount": "10.00"},
    key="1",
)


@pytest.fixture(autouse=True)
def house() -> None:
    publish(load_pack("core"), note="test", by=SYSTEM, at=AT)


def test_a_house_begins_as_the_environment_says(settings: Any) -> None:
    assert basis() == LogBasis(settings.TENURE_BASE_CURRENCY, settings.TENURE_ZONE)
    settings.TENURE_BASE_CURRENCY, settings.TENURE_ZONE = "USD", "UTC"
    assert basis() == LogBasis("CNY", "Asia/Shanghai")  # the house, not the environment


def test_events_are_kept_in_what_was_chosen() -> None:
    set_basis(currency="USD", zone="America/New_York")
    record_events([NEW_YEAR], source="shop", by=SYSTEM, at=AT)
    assert str(Event.objects.get().local_date) == "2025-12-31"
    assert basis().currency == "USD"


def test_the_first_event_settles_it() -> None:
    record_events([NEW_YEAR], source="shop", by=SYSTEM, at=AT)
    assert str(Event.objects.get().local_date) == "2026-01-01"
    for currency, zone in (("USD", "Asia/Shanghai"), ("CNY", "UTC")):
        with pytest.raises(BasisError, match="TENURE_HOME"):
            set_basis(currency=currency, zone=zone)
    set_basis(currency="CNY", zone="Asia/Shanghai")  # as it is
    assert basis() == LogBasis("CNY", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("currency", "zone"), [("yuan", "UTC"), ("", "UTC"), ("CNY", "Mars/Base"), ("CNY", "../etc")]
)
def test_only_what_there_is(currency: str, zone: str) -> None:
    with pytest.raises(BasisError):
        set_basis(currency=currency, zone=zone)


def test_events_read_under_another_basis_are_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere() -> None:
        Basis.objects.update(zone="UTC")

    monkeypatch.setattr(recording, "lock_log", elsewhere)
    with pytest.raises(BasisError, match="try again"):
        record_events([NEW_YEAR], source="shop", by=SYSTEM, at=AT)
    assert not Event.objects.exists()


def test_there_is_one_reader_of_the_settings() -> None:
    first = ("TENURE_BASE_CURRENCY", "TENURE_ZONE")
    readers = {
        module.name
        for module in own_modules()
        if any(f"settings.{name}" in module.path.read_text() for name in first)
    }
    # The terminal checks what the environment says before there is a house.
    assert readers == {"tenure.record.events.operations.basis", "tenure.cli.house"}
