from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.record.imports.operations.reading import ReadOptions, open_table

from .files import put, read

EIGHT = datetime.fromisoformat("2024-05-01T08:30")
MIDNIGHT = datetime.fromisoformat("2024-05-02")
CHINESE = "订单号,客户,金额\n甲1,张三,12.50\n甲2,李四,8.00\n甲3,欧阳娜娜,199\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_chinese_files_are_read_in_the_encodings_people_save(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path, CHINESE, encoding=encoding)
    assert open_table(path).columns == ("订单号", "客户", "金额")
    rows, refused = read(path)
    assert rows[2] == (4, ["甲3", "欧阳娜娜", "199"])
    assert not refused


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_seen(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path, "id,name,amount\n" + "1,anna,2\n" * 20, encoding=encoding)
    assert read(path)[0][0] == (2, ["1", "anna", "2"])


def test_western_files_are_not_taken_for_chinese(tmp_path: Path) -> None:
    text = "id;Straße;Ort\n" + "1;Königsstraße 3;München\n2;Größe;Zürich\n" * 10
    assert read(put(tmp_path, text, encoding="latin-1"))[0][0][1][1] == "Königsstraße 3"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    text = "\n".join(mark.join(row) for row in [["id", "when", "much"], ["1", "2024-01-02", "3"]])
    table = open_table(put(tmp_path, text))
    assert table.options.delimiter == mark
    assert table.columns == ("id", "when", "much")


def test_quotes_line_breaks_and_windows_line_ends(tmp_path: Path) -> None:
    text = 'id,note\r\n1,"a, ""b""\r\nsecond line"\r\n2,plain\r\n'
    rows, refused = read(put(tmp_path, text))
    assert rows == [(2, ["1", 'a, "b"\nsecond line']), (4, ["2", "plain"])]
    assert not refused


def test_old_mac_line_ends(tmp_path: Path) -> None:
    assert read(put(tmp_path, "id,n\r1,2\r3,4\r"))[0] == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_a_quote_left_open_costs_one_line(tmp_path: Path) -> None:
    text = 'id,note\n1,fine\n2,"open\n3,fine\n4,"closed"\n5,fine\n'
    rows, refused = read(put(tmp_path, text))
    assert [cells[0] for _, cells in rows] == ["1", "3", "4", "5"]
    assert [line for line, _ in refused] == [3]


def test_a_quote_left_open_at_the_end_of_a_long_file(tmp_path: Path) -> None:
    text = 'id,note\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, 3000))
    rows, refused = read(put(tmp_path, text))
    assert len(rows) == 2998
    assert [line for line, _ in refused] == [2]


def test_rows_of_another_width_are_refused_and_blank_ones_passed_over(tmp_path: Path) -> None:
    text = "id,a,b\n1,2,3\n\n1,2\n,,\n1,2,3,4\n1,2,3,,\n"
    rows, refused = read(put(tmp_path, text))
    assert rows == [(2, ["1", "2", "3"]), (7, ["1", "2", "3"])]
    assert refused == [(4, "2 cells, the header has 3"), (6, "4 cells, the header has 3")]


def test_bytes_that_do_not_fit_are_pointed_at_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = "".join(f"{n},王芳,好\n" for n in range(1000))
    path = tmp_path / "mixed.csv"
    path.write_bytes(("id,name,note\n" + good).encode() + "x,张伟,坏\ny,ok,ok\n".encode("gbk"))
    rows, refused = read(path)
    assert len(rows) == 1001
    assert rows[-1] == (1003, ["y", "ok", "ok"])
    assert refused[0][0] == 1002
    assert "byte 0xD5" in refused[0][1]
    assert "utf-8" in refused[0][1]


def test_an_ascii_start_does_not_decide_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    plain = b"id,name\n" + b"1,anna\n" * 200_000
    path.write_bytes(plain + "2,张伟明李晓红\n".encode("gbk") * 100_000)
    assert open_table(path).options.encoding == "gb18030"


def test_nul_in_a_later_row_is_refused(tmp_path: Path) -> None:
    text = "id,name\n" + "1,a\n" * 300_000 + "2,b\x00c\n3,d\n"
    rows, refused = read(put(tmp_path, text))
    assert len(rows) == 300_001
    assert [line for line, _ in refused] == [300_002]


def test_gzip_is_read_through(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(CHINESE.encode("gbk")))
    assert len(read(path)[0]) == 3


def test_repeated_and_blank_column_names_get_names_of_their_own(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "id,id,,x\n1,2,3,4\n"))
    assert table.columns == ("id", "id (2)", "column_3", "x")
    assert "repeats" in table.notes[0].en


def test_title_lines_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "2024 年订单导出,,,\n导出时间：今天,,,\n订单号,客户,日期,金额\n1,甲,2024-01-01,5\n"
    table = open_table(put(tmp_path, text))
    assert table.columns == ("订单号", "客户", "日期", "金额")
    assert read(put(tmp_path, text))[0] == [(4, ["1", "甲", "2024-01-01", "5"])]


def test_a_file_without_header(tmp_path: Path) -> None:
    path = put(tmp_path, "1,2024-01-01,5.00\n2,2024-01-02,6.00\n")
    assert open_table(path).columns == ("column_1", "column_2", "column_3")
    named = ReadOptions(columns=("who", "when", "much"))
    assert open_table(path, named).columns == ("who", "when", "much")
    assert len(read(path, named)[0]) == 2


def test_columns_aligned_with_spaces(tmp_path: Path) -> None:
    text = " id  date      n   value\n 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n"
    rows, refused = read(put(tmp_path, text, "cd.txt"))
    assert rows == [
        (2, ["00001", "19970101", "1", "11.77"]),
        (3, ["00002", "19970112", "5", "77.00"]),
    ]
    assert not refused


def test_columns_of_given_widths(tmp_path: Path) -> None:
    options = ReadOptions(format="fixed_width", widths=(3, 8), columns=("id", "day"), header=0)
    assert read(put(tmp_path, "00119970101\n00219970102\n"), options)[0][1] == (
        2,
        ["002", "19970102"],
    )


def test_workbooks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["订单", None, None])
    sheet.append(["订单号", "日期", "金额"])
    sheet.append(["A1", EIGHT, 12.5])
    sheet.append([None, None, None])
    sheet.append(["A2", MIDNIGHT, 8])
    book.create_sheet("别的")
    path = tmp_path / "orders.csv"  # by content, whatever the name says
    book.save(path)
    table = open_table(path)
    assert table.columns == ("订单号", "日期", "金额")
    assert "别的" in table.notes[0].zh
    assert read(path)[0] == [
        (3, ["A1", EIGHT, 12.5]),
        (5, ["A2", MIDNIGHT, 8]),
    ]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["a", None], "n": [1, 2]}), path)
    assert read(path)[0] == [(1, ["a", 1]), (2, [None, 2])]


def test_json_lines_with_inner_objects(tmp_path: Path) -> None:
    lines = [
        json.dumps({"user": {"id": "u1"}, "n": 1}),
        "not json",
        "[1]",
        json.dumps({"n": 2, "tags": ["a"]}),
    ]
    path = put(tmp_path, "\n".join(lines), "events.jsonl")
    assert open_table(path).columns == ("user.id", "n", "tags")
    rows, refused = read(path)
    assert rows == [(1, ["u1", 1, None]), (4, [None, 2, '["a"]'])]
    assert [line for line, _ in refused] == [2, 3]


def test_an_array_of_objects(tmp_path: Path) -> None:
    objects = [{"id": 1, "at": "2024-05-01"}, {"id": 2}]
    for indent in (None, 2):
        path = put(tmp_path, json.dumps(objects, indent=indent), "events.json")
        assert read(path)[0] == [(1, [1, "2024-05-01"]), (2, [2, None])]


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    table = open_table(put(tmp_path, "much;more\n1,5;2,5\n3,5;4,5\n"))
    assert (table.options.delimiter, table.columns) == (";", ("much", "more"))


def test_a_line_for_excel_before_the_header(tmp_path: Path) -> None:
    assert read(put(tmp_path, "sep=;\nid;n\n1;2\n"))[0] == [(3, ["1", "2"])]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff"), max_size=8),
            min_size=3,
            max_size=3,
        ).filter(lambda row: any(cell for cell in row)),
        max_size=8,
    )
)
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("csv") / "t.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([["一", "二", "三"], *rows])
    options = ReadOptions(delimiter=",", encoding="utf-8", header=1)
    found, refused = read(path, options)
    assert not refused
    assert [cells for _, cells in found] == rows
