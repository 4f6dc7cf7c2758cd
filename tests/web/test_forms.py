"""Pages on which forms are made: built, published, shared, undone; spam decided by people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tenure.guard.trail.models import AuditEntry
from tenure.record.forms.models import Submission
from tenure.record.library.queries import current_library, versions
from tests.web.forms import load, open_forms, publish_form, send, token
from tests.web.house import Enter, enter

__all__ = ["enter"]
pytestmark = pytest.mark.django_db
DRAFT = {
    "title_zh": "展会登记", "title_en": "At the fair", "party": "person", "language": "en",
    "row": ["0", "1"], "field": ["full_name", "phone"], "label_zh": ["姓名", ""],
    "label_en": ["Name", ""], "help_zh": ["", ""], "help_en": ["", ""], "choices": ["", ""],
    "required": ["0", "1"], "consent_row": ["0"], "purpose": ["marketing"],
    "consent_channel": ["sms"], "text_zh": ["同意"], "text_en": ["I agree"], "version": ["1"],
    "title-zh": "登记有礼", "title-en": "Sign in, get a gift", "campaign": "expo",
    "channel": "exhibition", "hourly_limit": "200", "sites": "https://fair.example\n",
    "registration": "1", "rest": "{}", "revision": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> Path:
    open_forms(tmp_path, settings)
    return tmp_path


def test_built_published_and_undone(enter: Enter) -> None:
    client = enter("marketing", "en")
    assert client.post("/forms/new/", {"key": "Expo", "name": "x"}).status_code == 400
    begun = client.post("/forms/new/", {"key": "expo", "name": "At the fair"})
    assert begun.headers["Location"] == "/forms/expo/edit/"
    assert client.post("/forms/expo/save/", DRAFT).status_code == 302
    page = client.get("/forms/expo/edit/").content.decode()
    assert "Sign in, get a gift" in page
    assert "Publish as version 1" in page
    assert client.post("/forms/expo/publish/", {"seen": "0", "note": ""}).status_code == 400
    client.post("/forms/expo/publish/", {"seen": "0", "note": "for the fair"})
    form = current_library()[0].forms["expo"]
    assert (form.campaign, form.hourly_limit, form.sites) == (
        "expo",
        200,
        ("https://fair.example",),
    )
    assert [one.field for one in form.fields if one.required] == ["full_name", "phone"]
    assert form.consents[0].channel == "sms"
    shared = client.get("/forms/expo/").content.decode()
    assert "/f/expo/?embed=1" in shared
    assert "data-tenure-form" in shared
    client.post("/forms/expo/save/", DRAFT | {"campaign": "other"})
    client.post("/forms/expo/publish/", {"seen": "1", "note": "again"})
    client.post("/forms/expo/back/", {"number": "1", "note": "it was right"})
    assert [one.number for one in versions("form", "expo")] == [1, 2, 3]
    assert current_library()[0].forms["expo"].campaign == "expo"
    assert AuditEntry.objects.filter(action="definition.published", about="form:expo").count() == 3


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("down:0", ["phone", "full_name"]),
        ("up:1", ["phone", "full_name"]),
        ("remove:0", ["phone"]),
        ("add", ["full_name", "phone", "email"]),
        ("add-consent", ["full_name", "phone"]),
        ("consent-remove:0", ["full_name", "phone"]),
    ],
)
def test_moved_by_buttons(enter: Enter, do: str, order: list[str]) -> None:
    client = enter("marketing")
    client.post("/forms/new/", {"key": "expo", "name": "x"})
    client.post("/forms/expo/save/", DRAFT | {"do": do, "add_field": "email"})
    page = client.get("/forms/expo/edit/")
    form = page.context["form"]
    assert [one.field for one in form.fields] == order
    agreed = {"add-consent": 2, "consent-remove:0": 0}.get(do, 1)
    assert len(form.consents) == agreed


def test_switched_off_and_on(enter: Enter) -> None:
    client = enter("marketing", "zh")
    assert "启用" in client.get("/forms/note/").content.decode()
    client.post("/forms/note/switch/", {"wanted": "closed"})
    client.post("/forms/note/switch/", {"wanted": "closed"})
    assert current_library()[0].forms["note"].closed
    assert "停止接收" in Client().get("/f/note/").content.decode()
    client.post("/forms/note/switch/", {"wanted": "open"})
    assert [one.number for one in versions("form", "note")] == [1, 2, 3]


def test_spam_is_decided_by_a_person(enter: Enter, house: Path) -> None:
    client = enter("data_administrator", "en")
    send(Client(), website="x")
    send(Client(), website="y", **{"a-phone": "13900001111"})
    assert not load(house)
    page = client.get("/forms/note/held/").content.decode()
    assert "do not see" in page
    assert "13900001111" in page  # a data administrator reads phones
    first, second = Submission.objects.order_by("id")
    for _ in range(2):
        client.post("/forms/note/held/decide/", {"id": first.pk, "wanted": "in"})
    client.post("/forms/note/held/decide/", {"id": second.pk, "wanted": "gone"})
    assert len(load(house)) == 3
    assert "Nothing is held" in client.get("/forms/note/held/").content.decode()
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "form.released", "form.deleted",
    }  # fmt: skip


def test_held_answers_are_masked_by_right(enter: Enter) -> None:
    client = enter("marketing", "en")
    send(Client(), website="x")
    page = client.get("/forms/note/held/").content.decode()
    assert "138 0013 8001" not in page
    shown = client.post("/forms/note/held/", {"show": "1"}).content.decode()
    assert "138 0013 8001" in shown
    assert "想了解春季新品" not in shown  # marketing may reveal phones, not remarks
    assert AuditEntry.objects.filter(action="form.held_shown").count() == 1


def test_the_code_to_print_and_the_list(enter: Enter) -> None:
    client = enter("marketing", "zh")
    code = client.get("/forms/note/qr.svg?utm_source=qr")
    assert code.headers["Content-Type"] == "image/svg+xml"
    assert b"<path" in code.content
    Client().get("/f/note/")
    send(Client())
    listed = client.get("/forms/").content.decode()
    assert "留言" in listed
    assert "100.0%" in listed
    assert "Shown, 30 days" in enter("marketing", "en").get("/forms/").content.decode()


@pytest.mark.parametrize("role", ["sales", "analyst"])
def test_only_by_right(enter: Enter, role: str) -> None:
    client = enter(role)
    for address in ("/forms/", "/forms/new/", "/forms/note/", "/forms/note/edit/"):
        assert client.get(address).status_code == 403
    assert client.post("/forms/note/switch/", {"wanted": "closed"}).status_code == 403


def test_managing_forms_publishes_nothing_else(enter: Enter) -> None:
    client = enter("marketing")
    assert client.get("/definitions/lifecycle/x/edit/").status_code in {403, 404}
    publish_form("challenge: true")
    send(Client(), token=token(version=2))
    assert Submission.objects.get().status == "held"
