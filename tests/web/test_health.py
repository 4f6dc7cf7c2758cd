"""Data health: measured in the background, shown by source; refused events mended and replayed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.config.jobs.worker import run_due
from tenure.derive.lifecycles.operations import tick
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.models import DeadLetter, Event
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.events.queries import latest_quality, sources_of, types_of
from tests.web.house import Enter, enter, open_first

__all__ = ["enter"]
pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> None:
    open_first(tmp_path, settings, "general")


def order(number: int, at: datetime, **fields: object) -> IncomingEvent:
    amount = {"amount": fields.pop("amount", "10.00")}
    return IncomingEvent(
        type="order.placed",
        occurred_at=at,
        identifiers={"customer_id": f"C{number}"},
        fields={**amount, **fields},
        key=f"K{number}-{at.isoformat()}",
    )


def record(*events: IncomingEvent, source: str = "till") -> None:
    record_events(list(events), source=source, by=SYSTEM, at=now())


def some_orders() -> None:
    start = now() - 10 * DAY
    record(*(order(n, start + n * DAY / 2, channel="web") for n in range(10)))
    record(order(77, start), order(77, start, quantity="many"), source="legacy")
    tick(at=now())


def measured() -> None:
    some_orders()
    from tenure.record.events.jobs import measure_log

    measure_log.enqueue()
    run_due()


def test_what_is_measured() -> None:
    measured()
    found = latest_quality()
    assert found is not None
    sources = {one.source: one for one in sources_of(found, today=now().date())}
    assert sources["till"].events == 10
    assert sources["till"].anonymous == 0
    assert sources["till"].is_stale
    fields = {field.key: field for field in types_of(found, "till")[0].fields}
    assert fields["channel"].filled == 1
    assert fields["amount"].filled == 1
    assert fields["product"].filled == 0


def test_repeats_and_undone_imports(tmp_path: Path) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    same = [order(1, at), order(1, at)]
    same[1].key = "another"
    record(*same)
    tick(at=now())
    from tenure.record.events.operations.measuring import measure_quality

    assert [kind.repeated for kind in measure_quality(at=now()).kinds] == [1]


def test_an_empty_house_says_what_to_do(enter: Enter) -> None:
    client = enter()
    assert "Not measured yet" in client.get("/health/").content.decode()
    client.post("/health/measure/")
    assert "Measuring in the background" in client.get("/health/").content.decode()
    run_due()
    assert client.get("/health/").context["measured"] is not None
    for path in ("functions/", "oddities/", "links/", "refused/"):
        assert client.get(f"/health/{path}").status_code == 200


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sources_and_functions(enter: Enter, language: str) -> None:
    measured()
    client = enter(language=language)
    page = client.get("/health/")
    assert [one.source for one in page.context["sources"]][:1] == ["till"]
    assert client.get("/health/source/?source=till").status_code == 200
    assert client.get("/health/source/?source=nobody").status_code == 404
    functions = {one.key: one for one in client.get("/health/functions/").context["functions"]}
    assert functions["messaging"].state != "ready"
    assert any(need.met for need in functions["value"].needs)
    assert any(one.lifecycle for one in functions.values())


def refused() -> None:
    at = now() - DAY
    bad = [order(n, at, amount="ten") for n in range(3)]
    record(*bad, order(9, at))


def test_a_refused_event_is_mended_in_a_form(enter: Enter) -> None:
    refused()
    client = enter()
    [group] = client.get("/health/refused/").context["groups"]
    assert len(group) == 3
    rows = client.get(f"/health/refused/?group={group.key}").context["rows"]
    number = rows[0].id
    page = client.get(f"/health/refused/{number}/")
    form = page.context["form"]
    said = {name: getattr(form, name) for name in ("type", "occurred_at", "key", "currency")}
    for prefix, lines in (("identifier", form.identifiers), ("field", form.fields)):
        for line in lines:
            said[f"{prefix}-name-{line.number}"] = line.name
            said[f"{prefix}-value-{line.number}"] = line.value
    again = client.post(f"/health/refused/{number}/", said)
    assert again.url == f"/health/refused/{number}/"  # type: ignore[attr-defined]
    [place] = [key for key, value in said.items() if value == "ten"]
    client.post(f"/health/refused/{number}/", {**said, place: "10.50"})
    letter = DeadLetter.objects.get(pk=number)
    assert letter.status == DeadLetter.Status.REPLAYED
    assert Event.objects.filter(type="order.placed").count() == 2
    assert {"dead_letter.viewed", "dead_letter.mended"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_all_of_a_reason_are_replayed_and_one_discarded(enter: Enter) -> None:
    refused()
    client = enter()
    [group] = client.get("/health/refused/").context["groups"]
    answer = client.post("/health/refused/replay/", {"group": group.key}, follow=True)
    assert "refused again 3" in answer.content.decode()
    number = group.ids[0]
    assert client.post(f"/health/refused/{number}/discard/", {"reason": ""}).status_code == 400
    client.post(f"/health/refused/{number}/discard/", {"reason": "test data"})
    assert DeadLetter.objects.get(pk=number).note == "test data"
    assert client.get(f"/health/refused/{number}/").status_code == 200


@pytest.mark.parametrize(
    "field", ["occurred_at=yesterday", "whole={", "occurred_at=2026-01-01T00:00:00"]
)
def test_what_is_no_event_is_told(enter: Enter, field: str) -> None:
    refused()
    number = DeadLetter.objects.first().pk  # type: ignore[union-attr]
    name, _, value = field.partition("=")
    said = {"type": "order.placed", name: value}
    assert enter().post(f"/health/refused/{number}/", said).status_code == 400


def test_only_those_with_the_right_enter(enter: Enter) -> None:
    refused()
    number = DeadLetter.objects.first().pk  # type: ignore[union-attr]
    sales = enter("sales")
    for path in ("", "source/", "functions/", "oddities/", "links/", "refused/"):
        assert sales.get(f"/health/{path}").status_code == 403, path
    assert sales.get(f"/health/refused/{number}/").status_code == 403
    assert sales.post("/health/refused/replay/").status_code == 403
    assert sales.post(f"/health/refused/{number}/discard/").status_code == 403


def test_queries_of_the_pages_are_few(
    enter: Enter, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    measured()
    refused()
    client = enter()
    for path in ("/health/", "/health/functions/", "/health/refused/"):
        with django_assert_max_num_queries(20):
            assert client.get(path).status_code == 200


def test_personal_fields_and_long_texts_count_as_filled() -> None:
    at = now() - DAY
    told = [
        IncomingEvent(
            type="customer.profiled",
            occurred_at=at,
            identifiers={"customer_id": f"C{n}"},
            fields={"full_name": "Ann", **({"address": "1 High Street"} if n else {})},
            key=f"P{n}",
        )
        for n in range(4)
    ]
    record(*told, source="crm")
    tick(at=now())
    from tenure.record.events.operations.measuring import measure_quality

    measure_quality(at=now())
    found = latest_quality()
    assert found is not None
    fields = {field.key: field.filled for field in types_of(found, "crm")[0].fields}
    assert (fields["full_name"], fields["address"], fields["remark"]) == (1, 0.75, 0)


def test_what_files_bring_is_neither_late_nor_quiet(enter: Enter) -> None:
    old = now() - 400 * DAY
    orders = [order(n, old + n * DAY) for n in range(5)]
    record_events(orders, source="file", by=SYSTEM, at=now(), batch_id=7)
    record(*(order(n, old + n * DAY) for n in range(5)), source="till")
    tick(at=now())
    from tenure.record.events.operations.measuring import measure_quality

    measure_quality(at=now())
    found = latest_quality()
    assert found is not None
    sources = {one.source: one for one in sources_of(found, today=now().date())}
    assert (sources["file"].timely, sources["file"].is_stale) == (None, False)
    assert (sources["till"].timely, sources["till"].is_stale) == (0, True)
    assert "latest million" in enter().get("/health/").content.decode()
