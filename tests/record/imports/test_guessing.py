from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tenure.definitions import Library
from tenure.record.imports.operations.guessing import Guess, guess_map
from tenure.record.imports.operations.reading import open_table

from .files import events, fields, load, put, vocabulary


def guessed(folder: Path, header: str, rows: Sequence[str], encoding: str = "utf-8") -> Guess:
    path = put(folder, "\n".join([header, *rows]) + "\n", encoding=encoding)
    return guess_map(open_table(path), Library.of(vocabulary()), base_currency="CNY")


def test_a_plain_order_file_in_chinese(tmp_path: Path) -> None:
    guess = guessed(
        tmp_path,
        "订单编号,会员号,手机号,下单时间,实付金额,渠道,性别",
        ["D1,M1,13812345678,2024/5/1 8:30,￥12.50,微信,女", "D2,M2,13912345678,2024/5/2,8,门店,男"],
    )
    assert guess.document == {
        "customer": {"member_no": "会员号", "phone": "手机号"},
        "events": [
            {
                "type": "order.placed",
                "at": "下单时间",
                "fields": {"order_id": "订单编号", "amount": "实付金额", "channel": "渠道"},
            }
        ],
        "profile": {"fields": {"gender": "性别"}},
    }
    assert not guess.questions


def test_lines_of_orders_are_grouped_and_negatives_become_refunds(tmp_path: Path) -> None:
    rows = ["1,A,2,2024-05-01,3.5,u1", "1,B,1,2024-05-01,9,u1", "2,A,-2,2024-05-03,3.5,u1"]
    guess = guessed(
        tmp_path, "InvoiceNo,Description,Quantity,InvoiceDate,UnitPrice,CustomerID", rows
    )
    assert guess.document["group_by"] == "InvoiceNo"
    refund, order = guess.document["events"]
    assert refund["when"] == {"Quantity": {"below": 0}}
    assert refund["fields"]["amount"]["sum"]["negate"] is True
    assert order["fields"]["product"]["by"] == {"multiply": ["Quantity", "UnitPrice"]}
    assert order["when"] == {"Quantity": {"not": {"below": 0}}}


def test_a_row_per_customer_with_several_dates(tmp_path: Path, library: None) -> None:
    text = (
        "客户编号,姓名,注册日期,首次下单日期\nK1,王芳,2024-01-02,2024-02-03\nK2,李雷,2024-01-05,\n"
    )
    path = put(tmp_path, text)
    guess = guess_map(open_table(path), Library.of(vocabulary()), base_currency="CNY")
    outcome = load(path, guess.text())
    assert outcome.tally.types == {
        "customer.registered": 2,
        "order.placed": 1,
        "customer.profiled": 2,
    }
    assert outcome.tally.refused == 0


def test_day_and_month_are_asked_for_and_the_answer_fills_the_map(tmp_path: Path) -> None:
    guess = guessed(tmp_path, "userid,date,amount", ["u1,01/05/2024,3", "u2,02/06/2024,4"])
    [question] = guess.questions
    guess.answer(question, question.choices[1][1])
    assert guess.document["events"][0]["at"] == {"column": "date", "format": ["mdy"]}
    assert not guess.questions


def test_a_day_above_twelve_beyond_the_sample_decides(tmp_path: Path) -> None:
    rows = [f"u{n},0{n % 9 + 1}/0{n % 7 + 1}/2024,3" for n in range(10_500)] + ["u1,25/12/2024,3"]
    guess = guessed(tmp_path, "userid,date,amount", rows)
    assert not guess.questions
    assert guess.document["events"][0]["at"] == {"column": "date", "format": ["dmy"]}


def test_a_column_of_event_names(tmp_path: Path) -> None:
    guess = guessed(
        tmp_path,
        "客户id,时间,事件",
        ["1,2024-01-01,注册", "1,2024-01-02,下单", "1,2024-01-03,跳舞"],
    )
    assert guess.document["events"][0]["type"] == {
        "column": "事件",
        "values": {"注册": "customer.registered", "下单": "order.placed"},
    }
    assert "跳舞" in guess.problems[0].zh


def test_a_column_of_event_types_is_used_as_it_is(tmp_path: Path) -> None:
    guess = guessed(
        tmp_path, "user_id,time,event", ["1,2024-01-01,order.placed", "1,2024-01-02,order.paid"]
    )
    assert guess.document["events"][0]["type"] == {"column": "event"}


def test_what_cannot_be_guessed_is_asked(tmp_path: Path) -> None:
    guess = guessed(tmp_path, "userid,date,colour", ["1,2024-01-01,red", "2,2024-01-02,blue"])
    assert [question.path for question in guess.questions] == [("events", 0, "type")]
    nowhere = guessed(tmp_path, "a,b", ["x,y", "z,w"])
    paths = {question.path for question in nowhere.questions}
    assert paths == {("events", 0, "type"), ("events", 0, "at")}
    assert "anonymous" in nowhere.problems[0].en


def test_foreign_money_needs_a_rate(tmp_path: Path) -> None:
    guess = guessed(tmp_path, "userid,date,amount", ["1,2024-01-01,€5", "2,2024-01-02,€6"])
    assert guess.document["currency"] == "EUR"
    assert "exchange_rate" in guess.problems[0].en


def test_decimal_commas_and_mixed_dates(tmp_path: Path, library: None) -> None:
    rows = [
        "u1;2024-05-01;1.234,50",
        "u2;2024年5月2日;8,00",
        "u3;20240503;12,5",
        "u4;31/05/2024;1,00",
    ]
    path = put(tmp_path, "\n".join(["userid;date;amount", *rows]) + "\n")
    guess = guess_map(open_table(path), Library.of(vocabulary()), base_currency="CNY")
    assert guess.document["events"][0]["fields"]["amount"] == {"column": "amount", "decimal": ","}
    assert guess.document["events"][0]["at"]["format"] == ["ymd", "dmy", "yyyymmdd"]
    outcome = load(path, guess.text())
    assert outcome.tally.refused == 0
    assert outcome.tally.amounts == {"order.placed": "1256.00"}
    assert [str(event.local_date) for event in events("order.placed")] == [
        "2024-05-01",
        "2024-05-02",
        "2024-05-03",
        "2024-05-31",
    ]
    assert fields(events()[0]) == {}


def test_one_odd_amount_of_a_small_file_drops_no_column(tmp_path: Path) -> None:
    rows = ["u1,2024-05-01,3.50", "u2,2024-05-02,abc", "u3,2024-05-03,8"]
    guess = guessed(tmp_path, "userid,date,amount", rows)
    assert guess.document["events"][0]["fields"]["amount"] == "amount"
    assert "currency" not in guess.document
    assert any("no numbers" in problem.en for problem in guess.problems)


def test_only_codes_of_money_are_currencies(tmp_path: Path) -> None:
    pieces = guessed(tmp_path, "userid,date,amount", ["u1,2024-05-01,3 PCS", "u2,2024-05-02,4"])
    assert "currency" not in pieces.document
    dollars = guessed(tmp_path, "userid,date,amount", ["u1,2024-05-01,3 USD", "u2,2024-05-02,4"])
    assert dollars.document["currency"] == "USD"
