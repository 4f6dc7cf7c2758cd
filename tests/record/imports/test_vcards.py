"""Business cards: three versions, old encodings, several to a file; a map that just works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tenure.definitions import load_pack
from tenure.record.events.models import Event
from tenure.record.imports.operations import import_file
from tenure.record.imports.operations.agreeing import guess_of
from tenure.record.imports.operations.guessing import Choices
from tenure.record.imports.operations.needs import publish_needed, types_of
from tenure.record.imports.operations.reading import open_table
from tenure.record.library.operations import publish
from tests.record.shop import NOW, TESTER

OLD = b"""BEGIN:VCARD
VERSION:2.1
N;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=C0=EE;=C0=D7;;;
FN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=C0=EE=C0=D7
TEL;WORK:010-62345678
TEL;CELL;VOICE:13912345678
EMAIL;INTERNET:li@example.com
ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;=E4=B8=AD=E5=85=B3=E6=9D=91=
1=E5=8F=B7;=E5=8C=97=E4=BA=AC;;100080;
ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=98=9F=E6=B2=B3;=E9=94=80=E5=94=AE
BDAY:19900102
PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQSkZJRgABAQ
 AAAQABAAD/2wBDAAgGBgcG

REV:20240501T100000Z
END:VCARD
"""
UNNAMED = b"""BEGIN:VCARD
VERSION:2.1
FN;ENCODING=QUOTED-PRINTABLE:=BA=AB=C3=B7
TEL:13712345678
REV:2024-05-01
END:VCARD
"""
THREE = """BEGIN:VCARD
VERSION:3.0
N:Doe;Jane;Q.;Dr.;
FN:Dr. Jane Q. Doe
ORG:Acme\\, Inc.;R&D
TITLE:Engineer
item1.TEL;type=CELL;type=pref:+86 139 0013 9111
EMAIL;TYPE=INTERNET:jane@example.com
NOTE:line one\\nline two
REV:2024-05-01T10:00:00+08:00
END:VCARD
"""
FOUR = """begin:vcard
VERSION:4.0
FN:王芳
TEL;VALUE=uri;TYPE="cell,voice":tel:+8613612345678
BDAY:--0412
ADR:;;西湖路 9 号;杭州;浙江;310000;中国
REV:20240501T100000Z
END:VCARD
"""


def rows_of(path: Path) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    table = open_table(path)
    refused: list[tuple[int, str]] = []
    rows = list(table.rows(lambda line, _cells, why: refused.append((line, why.en))))
    return [dict(zip(table.columns, cells, strict=True)) for _, cells in rows], refused


def test_cards_of_every_version_are_rows(tmp_path: Path) -> None:
    path = tmp_path / "contacts.vcf"
    path.write_bytes(OLD + UNNAMED + THREE.encode() + FOUR.encode())
    (old, unnamed, three, four), refused = rows_of(path)
    assert not refused
    assert (old["full_name"], old["family_name"], old["given_name"]) == ("李雷", "李", "雷")
    assert (old["phone"], old["phone_2"]) == ("13912345678", "010-62345678")
    assert (old["works_at"], old["department"]) == ("星河", "销售")
    assert (old["address"], old["city"], old["postal_code"]) == ("中关村1号", "北京", "100080")
    assert (old["birthday"], old["card_date"]) == ("1990-01-02", "2024-05-01T10:00:00+00:00")
    assert unnamed["full_name"] == "韩梅"
    assert (three["works_at"], three["job_title"]) == ("Acme, Inc.", "Engineer")
    assert (three["remark"], three["phone"]) == ("line one line two", "+86 139 0013 9111")
    assert (four["full_name"], four["phone"], four["birthday"]) == (
        "王芳", "+8613612345678", None,
    )  # fmt: skip
    assert (four["city"], four["province"], four["country"]) == ("杭州", "浙江", "中国")
    assert any("photos" in words.en for words in open_table(path).notes)


def test_a_file_in_gbk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.vcf"
    path.write_bytes(FOUR.replace("VERSION:4.0", "VERSION:3.0").encode("gbk"))
    [card], _ = rows_of(path)
    assert (card["full_name"], card["city"]) == ("王芳", "杭州")


@pytest.mark.parametrize(
    "broken",
    ["BEGIN:VCARD\nVERSION:3.0\nFN:half", "BEGIN:VCARD\nno colon\nEND:VCARD\n", "stray line\n"],
)
def test_broken_cards_are_refused_and_the_others_go_on(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "c.vcf"
    path.write_text(FOUR + broken)
    rows, refused = rows_of(path)
    assert len(rows) + len(refused) == 2
    assert rows[0]["full_name"] == "王芳"


@pytest.mark.django_db(transaction=True)
def test_the_guessed_map_of_cards_just_works(tmp_path: Path, settings: Any) -> None:
    settings.TENURE_HOME = tmp_path
    publish(load_pack("core"), note="test", by=TESTER, at=NOW)
    path = tmp_path / "名片.vcf"
    nobody = "BEGIN:VCARD\nVERSION:3.0\nFN:Nobody\nREV:2024-05-01\nEND:VCARD\n"
    path.write_bytes(OLD + THREE.encode() + FOUR.encode() + nobody.encode())
    _, guess, _ = guess_of(path, Choices(), base_currency="CNY")
    assert guess.questions == []
    map_ = guess.map("cards.yaml")
    publish_needed(types_of(map_), by=TESTER, at=NOW)
    for accepted in (8, 0):
        outcome = import_file(path, map_, by=TESTER, at=NOW, language="en")
        tally = outcome.tally
        assert (tally.rows, tally.refused, tally.accepted) == (4, 0, accepted)
        assert sum(tally.skipped.values()) == 1
    assert sorted(Event.objects.values_list("type", flat=True)) == [
        *["customer.profiled"] * 3, *["lead.created"] * 3, *["organisation.joined"] * 2,
    ]  # fmt: skip
    lead = Event.objects.filter(type="lead.created").first()
    assert lead is not None
    assert "business_card" in str(lead.properties)
