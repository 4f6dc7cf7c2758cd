from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from rich.cells import cell_len

from tenure.cli import screen
from tenure.cli.language import choose_language
from tenure.words import Words

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(params=["zh", "en"])
def spoken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    choose_language(request.param)
    return str(request.param)


def test_chinese_columns_stay_aligned(spoken: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("潜在客群", "1,204"), ("New", "7"), ("流失", "12,345")]
    screen.table(
        [(Words(zh="阶段", en="Stage"), "left"), (Words(zh="客户", en="Customers"), "right")], rows
    )
    lines = [
        line for line in capsys.readouterr().out.splitlines() if any(r[0] in line for r in rows)
    ]
    assert len({cell_len(line.rstrip()) for line in lines}) == 1
    assert all(cell_len(line) <= 80 for line in lines)


def test_what_was_left_out_is_counted(spoken: str, capsys: pytest.CaptureFixture[str]) -> None:
    screen.table([("x", "left")], [("a",)], more=1234)
    assert {"zh": "还有 1,234 行", "en": "and 1,234 more"}[spoken] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("share", "cells"), [(0, 0), (0.0001, 1), (0.5, 4), (0.55, 5), (1, 8), (7, 8)]
)
def test_bars_are_as_long_as_their_share(share: float, cells: int) -> None:
    bar = screen.bar(share, width=8)
    assert len(bar.plain) == 8
    assert len(bar.plain.rstrip()) == cells


def test_numbers_dates_and_amounts(spoken: str) -> None:
    assert screen.count(1234567) == "1,234,567"
    assert screen.count(None) == screen.UNKNOWN
    assert screen.change(-1200).plain == "−1,200"
    assert screen.percent(0.1234) == "12.3%"
    assert screen.amount(Decimal("1234.5"), "CNY") == "1,234.50 CNY"
    assert screen.long_date(date(2024, 5, 1)) == {"zh": "2024年5月1日", "en": "1 May 2024"}[spoken]
    assert screen.days(1.04) == {"zh": "1.0 天", "en": "1.0 days"}[spoken]
    late = datetime(2024, 4, 30, 16, 5, tzinfo=UTC)
    assert screen.short_date(late, ZONE) == "2024-05-01"
    assert screen.short_moment(late, ZONE) == "2024-05-01 00:05"


def test_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    screen.print_json({"name": Words(zh="新", en="New"), "share": 0.5, "day": date(2024, 5, 1)})
    decoded = msgspec.json.decode(capsys.readouterr().out)
    assert decoded == {"name": {"zh": "新", "en": "New"}, "share": 0.5, "day": "2024-05-01"}
