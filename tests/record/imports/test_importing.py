from __future__ import annotations

import csv
import stat
from pathlib import Path

import openpyxl
import pytest

from tenure.actor import SYSTEM
from tenure.record.events.models import DeadLetter, Identifier
from tenure.record.imports.operations import CannotImportError, try_file, undo_import
from tenure.record.imports.operations.mapping import load_map
from tenure.record.imports.queries import import_summary, imports
from tenure.words import TenureError

from .files import AT, ORDERS, ORDERS_MAP, events, fields, load, put

pytestmark = pytest.mark.usefixtures("library")


def test_rows_become_events_with_identifiers_amounts_and_fields(tmp_path: Path) -> None:
    outcome = load(put(tmp_path, ORDERS))
    assert outcome.tally.types == {"order.placed": 3}
    assert outcome.tally.amounts == {"order.placed": "1265.00"}
    assert outcome.report is None
    first, _, third = events()
    assert first.identifier_id == third.identifier_id
    assert third.amount_e4 == 12_345_000
    assert fields(first) == {"order_id": "A1"}
    assert str(first.local_date) == "2024-05-01"
    assert first.batch_id == outcome.import_id


def test_the_same_file_twice_records_nothing_new_under_any_name_or_delimiter(
    tmp_path: Path,
) -> None:
    load(put(tmp_path, ORDERS))
    again = load(put(tmp_path, ORDERS.replace('"1,234.50"', '"1,234.50"'), "other.csv"))
    assert (again.tally.accepted, again.tally.repeated) == (0, 3)
    tabs = (
        ORDERS.replace('"1,234.50"', "1234.50x").replace(",", "\t").replace("1234.50x", "1,234.50")
    )
    third = load(put(tmp_path, tabs, "tabs.tsv"))
    assert (third.tally.accepted, third.tally.repeated) == (0, 3)


def test_overlapping_exports_are_recorded_once(tmp_path: Path) -> None:
    load(put(tmp_path, ORDERS))
    more = ORDERS.replace("A1,K1,2024-05-01,10.50\n", "") + "A4,K9,2024-05-04,1\n"
    assert load(put(tmp_path, more, "later.csv")).tally.accepted == 1


def test_equal_rows_of_one_file_are_kept_or_dropped_as_the_map_says(tmp_path: Path) -> None:
    text = ORDERS + "A1,K1,2024-05-01,10.50\n" * 2
    kept = load(put(tmp_path, text))
    assert (kept.tally.accepted, kept.tally.duplicates, kept.tally.dropped) == (5, 2, 0)
    again = load(put(tmp_path, text, "again.csv"))
    assert (again.tally.accepted, again.tally.repeated) == (0, 5)
    dropped = load(put(tmp_path, text), ORDERS_MAP.replace("shop", "x") + "duplicates: drop\n")
    assert (dropped.tally.accepted, dropped.tally.dropped) == (3, 2)


def test_a_key_of_its_own_tells_rows_apart(tmp_path: Path) -> None:
    keyed = ORDERS_MAP + "key: order\n"
    load(put(tmp_path, ORDERS), keyed)
    changed = ORDERS.replace("10.50", "99") + ",K5,2024-05-09,1\n"
    outcome = load(put(tmp_path, changed, "b.csv"), keyed)
    assert (outcome.tally.repeated, outcome.tally.refused) == (3, 1)
    assert "key is empty" in outcome.examples[0][1].en


def test_refused_rows_go_to_a_private_report_that_can_be_mended(tmp_path: Path) -> None:
    text = ORDERS + "A4,K4,2024-31-05,5\nA5,K5,2024-05-05,five\nA6,K6,2031-01-01,5\nA7,K7\n"
    outcome = load(put(tmp_path, text, encoding="utf-8"))
    assert (outcome.tally.accepted, outcome.tally.refused) == (3, 4)
    assert outcome.report is not None
    assert stat.S_IMODE(outcome.report.stat().st_mode) == 0o600
    with outcome.report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["order", "customer", "date", "amount", "line (tenure)", "reason (tenure)"]
    assert [row[4] for row in rows[1:]] == ["5", "6", "8", "7"]
    assert "does not fit" in rows[1][5]
    assert "amount: “five” is not a number" in rows[2][5]
    assert not DeadLetter.objects.exists()
    mended = tmp_path / "mended.csv"
    mended.write_text(
        outcome.report.read_text("utf-8-sig")
        .replace("2024-31-05", "2024-05-31")
        .replace("five,", "5,")
        .replace("2031-", "2021-")
        .replace("A7,K7,,", "A7,K7,2024-05-07,1"),
        "utf-8-sig",
    )
    again = load(mended)
    assert (again.tally.accepted, again.tally.refused) == (4, 0)
    assert load(mended).tally.repeated == 4


def test_a_trial_finds_everything_and_writes_nothing(tmp_path: Path) -> None:
    path = put(tmp_path, ORDERS + "A4,K4,2024-31-05,5\nA6,K6,2031-01-01,5\n")
    outcome = try_file(path, load_map(ORDERS_MAP, "map"), by=SYSTEM, at=AT)
    assert (outcome.tally.accepted, outcome.tally.refused) == (3, 2)
    assert [line for line, _ in outcome.examples] == [5, 6]
    assert not events()
    assert not imports()
    assert not Identifier.objects.exists()


def test_what_an_overlapping_import_told_too_outlives_the_undo(tmp_path: Path) -> None:
    lines = ORDERS.splitlines(keepends=True)
    march, spring = "".join(lines[:3]), "".join([lines[0], *lines[2:]])
    first = load(put(tmp_path, march, "march.csv")).import_id
    second = load(put(tmp_path, spring, "spring.csv"))
    assert (second.tally.accepted, second.tally.repeated) == (1, 1)
    assert first is not None
    undo_import(first, reason="sent twice", by=SYSTEM, at=AT)
    standing = [event for event in events() if event.batch_id == second.import_id]
    assert {fields(event)["order_id"] for event in standing} == {"A2", "A3"}


def test_an_import_is_undone_as_a_whole_and_may_come_again(tmp_path: Path) -> None:
    path = put(tmp_path, ORDERS)
    outcome = load(path)
    assert outcome.import_id is not None
    taken = undo_import(outcome.import_id, reason="wrong file", by=SYSTEM, at=AT)
    assert taken.types == {"order.placed": 3}
    summary = import_summary(outcome.import_id)
    assert summary is not None
    assert (summary.status, summary.undone_at) == ("undone", AT)
    with pytest.raises(CannotImportError, match="undone before"):
        undo_import(outcome.import_id, reason="again", by=SYSTEM, at=AT)
    with pytest.raises(CannotImportError, match="no import 999"):
        undo_import(999, reason="", by=SYSTEM, at=AT)
    assert load(path).tally.accepted == 3
    assert load(path).tally.repeated == 3


def test_lines_of_an_order_become_one_event_wherever_they_stand(tmp_path: Path) -> None:
    text = """invoice,customer,date,item,n,price
1,K1,2024-05-01 08:00,cup,2,3.50
2,K2,2024-05-02 09:00,pan,1,20
1,K1,2024-05-01 08:01,pot,1,10.25
C3,K1,2024-05-03 10:00,cup,-1,3.50
1,K1,2024-05-01 08:00,cup,2,3.50
4,K4,2024-05-03,lid,x,1
4,K4,2024-05-03,lid,1,1
,K4,2024-05-03,lid,1,1
"""
    rules = """
customer: {customer_id: customer}
group_by: invoice
events:
  - type: order.refunded
    when: {invoice: {starts_with: C}}
    at: date
    fields: {order_id: invoice, amount: {sum: {multiply: [n, price], negate: true}}}
  - type: order.placed
    when: {invoice: {not: {starts_with: C}}}
    at: date
    fields:
      order_id: invoice
      amount: {sum: {multiply: [n, price]}}
      quantity: {sum: n}
      product: {largest: item, by: {multiply: [n, price]}}
      lines: {count: rows}
      items: {distinct: item}
      cheapest: {min: price}
      dearest: {max: price}
      last: {last: item}
"""
    outcome = load(put(tmp_path, text), rules)
    assert outcome.tally.types == {"order.placed": 2, "order.refunded": 1}
    assert outcome.tally.amounts == {"order.placed": "44.25", "order.refunded": "3.50"}
    assert (outcome.tally.groups, outcome.tally.duplicates) == (4, 1)
    first = events("order.placed")[0]
    assert fields(first) == {
        "order_id": "1",
        "quantity": 5,
        "product": "pot",
        "lines": 3,
        "items": 2,
        "cheapest": 3.5,
        "dearest": 10.25,
        "last": "cup",
    }
    # All lines of the broken order are refused together, and the line without a number.
    assert sorted(line for line, _ in outcome.examples) == [7, 8, 9]
    assert load(put(tmp_path, text, "b.csv"), rules).tally.repeated == 3


def test_several_events_from_one_row_and_profiles_on_change(tmp_path: Path) -> None:
    text = """id,name,joined,first,last,city
K1,王芳,2020-01-01,2020-02-01,2024-05-01,上海
K2,李雷,2021-01-01,,,北京
K1,王芳,,,2024-05-02,上海
K1,王芳,,,2024-05-03,杭州
"""
    rules = """
customer: {customer_id: id}
events:
  - {type: customer.registered, at: joined, optional: true}
  - {type: order.placed, at: first, optional: true}
  - {type: order.placed, at: last, optional: true}
profile:
  at: {column: last, blank: ["-"]}
  optional: true
  fields: {city: city, full_name: name}
"""
    outcome = load(put(tmp_path, text), rules)
    assert outcome.tally.types == {
        "customer.registered": 2,
        "order.placed": 4,
        "customer.profiled": 2,
    }
    assert [fields(event)["city"] for event in events("customer.profiled")] == ["上海", "杭州"]
    assert "full_name" not in fields(events("customer.profiled")[0])  # it is in the vault


def test_an_event_type_by_the_text_of_a_column(tmp_path: Path) -> None:
    text = (
        "id,at,what\nK1,2024-01-01,won\nK2,2024-01-02,lost\nK3,2024-01-03,?\nK4,2024-01-04,open\n"
    )
    rules = """
customer: {customer_id: id}
events:
  - type: {column: what, values: {won: order.placed, lost: order.cancelled, open: skip}}
    at: at
"""
    outcome = load(put(tmp_path, text), rules)
    assert outcome.tally.types == {"order.placed": 1, "order.cancelled": 1}
    assert (outcome.tally.unmapped, outcome.tally.refused) == (1, 1)
    assert "no event type for “?”" in outcome.examples[0][1].en


def test_a_column_used_as_event_types(tmp_path: Path) -> None:
    text = "id,at,what\nK1,2024-01-01,order.placed\nK2,2024-01-02,dance.danced\nK3,2024-01-02,\n"
    rules = "customer: {customer_id: id}\nevents: [{type: {column: what}, at: at}]\n"
    outcome = load(put(tmp_path, text), rules)
    assert outcome.tally.types == {"order.placed": 1, "dance.danced": 1}
    assert outcome.tally.refused == 1
    assert any("dance.danced" in key for key in outcome.tally.warnings)


def test_files_that_join_report_broken_keys(tmp_path: Path) -> None:
    put(tmp_path, "product,series\nGTX Pro,GTX\nMG ２,MG\nGTX Pro,again\n", "products.csv")
    text = "id,at,product\n1,2024-01-01,gtx  pro\n2,2024-01-01,GTXPro\n"
    text += "3,2024-01-01,MG 2\n4,2024-01-01,\n"
    rules = """
customer: {customer_id: id}
join:
  - {file: products.csv, on: product}
events: [{type: order.placed, at: at, fields: {category: series, product: product}}]
"""
    path = put(tmp_path, text, "sales.csv")
    outcome = load(path, rules)
    assert [fields(event).get("category") for event in events()] == ["GTX", None, "MG", None]
    assert outcome.tally.broken_keys == [("products.csv", "GTXPro", 1, "GTX Pro")]
    assert "repeat" in outcome.notes[0].en
    mended = load(path, rules.replace("on: product", "on: product, values: {GTXPro: GTX Pro}"))
    assert mended.tally.broken_keys == []
    strict = load(path, rules.replace("on: product", "on: product, missing: refuse"))
    assert "did you mean GTX Pro" in strict.examples[0][1].en


def test_a_file_to_join_that_is_not_there(tmp_path: Path) -> None:
    put(tmp_path, "product,series\n", "products.csv")
    rules = ORDERS_MAP + "join: {file: product.csv, on: order}\n"
    with pytest.raises(TenureError, match=r"did you mean products\.csv"):
        load(put(tmp_path, ORDERS), rules)


def test_anonymous_rows_are_kept_and_counted(tmp_path: Path) -> None:
    text = ORDERS + "A8,,2024-05-08,1\nA9,null,2024-05-08,1\n"
    outcome = load(put(tmp_path, text))
    assert outcome.tally.accepted == 5
    assert outcome.tally.anonymous == 1
    assert [event.identifier_id for event in events()[3:]] == [None, None]
    assert any("stands for nobody" in key for key in outcome.tally.warnings)


def test_rows_left_out_on_purpose_are_counted_with_the_reason(tmp_path: Path) -> None:
    rules = ORDERS_MAP + (
        "skip:\n  - {when: {amount: {above: 1000}}, because: {zh: 太大, en: too large}}\n"
    )
    outcome = load(put(tmp_path, ORDERS), rules)
    assert outcome.tally.skipped == {"太大\ntoo large": 1}
    assert outcome.tally.accepted == 2


def test_foreign_money_by_the_rate_of_the_map(tmp_path: Path) -> None:
    path = put(tmp_path, ORDERS.replace("20\n", "$20\n"))
    refused = load(path, ORDERS_MAP + "currency: USD\n")
    assert refused.tally.refused == 3
    assert "exchange rate" in refused.examples[0][1].en
    outcome = load(path, ORDERS_MAP + "currency: USD\nexchange_rate: 7.1\n")
    assert outcome.tally.accepted == 3
    assert events()[1].amount_e4 == 1_420_000
    euro = load(path, ORDERS_MAP + "currency: EUR\nexchange_rate: 8\n")
    assert "“$20” is not in EUR" in euro.examples[0][1].en


def test_days_and_months_in_order_get_their_years(tmp_path: Path) -> None:
    text = "day,month\n5,may\n20,dec\n1,jan\n3,mar\n2,feb\n"
    rules = """
customer: {customer_id: {line_number: bank-}}
events: [{type: call.made, at: {parts: [day, month], year_from: 2008}}]
"""
    load(put(tmp_path, text), rules)
    days = [str(event.local_date) for event in events()]
    assert days == ["2008-05-05", "2008-12-20", "2009-01-01", "2009-03-03", "2010-02-02"]


def test_values_are_replaced_blanked_and_prefixed(tmp_path: Path) -> None:
    text = "id,at,chan,n,flag,born\n7,2024-01-01,w,3.0,yes,1.2.1990\n8,2024-01-01,unknown,,,\n"
    rules = """
customer: {customer_id: {column: id, prefix: m-}}
events:
  - type: order.placed
    at: at
    fields:
      channel: {column: chan, values: {w: web}, blank: [unknown]}
      quantity: n
      is_trial: flag
      reason: {constant: import}
profile:
  fields: {birth_date: {column: born, format: dmy}}
"""
    load(put(tmp_path, text), rules)
    assert [fields(event) for event in events("order.placed")] == [
        {"channel": "web", "quantity": 3, "is_trial": True, "reason": "import"},
        {"reason": "import"},
    ]
    assert Identifier.objects.filter(value="m-7").exists()


def test_a_row_with_two_events_is_refused_whole(tmp_path: Path) -> None:
    text = "id,a,b\nK1,2024-01-01,2031-01-01\nK2,2024-01-01,2024-01-02\n"
    rules = """
customer: {customer_id: id}
events: [{type: order.placed, at: a}, {type: order.paid, at: b}]
"""
    outcome = load(put(tmp_path, text), rules)
    assert (outcome.tally.accepted, outcome.tally.refused) == (2, 1)
    assert {event.type for event in events()} == {"order.placed", "order.paid"}
    assert len(events()) == 2
    assert not DeadLetter.objects.exists()


def test_a_workbook_is_imported_like_a_text_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [["order", "customer", "date", "amount"], ["A1", 1001, "2024-05-01", 10.5]]:
        book.active.append(row)
    path = tmp_path / "orders.xlsx"
    book.save(path)
    assert load(path).tally.amounts == {"order.placed": "10.5"}
    assert Identifier.objects.get().value == "1001"


def test_a_header_alone_is_an_import_of_nothing(tmp_path: Path) -> None:
    outcome = load(put(tmp_path, "order,customer,date,amount\n"))
    assert (outcome.tally.rows, outcome.tally.accepted) == (0, 0)
    assert imports()[0].status == "finished"


def test_text_no_database_can_hold_is_refused_and_reported(tmp_path: Path) -> None:
    lines = [
        '{"order": "A\\u0000", "customer": "K1", "date": "2024-05-01", "amount": 1}',
        '{"order": "\\ud800", "customer": "K1", "date": "2024-05-01", "amount": 1}',
        '{"order": "fine", "customer": "K\\u0000", "date": "2024-05-01", "amount": 1e999}',
        '{"order": "fine", "customer": "K2", "date": "2024-05-01", "amount": true}',
        '{"order": "fine", "customer": "K2", "date": "2024-05-01", "amount": 123456789012345678}',
        '{"order": "fine", "customer": "K2", "date": "2024-05-01", "amount": 0.1}',
        '{"order": "fine", "customer": "K2", "date": [1], "amount": 0.1}',
    ]
    outcome = load(put(tmp_path, "\n".join(lines), "orders.jsonl"))
    assert outcome.tally.accepted == 1
    assert sorted(line for line, _ in outcome.examples) == [1, 2, 3, 4, 5, 7]
    assert outcome.report is not None
    assert "fine" in outcome.report.read_text("utf-8-sig", errors="replace")


def test_a_mended_report_is_read_as_such_whatever_the_map_says_of_the_file(tmp_path: Path) -> None:
    rules = """
read: {format: fixed_width, encoding: gbk, header: 0, columns: [day, much, note]}
customer: {customer_id: {line_number: n-}}
events: [{type: order.placed, at: {column: day, format: yyyymmdd}, fields: {amount: much}}]
"""
    path = put(tmp_path, "19970101 5 好\n19971301 6 坏\n19970103 7 好\n", encoding="gbk")
    outcome = load(path, rules)
    assert (outcome.tally.accepted, outcome.tally.refused) == (2, 1)
    assert outcome.report is not None
    mended = put(
        tmp_path, outcome.report.read_text("utf-8").replace("19971301", "19970131"), "m.csv"
    )
    assert load(mended, rules).tally.accepted == 1
    known = set(Identifier.objects.values_list("value", flat=True))
    assert known == {"n-1", "n-2", "n-3"}  # the line is that of the original file


def test_a_report_is_not_enough_where_years_follow_from_the_order_of_rows(tmp_path: Path) -> None:
    rules = "events: [{type: call.made, at: {column: day, year_from: 2008}}]\n"
    outcome = load(put(tmp_path, "day,n\n1 may,1\nx,2\n"), rules)
    assert outcome.report is not None
    with pytest.raises(CannotImportError, match="in the original file"):
        load(outcome.report, rules)


def test_a_file_joined_by_the_wrong_column_is_told_of_in_few_words(tmp_path: Path) -> None:
    """Each of many keys without a match is neither compared with all others nor listed."""
    put(tmp_path, "product,series\n" + "".join(f"P{n},S\n" for n in range(3_000)), "products.csv")
    text = "id,at,product\n" + "".join(f"{n},2024-01-01,Q{n}\n" for n in range(3_000))
    rules = """
customer: {customer_id: id}
join:
  - {file: products.csv, on: product, missing: refuse}
events: [{type: order.placed, at: at, fields: {category: series}}]
"""
    outcome = load(put(tmp_path, text, "sales.csv"), rules)
    assert outcome.tally.refused == 3_000
    assert len(outcome.tally.broken_keys) == 100
    assert {near for *_, near in outcome.tally.broken_keys} == {""}


def test_keys_of_several_columns_are_not_mixed_up(tmp_path: Path) -> None:
    text = "a,b,id,at\nx|y,z,K1,2024-01-01\nx,y|z,K1,2024-01-01\n"
    rules = "key: [a, b]\ncustomer: {customer_id: id}\nevents: [{type: order.placed, at: at}]\n"
    assert load(put(tmp_path, text), rules).tally.accepted == 2
