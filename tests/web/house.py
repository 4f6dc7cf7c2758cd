"""A house for tests of pages: the first pack, a lake of its own, people of every role."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.definitions import load_pack
from tenure.guard.access.operations import make_account
from tenure.record.library.operations import publish

Enter = Callable[..., Client]


def open_first(tmp_path: Path, settings: Any, *packs: str) -> None:
    """Publish the first pack (and others) into an empty house below ``tmp_path``."""
    settings.TENURE_HOME = tmp_path
    for pack in ("core", *packs):
        publish(load_pack(pack), note="test", by=SYSTEM, at=now())


@pytest.fixture
def enter() -> Enter:
    """``enter("sales", language="zh")``: a client logged in as somebody with a role."""

    def as_(role: str = "data_administrator", language: str = "en") -> Client:
        email = f"{role}-{language}@example.com"
        found = get_user_model().objects.filter(email=email).first()
        if found is None:
            number = make_account(email=email, name="Li Lei", roles=[role], by=SYSTEM, at=now())
            found = get_user_model().objects.get(pk=number)
            found.language = language
            found.save()
        client = Client()
        client.force_login(found)
        return client

    return as_
