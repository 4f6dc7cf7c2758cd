"""Notes, files, relations and consent: written, changed, taken back, as of."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tenure.definitions import load_pack
from tenure.derive.customers.operations import merge_customers
from tenure.derive.customers.operations.attaching import (
    LARGEST_FILE,
    attach_file,
    clean_name,
    media_type_of,
    open_file,
    remove_file,
)
from tenure.derive.customers.operations.consenting import give_consent, withdraw_consent
from tenure.derive.customers.operations.noting import edit_note, remove_note, write_note
from tenure.derive.customers.operations.profiling_records import StatementError
from tenure.derive.customers.operations.relating import relate_customers, unrelate_customers
from tenure.derive.customers.queries.consents import consents_in
from tenure.derive.customers.queries.notes import files_of, notes_of
from tenure.derive.customers.queries.profile_log import customer_log
from tenure.derive.customers.queries.relations import relations_in
from tenure.derive.lifecycles.operations import tick
from tenure.guard.access.queries import actor_of
from tenure.record.events.operations import IncomingEvent, record_events
from tenure.record.library.operations import publish
from tests.derive.company import TESTER, fresh_house, known
from tests.derive.steps import START
from tests.derive.test_profile import staff

NOW = START + timedelta(days=10)
MINUTE = timedelta(minutes=1)
PDF = b"%PDF-1.7\nhello"


@pytest.fixture
def people(db: None) -> Iterator[list[int]]:
    """Three people and three companies."""
    with fresh_house():
        publish(load_pack("core"), note="profiles", by=TESTER, at=START)
        phones = [("phone", f"+861390000111{n}") for n in range(3)]
        firms = [("account_no", f"A{n}") for n in range(3)]
        record_events(
            [
                IncomingEvent("customer.registered", START, identifiers={kind: value})
                for kind, value in (*phones, *firms)
            ],
            source="shop",
            by=TESTER,
            at=START,
        )
        yield [known(one) for one in (*phones, *firms)]


def test_a_note_is_written_edited_and_removed(people: list[int]) -> None:
    ann = people[0]
    number = write_note(ann, " 喜欢红茶 ", by=TESTER, at=NOW)
    edit_note(ann, number, "喜欢绿茶", by=TESTER, at=NOW + MINUTE)
    [note] = notes_of(ann, viewer=TESTER)
    assert (note.text, note.edited_at, note.mine) == ("喜欢绿茶", NOW + MINUTE, True)
    [before] = notes_of(ann, viewer=TESTER, as_of=NOW)
    assert (before.text, before.edited_at) == ("喜欢红茶", None)
    remove_note(ann, number, by=TESTER, at=NOW + 2 * MINUTE)
    assert notes_of(ann, viewer=TESTER) == []
    assert len(notes_of(ann, viewer=TESTER, as_of=NOW + MINUTE)) == 1
    with pytest.raises(StatementError, match="no longer there"):
        edit_note(ann, number, "again", by=TESTER, at=NOW + 3 * MINUTE)
    with pytest.raises(StatementError, match="needs some text"):
        write_note(ann, "  ", by=TESTER, at=NOW)
    with pytest.raises(StatementError, match="at most 20,000"):
        write_note(ann, "x" * 20_001, by=TESTER, at=NOW)


def test_a_note_of_another_is_masked_and_not_changed(people: list[int]) -> None:
    ann = people[0]
    number = write_note(ann, "secret", by=TESTER, at=NOW)
    account = staff([], ["other"])
    viewer = actor_of(account)
    [note] = notes_of(ann, viewer=viewer)
    assert (note.text, note.hidden) == ("", True)
    [note] = notes_of(ann, viewer=viewer, revealing=frozenset({"other"}))
    assert note.text == "secret"
    account.roles.update(grants={"customer.view": "team", "customer.edit": "team"})
    own = write_note(ann, "mine", by=TESTER, at=NOW)
    assert own != number


def test_a_relation_is_told_on_both_sides(people: list[int]) -> None:
    ann, bo, _, firm, *_ = people
    relate_customers(ann, bo, "referrer", by=TESTER, at=NOW)
    relate_customers(ann, firm, "company", by=TESTER, at=NOW + MINUTE)
    assert [(one.kind.key, one.other_id) for one in relations_in(customer_log(ann))] == [
        ("referrer", bo),
        ("company", firm),
    ]
    [inverse] = relations_in(customer_log(bo))
    assert (inverse.kind.key, inverse.other_id) == ("referred", ann)
    [contact] = relations_in(customer_log(firm))
    assert contact.kind.key == "contact"
    unrelate_customers(bo, ann, "referred", by=TESTER, at=NOW + 2 * MINUTE)
    assert [one.kind.key for one in relations_in(customer_log(ann))] == ["company"]
    assert len(relations_in(customer_log(ann, as_of=NOW + MINUTE))) == 2
    with pytest.raises(StatementError, match="no longer related"):
        unrelate_customers(bo, ann, "referred", by=TESTER, at=NOW + 3 * MINUTE)


def test_what_makes_no_relation_is_refused(people: list[int]) -> None:
    ann, bo, *_ = people
    relate_customers(ann, bo, "family", by=TESTER, at=NOW)
    with pytest.raises(StatementError, match="already"):
        relate_customers(bo, ann, "family", by=TESTER, at=NOW + MINUTE)
    with pytest.raises(StatementError, match="themselves"):
        relate_customers(ann, ann, "family", by=TESTER, at=NOW + MINUTE)
    with pytest.raises(StatementError, match="no relation rival"):
        relate_customers(ann, bo, "rival", by=TESTER, at=NOW + MINUTE)


def test_a_company_never_stands_above_itself(people: list[int]) -> None:
    *_, one, two, three = people
    relate_customers(one, two, "parent", by=TESTER, at=NOW)
    relate_customers(three, two, "subsidiary", by=TESTER, at=NOW)
    with pytest.raises(StatementError, match="circle"):
        relate_customers(two, one, "parent", by=TESTER, at=NOW)
    unrelate_customers(two, three, "parent", by=TESTER, at=NOW + MINUTE)
    relate_customers(two, three, "parent", by=TESTER, at=NOW + 2 * MINUTE)
    with pytest.raises(StatementError, match="circle"):
        relate_customers(three, one, "parent", by=TESTER, at=NOW + 2 * MINUTE)


def test_relations_follow_a_merge(people: list[int]) -> None:
    ann, bo, cy, *_ = people
    relate_customers(ann, cy, "family", by=TESTER, at=NOW)
    merge_customers(bo, cy, reason="same", by=TESTER, at=NOW)
    tick(at=NOW)
    [one] = relations_in(customer_log(ann))
    assert one.other_id == min(bo, cy)
    merge_customers(ann, bo, reason="same", by=TESTER, at=NOW + MINUTE)
    tick(at=NOW + MINUTE)
    assert relations_in(customer_log(min(ann, bo, cy))) == []


def test_consent_stands_by_purpose_and_channel(people: list[int]) -> None:
    ann = people[0]
    end = (NOW + timedelta(days=5)).date()
    give_consent(ann, "marketing", channel="sms", by=TESTER, at=NOW)
    give_consent(ann, "marketing", channel="email", expires_on=end, by=TESTER, at=NOW)
    found = consents_in(customer_log(ann, as_of=NOW), as_of=NOW)
    assert [(one.channel, one.given, one.expires_on) for one in found] == [
        ("email", True, end),
        ("sms", True, None),
    ]
    later = consents_in(
        customer_log(ann, as_of=NOW + timedelta(days=9)), as_of=NOW + timedelta(days=9)
    )
    assert [(one.given, one.expired) for one in later] == [(False, True), (True, False)]
    withdraw_consent(ann, "marketing", reason="too many", by=TESTER, at=NOW + MINUTE)
    found = consents_in(customer_log(ann, as_of=NOW + MINUTE), as_of=NOW + MINUTE)
    assert {one.channel: one.given for one in found} == {"": False, "email": False, "sms": False}
    with pytest.raises(StatementError, match="name the purpose"):
        give_consent(ann, " ", by=TESTER, at=NOW)
    with pytest.raises(StatementError, match="is past"):
        give_consent(ann, "x", expires_on=START.date(), by=TESTER, at=NOW)


def test_a_file_is_kept_for_its_owner_only(
    people: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    ann = people[0]
    number = attach_file(ann, "C:\\docs\\合同 <1>.pdf", PDF, by=TESTER, at=NOW)
    [file] = files_of(ann, viewer=TESTER)
    assert (file.id, file.name, file.media_type) == (number, "合同 1.pdf", "application/pdf")
    [path] = [p for p in Path(settings.TENURE_HOME, "attachments").rglob("*") if p.is_file()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert open_file(ann, number, by=TESTER, at=NOW)[1] == PDF
    with pytest.raises(StatementError, match="no longer there"):
        open_file(people[1], number, by=TESTER, at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(ann, number, by=TESTER, at=NOW + MINUTE)
    assert not path.exists()
    assert files_of(ann, viewer=TESTER) == []
    with pytest.raises(StatementError, match="no longer there"):
        open_file(ann, number, by=TESTER, at=NOW + MINUTE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"x" * (LARGEST_FILE + 1), "larger than 20 MB"),
        (b"MZ\x90\x00program", "not kept"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "not kept"),
        (b"<svg onload=x>", "not kept"),
    ],
)
def test_files_that_are_not_kept(people: list[int], content: bytes, said: str) -> None:
    with pytest.raises(StatementError, match=said):
        attach_file(people[0], "a.pdf", content, by=TESTER, at=NOW)
    assert not Path(settings.TENURE_HOME, "attachments").exists()


def test_a_file_is_what_it_holds_not_what_it_is_called() -> None:
    sheet = b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml"
    assert media_type_of(sheet) is not None
    assert media_type_of(b"PK\x03\x04 any other archive") is None
    assert media_type_of("备注".encode()) == media_type_of("备注".encode("gb18030")) == "text/plain"
    assert media_type_of(b"RIFF1234WEBPVP8 ") == "image/webp"
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("...") == "file"
