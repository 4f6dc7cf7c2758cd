from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tenure.record.events.models import Event
from tests.record.shop import open_shop, sale, tell


@pytest.mark.django_db
def test_the_database_refuses_to_rewrite_an_event() -> None:
    open_shop()
    tell(sale(1))
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Event.objects.update(source="another")
    assert Event.objects.get().source == "till"


@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_and_forth() -> None:
    for app in ("events", "library", "vault"):
        call_command("migrate", app, "zero", verbosity=0)
    assert "events_event" not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)
    assert "events_event" in connection.introspection.table_names()


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    told = io.StringIO()
    call_command("makemigrations", "events", "library", "vault", check=True, stdout=told)
    assert "No changes" in told.getvalue()


@pytest.mark.django_db
def test_an_event_may_lose_a_field_and_nothing_else() -> None:
    open_shop()
    tell(sale(1, type="odd.thing", fields={"a": 1, "b": [1, {"c": "x"}], "d": "y"}))
    row = Event.objects.get()
    kept = json.loads(row.properties)
    for other in ({**kept, "a": 2}, {**kept, "e": 1}, {**kept, "b": [2]}, {**kept, "a": "1"}):
        with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
            Event.objects.update(properties=json.dumps(other))
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Event.objects.update(identifier_id=7)
    kept.pop("b")
    Event.objects.update(properties=json.dumps(kept), amount_e4=5, currency="CNY")
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Event.objects.update(amount_e4=6)
    assert json.loads(Event.objects.get().properties) == kept
