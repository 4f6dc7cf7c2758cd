"""Real files through the terminal's door: the figures of each folder's README must come out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.real_data.house import MAPS, RealHouse, total

pytestmark = [pytest.mark.real_data, pytest.mark.slow]
_CUSTOMERS = "SELECT count(DISTINCT identifier_id) FROM events_event WHERE type = 'order.placed'"


def test_online_retail(real_data: Path, tmp_path: Path) -> None:
    house = RealHouse(tmp_path / "home", "GBP")
    path = real_data / "online_retail" / "online_retail.csv.gz"
    tally = house.load(path, "online_retail")["tally"]
    assert tally["rows"] == 541_909
    assert tally["groups"] == 25_900
    assert tally["duplicates"] == 5_268
    assert tally["refused"] == 0
    kept = total(tally, "order.placed") - total(tally, "order.refunded")
    assert kept - total(tally, "cost.incurred") == Decimal("9747747.934")
    # 1,336 lines below zero that are no cancellations, all with price 0.
    assert list(tally["skipped"].values()) == [1_336]
    assert tally["types"]["order.refunded"] == 3_836
    lines = "SELECT sum(properties ->> 'lines') FROM events_event"
    assert house.one(f"{lines} WHERE type = 'order.refunded'") == 9_288
    assert house.one(lines) == 541_909 - 1_336
    assert house.one("SELECT count(DISTINCT identifier_id) FROM events_event") == 4_372
    anonymous = f"{lines} WHERE identifier_id IS NULL"
    assert house.one(anonymous) == 135_080 - 1_336
    assert house.one("SELECT sum(amount_e4) FROM events_event WHERE type = 'order.placed'") == int(
        total(tally, "order.placed") * 10_000
    )


def test_cdnow(real_data: Path, tmp_path: Path) -> None:
    house = RealHouse(tmp_path / "home", "USD")
    path = real_data / "cdnow" / "CDNOW_master.txt.gz"
    tally = house.load(path, "cdnow")["tally"]
    assert tally["types"] == {"order.placed": 69_659}
    assert tally["duplicates"] == 255
    assert total(tally, "order.placed") == Decimal("2500315.63")
    assert house.one(_CUSTOMERS) == 23_570
    assert house.one("SELECT sum(properties ->> 'quantity') FROM events_event") == 167_881
    assert house.one("SELECT min(local_date) || max(local_date) FROM events_event") == (
        "1997-01-011998-06-30"
    )
    again = house.load(path, "cdnow")["tally"]
    assert (again["accepted"], again["repeated"]) == (0, 69_659)


def test_loan_applications(real_data: Path, tmp_path: Path) -> None:
    house = RealHouse(tmp_path / "home", "EUR")
    path = real_data / "loan_applications_bpi2012" / "bpi2012_events.parquet"
    tally = house.load(path, "loan_applications")["tally"]
    assert tally["rows"] == 262_200
    assert tally["types"]["loan.applied"] == 13_087
    assert tally["types"]["loan.declined"] == 7_635
    assert tally["types"]["loan.cancelled"] == 2_807
    assert tally["types"]["loan.disbursed"] == 2_246
    assert house.one("SELECT count(DISTINCT identifier_id) FROM events_event") == 13_087
    house.derive("personal_loans")
    # Declined applicants stand at the beginning again, 399 applications are still open.
    assert house.stages("personal_loans", "2012-03-16") == {
        "awareness_interest": 7_635,
        "consideration_purchase": 399,
        "use": 2_246,
        "loyalty": 0,
        "leave": 2_807,
    }


def test_hospital_patients(real_data: Path, tmp_path: Path) -> None:
    house = RealHouse(tmp_path / "home", "EUR")
    path = real_data / "hospital_patients_bpi2011" / "hospital_events.parquet"
    tally = house.load(path, "hospital_patients")["tally"]
    assert tally["rows"] == 150_291
    events = sum(count for kind, count in tally["types"].items() if kind != "customer.profiled")
    assert events == 150_291
    assert house.one("SELECT count(DISTINCT identifier_id) FROM events_event") == 1_143
    # Days of Amsterdam fall on the same days in the organisation's zone, Shanghai.
    days = house.one("SELECT min(local_date) || max(local_date) FROM events_event")
    assert days == "2005-01-032008-03-20"
    house.derive("patients")
    stages = house.stages("patients", "2008-03-21")
    assert sum(stages.values()) == 1_143
    assert stages["aware"] == 0  # every patient of the file has been there
    assert stages["in_treatment"] > 0
    assert stages["lost_to_followup"] > 0


def test_crm_sales_opportunities(real_data: Path, tmp_path: Path) -> None:
    house = RealHouse(tmp_path / "home", "USD")
    folder = real_data / "crm_sales_opportunities"
    tally = house.load(folder / "sales_pipeline.csv", "crm_sales")["tally"]
    assert tally["rows"] == 8_800
    assert tally["types"]["opportunity.opened"] == 8_300
    assert tally["types"]["opportunity.won"] == 4_238
    assert tally["types"]["opportunity.lost"] == 2_473
    assert tally["types"]["customer.profiled"] == 85
    assert tally["unmapped"] == 500
    assert tally["broken_keys"] == []
    house.say("definitions", "apply", "b2b", "--note", "tests")
    house.derive("b2b_macro")
    # The first deals are won on 1 March 2017; by the end of the year every account came back.
    before = house.stages("b2b_macro", "2017-02-28")
    assert before["opportunity_customer"] == sum(before.values()) == 85
    after = house.stages("b2b_macro", "2018-01-01")
    assert after["repurchase"] == sum(after.values()) == 85


def test_broken_keys_are_reported_with_the_nearest(real_data: Path, tmp_path: Path) -> None:
    house = RealHouse(tmp_path / "home", "USD")
    text = (MAPS / "crm_sales.yaml").read_text("utf-8").replace("{GTXPro: GTX Pro}", "{}")
    plain = tmp_path / "map.yaml"
    plain.write_text(text, "utf-8")
    path = real_data / "crm_sales_opportunities" / "sales_pipeline.csv"
    answer = house.say("import", str(path), "--map", str(plain), "--dry-run")
    [broken] = answer["tally"]["broken_keys"]
    assert (broken[0], broken[1], broken[3]) == ("products.csv", "GTXPro", "GTX Pro")
    assert broken[2] > 1_000


def test_bank_marketing(real_data: Path, tmp_path: Path) -> None:
    house = RealHouse(tmp_path / "home", "EUR")
    path = real_data / "bank_marketing" / "bank-full.csv.gz"
    tally = house.load(path, "bank_marketing")["tally"]
    assert tally["types"]["call.made"] == 45_211
    assert tally["types"]["order.placed"] == 5_289
    assert house.one("SELECT count(DISTINCT identifier_id) FROM events_event") == 45_211
    assert house.one("SELECT min(local_date) || max(local_date) FROM events_event") == (
        "2008-05-052010-11-17"
    )
    house.say("definitions", "apply", "call_centre", "--note", "tests")
    house.derive("call_centre_five_stages")
    stages = house.stages("call_centre_five_stages", "2010-11-18")
    assert sum(stages.values()) == 45_211
    assert stages["contact"] == 45_211 - 5_289  # who declined stays where they were
