"""The pages of tokens and services."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.guard.access.models import ApiToken, Service
from tenure.guard.access.operations import ensure_roles, make_account
from tenure.guard.access.queries import token_shown
from tests.web.house import Enter, enter

__all__ = ["enter"]
pytestmark = pytest.mark.django_db
ASKED = {"name": "Sync", "scopes": ["customer.view"], "reads": ["name"], "life": "30"}


def made_in(answer: object) -> str:
    [token] = re.findall(r'value="(tn_[\w-]+)"', answer.content.decode())  # type: ignore[attr-defined]
    return str(token)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_token_is_made_shown_once_and_revoked(enter: Enter, language: str) -> None:
    client = enter("sales", language)
    answer = client.post("/settings/tokens/", ASKED)
    token = made_in(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    known = token_shown(token, now())
    assert known is not None
    assert known.rights.reads == {"name"}
    listed = client.get("/settings/tokens/").content.decode()
    assert token not in listed
    assert f"tn_…{token[-4:]}" in listed
    [row] = ApiToken.objects.all()
    client.post(f"/settings/tokens/{row.pk}/revoke")
    assert token_shown(token, now()) is None
    said = client.get("/settings/tokens/").content.decode()
    assert ("已撤销" if language == "zh" else "Revoked") in said


def test_only_own_rights_can_be_given(enter: Enter) -> None:
    client = enter("sales")
    assert "definition.publish" not in client.get("/settings/tokens/").content.decode()
    wide = {**ASKED, "scopes": ["definition.publish"]}
    assert client.post("/settings/tokens/", wide).status_code == 400
    assert not ApiToken.objects.exists()


def test_another_persons_token_is_not_revoked(enter: Enter) -> None:
    made = made_in(enter("sales").post("/settings/tokens/", ASKED))
    [row] = ApiToken.objects.all()
    other = enter("analyst")
    assert other.post(f"/settings/tokens/{row.pk}/revoke").status_code == 403
    assert token_shown(made, now()) is not None
    assert other.get("/settings/services/").status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_service_from_end_to_end(enter: Enter, language: str) -> None:
    admin = enter("administrator", language)
    ensure_roles(by=SYSTEM, at=now())
    added = admin.post("/settings/services/", {"name": "Till", "roles": ["analyst"]})
    service = Service.objects.get()
    address = f"/settings/services/{service.pk}/"
    assert added.headers["Location"] == address
    token = made_in(admin.post(address, {**ASKED, "reads": []}))
    assert "Till" in admin.get("/settings/services/").content.decode()
    admin.post(f"{address}change", {"on": "0"})
    known = token_shown(token, now())
    assert known is not None
    assert not known.rights.grants
    admin.post(f"{address}change", {"on": "1"})
    admin.post(f"{address}change", {"roles": ["executive"]})
    assert [role.key for role in service.roles.all()] == ["executive"]
    [row] = ApiToken.objects.all()
    back = admin.post(f"/settings/tokens/{row.pk}/revoke", {"service": str(service.pk)})
    assert back.headers["Location"] == address
    assert admin.get("/settings/services/77/").status_code == 400


def test_everybody_logged_in_has_the_page(client: Client) -> None:
    assert client.get("/settings/tokens/").status_code == 302
    number = make_account(email="n@example.com", name="N", roles=[], by=SYSTEM, at=now())
    client.force_login(get_user_model().objects.get(pk=number))
    assert client.get("/settings/tokens/").status_code == 200
