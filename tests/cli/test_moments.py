from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tenure.cli.moments import MomentError, end_of, start_of

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)  # already 11 March in Shanghai


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2024-05-01", "2024/5/1", "2024年5月1日", "2024.05.01", " 2024-05-01 "]
)
def test_a_bare_date_is_a_whole_day_of_the_organisation(text: str) -> None:
    assert start_of(text, zone=ZONE, at=AT, where="--from") == utc("2024-04-30T16:00")
    assert end_of(text, zone=ZONE, at=AT, where="--to") == utc("2024-05-01T15:59:59.999999")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01T13:45", "2024-05-01T05:45"),
        ("2024-05-01 13:45:10", "2024-05-01T05:45:10"),
        ("2024-05-01T13:45Z", "2024-05-01T13:45"),
        ("2024-05-01T13:45+02:00", "2024-05-01T11:45"),
    ],
)
def test_a_moment_is_exact(text: str, moment: str) -> None:
    assert start_of(text, zone=ZONE, at=AT, where="--from") == utc(moment)
    assert end_of(text, zone=ZONE, at=AT, where="--to") == utc(moment)


def test_today_is_today_where_the_organisation_is() -> None:
    assert start_of("today", zone=ZONE, at=AT, where="--from") == utc("2026-03-10T16:00")
    assert start_of("昨天", zone=ZONE, at=AT, where="--from") == utc("2026-03-09T16:00")


@pytest.mark.parametrize(
    "text", ["", "soon", "2024-13-01", "2024-02-30", "01/05/2024", "2024年2月30日"]
)
def test_what_is_no_date_is_told_with_its_place(text: str) -> None:
    with pytest.raises(MomentError) as refused:
        end_of(text, zone=ZONE, at=AT, where="--as-of")
    assert refused.value.words.en.startswith(f"--as-of: cannot read “{text}”")
    assert "2024-05-01" in refused.value.words.zh
