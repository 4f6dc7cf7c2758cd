from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tenure.definitions import load_text
from tenure.engine.lake import Lake
from tenure.engine.schema import EVENT_BASE
from tenure.record.events.jobs import export_to_lake, exporting
from tenure.record.events.jobs.reading_ahead import read_ahead
from tenure.record.events.models import Event
from tenure.record.events.operations import undo_batch
from tenure.record.events.queries import last_event_id
from tenure.record.library.operations import publish
from tenure.record.library.queries import current_library
from tests.record.shop import MAY, NOW, TESTER, open_shop, sale, tell


def export(lake: Lake) -> int:
    return export_to_lake(lake, library=current_library()[0], at=NOW)


def contents(lake: Lake) -> list[dict[str, object]]:
    parts = [str(part) for part in lake.parts()]
    if not parts:
        return []
    query = f"SELECT * FROM read_parquet({parts}, union_by_name=true, hive_partitioning=false)"
    table = duckdb.sql(f"{query} ORDER BY event_id").to_arrow_table()
    assert set(EVENT_BASE.names) <= set(table.column_names)
    found: list[dict[str, object]] = table.to_pylist()
    return found


@pytest.mark.django_db
class TestInside:
    @pytest.fixture(autouse=True)
    def _shop(self, db: None, tmp_path: Path) -> None:
        open_shop()
        self.lake = Lake(tmp_path / "lake")

    def test_columns_and_promoted_fields(self) -> None:
        tell(sale(1, fields={"channel": "web", "pieces": 3, "gift": True}), batch_id=4)
        tell(sale(2, identifiers={}, type="site.opened", fields={"page": "/"}))
        assert export(self.lake) == 2
        one, two = contents(self.lake)
        assert (one["f_channel"], one["f_pieces"], one["f_gift"]) == ("web", 3, True)
        assert (one["type"], one["amount_e4"], one["currency"]) == ("sale.made", 125_000, "CNY")
        assert (one["local_date"], one["batch_id"]) == (date(2025, 5, 1), 4)
        assert (two["identifier_id"], two["currency"], two["f_page"]) == (None, None, "/")
        assert "f_receiver" not in one
        assert "f_remarks" not in one

    def test_only_what_is_new(self) -> None:
        tell(sale(1))
        assert export(self.lake) == 1
        assert export(self.lake) == 0
        tell(sale(2), sale(1))
        assert export(self.lake) == 1
        assert self.lake.cursor == last_event_id()

    def test_a_field_declared_later_gets_its_column_for_old_events_too(self) -> None:
        tell(sale(1, fields={"colour": "red"}), sale(2, type="parrot.bought", fields={"age": "7"}))
        export(self.lake)
        later = (
            "kind: event_type\nkey: parrot.bought\nname: {zh: 买鹦鹉, en: Parrot bought}\n"
            "fields: {age: {type: integer}, colour: {type: string}}\n---\n"
            "kind: event_type\nkey: sale.made\nname: {zh: 成交, en: Sale made}\n"
            "fields: {sale_id: {type: string}, colour: {type: string}}\n"
        )
        publish(load_text(later), note="colours", by=TESTER, at=NOW)
        assert export(self.lake) == 0
        one, two = contents(self.lake)
        assert (one["f_colour"], two["f_colour"], two["f_age"]) == ("red", None, 7)

    def test_an_undeclared_field_that_has_a_column_is_in_it(self) -> None:
        tell(sale(1, fields={"page": "/sale"}))
        export(self.lake)
        assert contents(self.lake)[0]["f_page"] == "/sale"

    def test_a_log_from_an_older_backup_makes_the_lake_anew(self) -> None:
        tell(*(sale(n) for n in range(5)))
        export(self.lake)
        newest = last_event_id()
        Event.objects.filter(id__gt=newest - 2).delete()
        assert export(self.lake) == 3
        assert len(contents(self.lake)) == 3
        assert self.lake.cursor == newest - 2

    def test_an_undone_import_stays_in_the_lake(self) -> None:
        tell(sale(1), batch_id=3)
        undo_batch(3, reason="x", by=TESTER, at=NOW)
        export(self.lake)
        assert [row["type"] for row in contents(self.lake)] == ["sale.made", "import.undone"]

    def test_the_moment_is_aware(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            export_to_lake(self.lake, library=current_library()[0], at=NOW.replace(tzinfo=None))


# The test database of SQLite lies in memory; test_crash exports from a file.
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_through_a_connection_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_FEW", 0)
    open_shop()
    tell(sale(1, identifiers={}, type="site.opened", fields={"page": "/"}))
    tell(*(sale(n, occurred_at=MAY + timedelta(days=n)) for n in range(2, 60)))
    columns, rows = Lake(tmp_path / "columns"), Lake(tmp_path / "rows")
    assert export(columns) == 59
    from django.db import transaction

    with transaction.atomic():
        assert export(rows) == 59
    assert contents(columns) == contents(rows)
    shutil.rmtree(tmp_path / "rows")


def test_reading_ahead_keeps_order_and_errors() -> None:
    def pieces(fail_at: int) -> object:
        for number in range(10):
            if number == fail_at:
                raise RuntimeError("no more")
            yield pa.scalar(number).as_py()

    assert list(read_ahead(pieces(99))) == list(range(10))  # type: ignore[arg-type]
    failing = read_ahead(pieces(4))  # type: ignore[arg-type]
    assert [next(failing) for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(RuntimeError, match="no more"):
        next(failing)
    early = read_ahead(pieces(99))  # type: ignore[arg-type]
    assert next(early) == 0
    early.close()  # type: ignore[attr-defined]
