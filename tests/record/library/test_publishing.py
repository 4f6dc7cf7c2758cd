from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from tenure.definitions import DefinitionError, load_pack, load_text, pack_keys
from tenure.record.events.events import OWN_TYPES
from tenure.record.library.models import DefinitionVersion, Publication
from tenure.record.library.operations import publish, publish_packs
from tenure.record.library.queries import (
    as_published,
    current_library,
    diff_with_published,
    published_versions,
    versions,
)
from tests.record.shop import TESTER, shop_definitions

pytestmark = pytest.mark.django_db
FIRST, SECOND = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)
METRIC = "kind: metric\nkey: sales\nname: {zh: 成交数, en: Sales}\nof: [sale.made]\nagg: count\n"
CHANGED = METRIC + "window: 30d\n"


def shop(note: str = "opening") -> None:
    publish([*shop_definitions(), *load_text(METRIC)], note=note, by=TESTER, at=FIRST)


def test_an_empty_library_is_a_library() -> None:
    library, fingerprint = current_library()
    assert not library.metrics
    assert len(fingerprint) == 64


def test_what_changed_gets_the_next_version_and_nothing_else() -> None:
    shop()
    assert publish(load_text(METRIC), note="again", by=TESTER, at=SECOND) == []
    [published] = publish(load_text(CHANGED), note="window", by=TESTER, at=SECOND)
    assert (published.kind, published.key, published.number) == ("metric", "sales", 2)
    one, two = versions("metric", "sales")
    assert (one.note, one.published_at, one.number) == ("opening", FIRST, 1)
    assert (two.note, two.published_by, two.number) == ("window", TESTER.key, 2)
    assert one.definition() == load_text(METRIC)[0]
    assert current_library()[0].metrics["sales"].window_us == 30 * 86_400_000_000


def test_going_back_is_a_new_version_with_the_old_words() -> None:
    shop()
    publish(load_text(CHANGED), note="window", by=TESTER, at=SECOND)
    before = current_library()[1]
    [published] = publish(load_text(METRIC), note="back", by=TESTER, at=SECOND)
    assert published.number == 3
    assert published.fingerprint == versions("metric", "sales")[0].fingerprint
    assert current_library()[1] != before


def test_the_library_as_it_was_published() -> None:
    shop()
    publish(load_text(CHANGED), note="window", by=TESTER, at=SECOND)
    assert not as_published(datetime(2024, 12, 31, tzinfo=UTC))[0].metrics
    then, fingerprint = as_published(datetime(2025, 1, 15, tzinfo=UTC))
    assert then.metrics["sales"].window_us is None
    assert fingerprint != current_library()[1]
    assert as_published(SECOND)[1] == current_library()[1]


def test_what_does_not_hold_together_is_not_published() -> None:
    shop()
    lost = METRIC.replace("sale.made", "sale.maid").replace("key: sales", "key: other")
    with pytest.raises(DefinitionError, match=r"sale\.made"):
        publish([*load_text(lost), *load_text(CHANGED)], note="x", by=TESTER, at=SECOND)
    assert Publication.objects.count() == 1
    with pytest.raises(DefinitionError):
        publish([*load_text(METRIC), *load_text(CHANGED)], note="twice", by=TESTER, at=SECOND)


def test_the_differences_are_told_before() -> None:
    shop()
    new = METRIC.replace("sales", "sales_ever")
    found = diff_with_published([*load_text(CHANGED), *load_text(new), *shop_definitions()])
    assert [(item.key, item.number) for item in found] == [("sales", 1), ("sales_ever", None)]
    assert found[0].changes


@pytest.mark.parametrize("model", [Publication, DefinitionVersion])
def test_the_database_refuses_to_edit_what_was_published(model: type[Publication]) -> None:
    shop()
    field = "note" if model is Publication else "body"
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        model.objects.update(**{field: "other"})


def test_publishing_is_seen_at_once_and_costs_one_query_after(
    django_assert_num_queries: object,
) -> None:
    shop()
    library, _ = current_library()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert current_library()[0] is library
    publish(load_text(CHANGED), note="window", by=TESTER, at=SECOND)
    assert current_library()[0] is not library


@pytest.mark.parametrize("key", pack_keys())
def test_every_pack_can_be_published(key: str) -> None:
    publish_packs([key], note="pack", by=TESTER, at=FIRST)
    assert key in current_library()[0].packs
    assert {version.kind for version in published_versions()} >= {"pack", "party_type"}
    assert publish_packs([key], note="pack", by=TESTER, at=SECOND) == []


def test_the_logs_own_types_are_those_of_the_core_pack() -> None:
    packed = {found.key: found for found in load_pack("core")}
    assert {key: packed[key] for key in OWN_TYPES} == OWN_TYPES
